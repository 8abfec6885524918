import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { DuetError } from '../../errors.js';
import { chatMessages } from './chat-messages.js';
import type { Engine, RequestOptions } from './engine/engine.js';
import { estimateOf, type EstimateParts } from './engine/estimate.js';
import type { Situation } from './situation.js';

/**
 * What a remote model says about a situation, as it comes. Nothing comes if it has nothing to say. Throws
 * 'refused' if it refuses, and what asking throws. Thoughts that a model prints are not told.
 */
export async function* words(
  engine: Engine,
  situation: Situation,
  { maxTokens, parts, ...options }: WordsOptions,
): AsyncGenerator<string, WordsEnd, undefined> {
  const body = { messages: chatMessages(situation, rules, asked), ...engine.sampling(maxTokens) };
  const estimate = estimateOf(situation, parts, { output: maxTokens, more: [rules, asked] });
  const said = new SaidSoFar();
  let end: WordsEnd = { reason: 'completed', tokens: 0 };
  for await (const chunk of engine.stream(body, { ...options, estimate })) {
    const choice = chunk.choices[0];
    if (isRefusal(choice)) throw new DuetError('refused', `the model ${engine.name.model} refused to reply`);
    const delta = choice?.delta.content ?? '';
    // An engine that does not count its tokens mostly sends one at a time.
    const counted = chunk.usage?.completion_tokens ?? end.tokens + (delta === '' ? 0 : 1);
    end = { reason: choice?.finish_reason === 'length' ? 'length' : end.reason, tokens: counted };
    const text = said.add(delta);
    if (text !== '') yield text;
    // An engine may ignore the limit.
    if (counted > 2 * maxTokens) return { reason: 'length', tokens: maxTokens };
  }
  const rest = said.end();
  if (rest !== '') yield rest;
  return end;
}

/** How words are asked for. */
type WordsOptions = Omit<RequestOptions, 'estimate'> & {
  readonly maxTokens: number;
  readonly parts: EstimateParts;
};

/** How they ended. */
interface WordsEnd {
  readonly reason: 'completed' | 'length';
  readonly tokens: number;
}

const nothing = 'NOTHING';

const rules =
  'You watch with the user and speak only when there is something to say. Reply in one or two short sentences ' +
  'about the newest picture, in the language of the request that you answer. Never repeat what you have said. ' +
  `If there is nothing new to say and nothing to answer, reply with the word ${nothing} only.`;

const asked = 'What do you say to the user now?';

/** Holds back what may yet turn out to be nothing, a thought, or half a character. */
class SaidSoFar {
  #raw = '';
  #told = 0;

  /** Adds what came; returns what can be told of it now. */
  add(delta: string): string {
    this.#raw += delta;
    const text = withoutThought(this.#raw);
    if (text === null || nothing.startsWith(text.trim()) || isNothing(text)) return '';
    const whole = /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
    return this.#tell(whole);
  }

  /** The rest, when nothing more comes. */
  end(): string {
    const text = withoutThought(this.#raw) ?? '';
    return isNothing(text) ? '' : this.#tell(text);
  }

  #tell(text: string): string {
    const fresh = text.slice(this.#told);
    this.#told = text.length;
    return fresh;
  }
}

function isNothing(text: string): boolean {
  return /^[\s"'*]*(?:NOTHING)?[\s"'*.!]*$/.test(text);
}

/** The text behind a thought that it begins with; null while that goes on. */
function withoutThought(text: string): string | null {
  const begun = text.trimStart();
  const mark = '<think>';
  if (begun !== '' && begun.length < mark.length && mark.startsWith(begun)) return null;
  if (!begun.startsWith(mark)) return begun;
  const end = begun.indexOf('</think>');
  return end === -1 ? null : begun.slice(end + '</think>'.length).trimStart();
}

function isRefusal(choice: ChatCompletionChunk['choices'][number] | undefined): boolean {
  const { refusal } = choice?.delta ?? {};
  return choice?.finish_reason === 'content_filter' || (typeof refusal === 'string' && refusal !== '');
}
