import { z } from 'zod';
import { DuetError, refuseIfAborted } from '../../errors.js';
import type { ScoreName } from '../../runtime/capabilities.js';
import type { ContextMark, DuetContext, ReplyOptions, ReplyPart, ScoredFrame } from '../../runtime/model.js';
import type { Picture } from '../../video/frame.js';
import { readingAnswer, readingReport, type ReadingReply } from './reading-answers.js';
import { readReadingQuestion, type ReadingQuestion } from './reading-questions.js';
import { presentTexts } from './seen-texts.js';
import type { SessionReading, Wish } from './session-reading.js';

/**
 * A context whose questions about the text in the picture are answered from what was read. They do not reach
 * the model behind it, which knows no letters; everything else does. While the newest text is a standing
 * question about text, the model behind it stays silent.
 */
export class ReadingContext implements DuetContext {
  readonly start: ContextMark;
  readonly #inner: DuetContext;
  readonly #reading: SessionReading;
  readonly #scores: readonly ScoreName[];
  #questions: readonly HeldQuestion[] = [];
  /** All texts that are held, oldest first, and whether they went to the model behind. */
  #heard: readonly { readonly number: number; readonly isInner: boolean }[] = [];
  /** The number of the newest text that went to the model behind; 0 for none. */
  #newestOther = 0;
  #texts = 0;
  #place: Place;

  /** `scores`: what the model behind gives. */
  constructor(inner: DuetContext, reading: SessionReading, scores: readonly ScoreName[]) {
    this.#inner = inner;
    this.#reading = reading;
    this.#scores = scores;
    this.#place = { inner: inner.start, texts: 0, time: 0 };
    this.start = { place: this.#place };
  }

  get size(): number {
    return this.#inner.size;
  }

  get bytes(): number | null {
    return this.#inner.bytes ?? null;
  }

  async appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    const scored = await this.#inner.appendFrames(pictures, signal);
    await this.#reading.caughtUp();
    return scored.map((frame, index) => {
      const time = pictures[index]?.videoTime ?? this.#place.time;
      this.#place = { inner: frame.mark, texts: this.#texts, time };
      const mark = { place: this.#place };
      if (this.#repliesAt(time).length > 0) return { scores: this.#all(1), mark };
      return this.#isSilent ? { scores: this.#all(0), mark } : { ...frame, mark };
    });
  }

  async appendUserText(text: string, signal?: AbortSignal, stands?: boolean): Promise<ContextMark> {
    const question = readReadingQuestion(text);
    const number = this.#texts + 1;
    if (question === null) {
      const mark = await this.#inner.appendUserText(text, signal, stands);
      this.#newestOther = number;
      this.#place = { ...this.#place, inner: mark, texts: number };
    } else {
      refuseIfAborted(signal);
      const since = this.#reading.tellings;
      const held = { number, question, since, wish: this.#reading.wish(), said: new Set<string>() };
      this.#questions = [...this.#questions, held].slice(-mostQuestions);
      this.#place = { ...this.#place, texts: number };
    }
    this.#heard = [...this.#heard, { number, isInner: question === null }];
    this.#texts = number;
    return { place: this.#place };
  }

  async *generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncGenerator<ReplyPart, void> {
    const replies = this.#repliesAt(this.#place.time);
    if (replies.length === 0) {
      for await (const part of this.#inner.generateReply(options, signal)) yield this.#placed(part);
      return;
    }
    for (const { question, keys } of replies) for (const key of keys) question.said.add(key);
    this.#questions = this.#questions.filter(
      ({ question, said }) => question.type === 'watch' || said.size === 0,
    );
    const text = replies.map((reply) => reply.text).join(' ');
    if (!signal?.aborted) yield { type: 'text', text };
    const confidence = Math.min(...replies.map((reply) => reply.confidence));
    const tokens = text.split(' ').length;
    const reason = signal?.aborted ? 'cancelled' : 'completed';
    const asked = this.#heard.findIndex(({ number }) => number === replies[0]?.question.number);
    yield { type: 'end', reason, tokens, confidence, ...(asked >= 0 && { question: asked }) };
  }

  async cutBackTo(mark: ContextMark): Promise<void> {
    const place = placeIn(mark);
    await this.#inner.cutBackTo(place.inner);
    this.#questions = this.#questions.filter(({ number }) => number <= place.texts);
    this.#heard = this.#heard.filter(({ number }) => number <= place.texts);
    this.#place = place;
  }

  async evict(from: ContextMark, to: ContextMark): Promise<void> {
    const [first, last] = [placeIn(from), placeIn(to)];
    const stays = ({ number }: { number: number }) => number <= first.texts || number > last.texts;
    this.#questions = this.#questions.filter(stays);
    this.#heard = this.#heard.filter(stays);
    if (first.inner !== last.inner) await this.#inner.evict(first.inner, last.inner);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }

  get #isSilent(): boolean {
    return this.#questions.some(
      ({ question, number }) => question.type === 'watch' && number > this.#newestOther,
    );
  }

  #all(value: number): ScoredFrame['scores'] {
    const score = (name: ScoreName): number => (this.#scores.includes(name) ? value : 0);
    return { informative: score('informative'), relevance: score('relevance') };
  }

  /** What there is to say at a time in the video, the oldest question first. */
  #repliesAt(time: number): readonly DueReply[] {
    return this.#questions.flatMap((held) => {
      const reply = this.#replyTo(held, time);
      return reply === null ? [] : [{ ...reply, question: held }];
    });
  }

