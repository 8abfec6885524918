import { createHash } from 'node:crypto';
import type { JudgeCase, Rubric } from '../../judge.js';
import { prompts } from './prompts.js';
import { longestField, quoteField } from './quoted-field.js';
import { firstForm, replyRoomOf, type RequestForm } from './request-form.js';

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
  form: RequestForm,
  judgeCase: JudgeCase,
  rubric: Rubric,
): BuiltRequest {
  const { instructions, demonstrations } = prompts[rubric];
  const shown = demonstrations.flatMap((example): ChatMessage[] => [
    { role: 'user', content: labelledFields(example).text },
    { role: 'assistant', content: String(example.rating) },
  ]);
  const asked = labelledFields(judgeCase);
  const talk: ChatMessage[] = [...shown, { role: 'user', content: asked.text }];
  const messages = form.systemRole
    ? [{ role: 'system', content: instructions } as const, ...talk]
    : talk.map((message, index) =>
        index === 0 ? { ...message, content: `${instructions}\n\n${message.content}` } : message,
      );
  return { body: { model, messages, ...samplingOf(form) }, cutTexts: asked.cutTexts };
}

/**
 * SHA-256 over everything that shapes a request but the case and the name of the model. What a service makes
 * of it - the form it is asked in when it refuses the first one - follows from these, the model and the
 * address.
 */
export function promptHashOf(model: string, maxTokens: number | null): string {
  // Shows how fields are quoted and cut.
  const probe: JudgeCase = { question: '', gold: '<[|]>\u2028', prediction: 'x'.repeat(longestField + 1) };
  const room = replyRoomOf(maxTokens);
  const form = firstForm(model, room);
  const shapes = (['agreement', 'coverage'] as const).map(
    (rubric) => chatRequest('', form, probe, rubric).body.messages,
  );
  const parts = JSON.stringify([shapes, samplingOf(form), ...(room.most === room.first ? [] : [room.most])]);
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

function samplingOf({
  temperature,
  limitName,
  tokens,
}: RequestForm): Pick<ChatRequest, 'temperature' | 'max_tokens' | 'max_completion_tokens'> {
  return {
    ...(temperature ? { temperature: 0 } : {}),
    ...(limitName === null ? {} : { [limitName]: tokens }),
  };
}
