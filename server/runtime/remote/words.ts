import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { DuetError } from '../../errors.js';
import { chatMessages } from './chat-messages.js';
import type { ChatBody, Engine, RequestOptions } from './engine/engine.js';
import { estimateOf, type EstimateParts } from './engine/estimate.js';
import type { ReplySchema } from './place/model-file.js';
import type { Situation } from './situation.js';

/**
 * What a remote model says about a situation, as it comes. Nothing comes if it has nothing to say. Throws
 * 'refused' if it refuses, and what asking throws. Thoughts that a model prints are not told.
 */
export async function* words(
  engine: Engine,
  situation: Situation,
  options: WordsOptions,
): AsyncGenerator<string, WordsEnd, undefined> {
  for (;;) {
    const cut = engine.pictures.cut(situation);
    try {
      return yield* wordsAbout(engine, cut, options);
    } catch (thrown) {
      // Such a refusal comes before the first word.
      if (!engine.pictures.learn(thrown, cut.pictures.length)) throw thrown;
    }
  }
}

async function* wordsAbout(
  engine: Engine,
  situation: Situation,
  { maxTokens, parts, schema, ...options }: WordsOptions,
): AsyncGenerator<string, WordsEnd, undefined> {
  const form = schema === null ? inWords : inJson(schema);
  const body = {
    ...{ messages: chatMessages(situation, form.rules, asked), ...engine.sampling(maxTokens) },
    ...form.fields,
  };
  const more = [form.rules, asked, JSON.stringify(form.fields)];
  const estimate = estimateOf(situation, parts, { output: maxTokens, more });
  const said = schema === null ? new SaidSoFar() : new SaidAsJson(engine.name.model);
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
  /** The JSON Schema that a reply is to follow; null for plain words. */
  readonly schema: ReplySchema | null;
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

const inWords: ReplyForm = { rules, fields: {} };

/** How a reply is asked for. */
interface ReplyForm {
  readonly rules: string;
  /** What goes into the body of the request. */
  readonly fields: Pick<ChatBody, 'response_format'>;
}

function inJson(schema: ReplySchema): ReplyForm {
  return {
    rules:
      'You watch with the user. Reply about the newest picture with JSON that follows the schema, texts in the ' +
      'language of the request that you answer. If there is nothing new to say and nothing to answer, leave ' +
      'every text empty.',
    fields: { response_format: { type: 'json_schema', json_schema: { name: 'reply', schema } } },
  };
}

/** Takes a reply in JSON, which says nothing before it is whole. */
class SaidAsJson {
  readonly #model: string;
  #raw = '';

  constructor(model: string) {
    this.#model = model;
  }

  add(delta: string): string {
    this.#raw += delta;
    return '';
  }

  /** The reply in one line; nothing if all of its texts are empty. Throws 'model_failed' if it is no JSON. */
  end(): string {
    const said = (withoutThought(this.#raw) ?? '').replaceAll(/^\s*```(?:json)?|```\s*$/g, '');
    if (said.trim() === '') return '';
    try {
      const value: unknown = JSON.parse(said);
      return saysSomething(value) ? JSON.stringify(value) : '';
    } catch {
      throw new DuetError('model_failed', `the model ${this.#model} did not reply in JSON`, {
        retryable: true,
      });
    }
  }
}

/** Whether there is any text, number or truth in a value. */
function saysSomething(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value === 'object' && value !== null) return Object.values(value).some(saysSomething);
  return value !== null && value !== false;
}

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