  #replyTo({ question, since, wish, said }: HeldQuestion, time: number): ReadingReply | null {
    // A batch of frames is read before the first of them is scored.
    const now = presentTexts(this.#reading.texts).filter((text) => text.since <= time);
    if (question.type !== 'watch') {
      const state = wish();
      return state === 'waits' ? null : readingAnswer(question, state === 'fulfilled' ? now : null);
    }
    const appeared = this.#reading.told.filter(({ at, telling }) => at <= time && telling > since);
    // Words that somebody waits for may be there already.
    const there = question.words === null || wish() === 'waits' ? [] : now;
    const others = appeared.filter(({ number }) => there.every((text) => text.number !== number));
    return readingReport(question, [...there, ...others], said);
  }

  #placed(part: ReplyPart): ReplyPart {
    if (part.type === 'text') return part;
    const placed = { ...part, ...this.#questionOf(part) };
    if (part.mark === undefined) return placed;
    this.#place = { ...this.#place, inner: part.mark };
    return { ...placed, mark: { place: this.#place } };
  }

  /** The question that the model behind says it answers, among all texts. */
  #questionOf({ question }: Extract<ReplyPart, { type: 'end' }>): { question?: number | null } {
    if (question === undefined || question === null) return {};
    const inner = this.#heard.filter(({ isInner }) => isInner)[question];
    const index = inner === undefined ? -1 : this.#heard.indexOf(inner);
    return { question: index < 0 ? null : index };
  }
}

/** The mark of the model behind in a mark of such a context. */
export function innerMark(mark: ContextMark): ContextMark {
  return placeIn(mark).inner;
}

/** A question about text that this context holds. */
interface HeldQuestion {
  readonly number: number;
  readonly question: ReadingQuestion;
  /** How many texts had been told when it was asked. */
  readonly since: number;
  readonly wish: Wish;
  /** What it was told. */
  readonly said: Set<string>;
}

interface DueReply extends ReadingReply {
  readonly question: HeldQuestion;
}

const placeSchema = z.object({
  inner: z.custom<ContextMark>((value) => typeof value === 'object' && value !== null && 'place' in value),
  texts: z.int().min(0),
  time: z.number(),
});

/** Where a mark is: in the model behind, after how many texts, and when in the video. */
type Place = z.infer<typeof placeSchema>;

function placeIn({ place }: ContextMark): Place {
  const parsed = placeSchema.safeParse(place);
  if (parsed.success) return parsed.data;
  throw new DuetError('internal', 'the mark was made by another kind of context');
}

/** The newest ones; more hardly stand. */
const mostQuestions = 8;
