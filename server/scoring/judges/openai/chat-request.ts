import { createHash } from 'node:crypto';
import type { JudgeCase, Rubric } from '../judge.js';
import { prompts } from './prompts.js';
import { longestField, quoteField } from './quoted-field.js';

/** One message of a chat. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The body of a chat-completions request. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: ChatMessage[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** A request and how many of its texts were cut. */
export interface BuiltRequest {
  readonly body: ChatRequest;
  readonly cutTexts: number;
}

/** The request for one case: the rubric, a few rated examples, then the case as labelled, quoted fields. */
export function chatRequest(
  model: string,
  maxTokens: number,
  judgeCase: JudgeCase,
  rubric: Rubric,
): BuiltRequest {
  const { instructions, demonstrations } = prompts[rubric];
  const shown = demonstrations.flatMap((example): ChatMessage[] => [
    { role: 'user', content: labelledFields(example).text },
    { role: 'assistant', content: String(example.rating) },
  ]);
  const asked = labelledFields(judgeCase);
  const messages: ChatMessage[] = [
    { role: 'system', content: instructions },
    ...shown,
    { role: 'user', content: asked.text },
  ];
  return { body: { model, messages, ...samplingOf(model, maxTokens) }, cutTexts: asked.cutTexts };
}

/** SHA-256 over everything that shapes a request but the case and the name of the model. */
export function promptHashOf(model: string, maxTokens: number): string {
  // Shows how fields are quoted and cut.
  const probe: JudgeCase = { question: '', gold: '<[|]>\u2028', prediction: 'x'.repeat(longestField + 1) };
  const shapes = (['agreement', 'coverage'] as const).map(
    (rubric) => chatRequest('', maxTokens, probe, rubric).body.messages,
  );
  const parts = JSON.stringify([shapes, samplingOf(model, maxTokens)]);
  return createHash('sha256').update(parts).digest('hex');
}

function labelledFields({ question, gold, prediction }: JudgeCase): {
  readonly text: string;
  readonly cutTexts: number;
} {
  const fields = [quoteField(question), quoteField(gold), quoteField(prediction)] as const;
  return {
    text: `Question: ${fields[0].quoted}\nGround truth: ${fields[1].quoted}\nPrediction: ${fields[2].quoted}`,
    cutTexts: fields.filter((field) => field.cut).length,
  };
}

/** Tokens a model that thinks before it answers may take for both. */
const thinkingTokens = 4096;

/** Models that think refuse a temperature and the older name of the limit; many local servers know only that name. */
function samplingOf(
  model: string,
  maxTokens: number,
): Pick<ChatRequest, 'temperature' | 'max_tokens' | 'max_completion_tokens'> {
  if (thinks(model)) return { max_completion_tokens: Math.max(maxTokens, thinkingTokens) };
  return { temperature: 0, max_tokens: maxTokens };
}

/** The most tokens a reply of the model may have. */
export function replyLimit(model: string, maxTokens: number): number {
  const { max_tokens, max_completion_tokens } = samplingOf(model, maxTokens);
  return max_tokens ?? max_completion_tokens ?? maxTokens;
}

function thinks(model: string): boolean {
  return /^(?:o\d|gpt-5(?!.*chat))/.test(model);
}
