import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { DuetContext, DuetModel, FrameScores, ReplyPart, ScoredFrame } from '../../runtime/model.js';
import type { Picture } from '../../video/frame.js';
import type { RecordedStep } from './recorded-steps.js';

type RecordedFrame = Extract<RecordedStep, { type: 'frame' }>;

/**
 * Stands in for the model of a record: gives each frame the scores, and the reply, that are recorded for it.
 */
export class RecordedModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  /** The frame that is scored next, or was scored last. */
  frame: RecordedFrame | null = null;
  readonly #textOf: RecordedModelOptions['textOf'];
  /** Contexts that have scored it. */
  #scored = 0;
  #judged = 0;
  /** Replies whose text is not recorded, since the model was not asked at that frame. */
  unknownReplies = 0;

  constructor({ name, severalQuestions, textOf }: RecordedModelOptions) {
    this.capabilities = { ...recordedCapabilities, name, severalQuestions };
    this.#textOf = textOf;
  }

  measure(): Promise<number> {
    return Promise.resolve(0);
  }

  openContext(): Promise<DuetContext> {
    const mark = { place: null };
    const texts: string[] = [];
    let answer: RecordedAnswer = { question: null, reply: undefined };
    const context: DuetContext = {
      size: 0,
      start: mark,
      appendFrames: (pictures: readonly Picture[]): Promise<readonly ScoredFrame[]> => {
        const { scores, ...next } = this.#nextTrace();
        answer = next;
        const relevances = this.#relevancesOf(texts, next.question, scores);
        return Promise.resolve(pictures.map(() => ({ scores, mark, ...relevances })));
      },
      appendUserText: (text) => {
        texts.push(text);
        return Promise.resolve(mark);
      },
      generateReply: () => this.#reply(answer, texts),
      cutBackTo: () => Promise.resolve(),
      evict: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return Promise.resolve(context);
  }

  /** Plays the frame that comes next. */
  play(frame: RecordedFrame): void {
    this.frame = frame;
    this.#scored = 0;
    this.#judged = 0;
  }

  /** How much the picture had changed for the context that is judged next; null if it was not measured. */
  nextPictureChange(): number | null {
    const { event } = this.frame ?? {};
    const trace = (event?.questions ?? [])[this.#judged] ?? event;
    this.#judged += 1;
    return trace?.pictureChange ?? null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Contexts of several questions score a frame in the order in which the record has their traces. */
  #nextTrace(): RecordedAnswer & { readonly scores: FrameScores } {
    const { event, replies = [] } = this.frame ?? {};
    const traces = event?.questions ?? [];
    const trace = traces[this.#scored] ?? event;
    // Those that fired were answered in their order; what a reply says of its question may be the model's.
    const before = traces.slice(0, this.#scored).filter(({ fired }) => fired).length;
    this.#scored += 1;
    const { informativeScore: informative = 0, relevanceScore: relevance = 0, questionId } = trace ?? {};
    const reply = trace?.fired === true ? replies[before] : undefined;
    return { scores: { informative, relevance }, question: questionId ?? null, reply };
  }

  /**
   * Of several questions in one context the relevance is recorded for the one that was nearest to a reply:
   * the others are out of the question.
   */
  #relevancesOf(texts: readonly string[], questionId: string | null, { relevance }: FrameScores) {
    const text = this.#textIn(questionId);
    if (text === undefined || !texts.includes(text)) return {};
    return { relevances: texts.map((each) => (each === text ? relevance : -Infinity)) };
  }

  /** The text of a question, if the model takes several in one context. */
  #textIn(questionId: string | null): string | undefined {
    const { severalQuestions } = this.capabilities;
    return severalQuestions && questionId !== null ? this.#textOf(questionId) : undefined;
  }

  async *#reply(
    { question: about, reply: recorded }: RecordedAnswer,
    texts: readonly string[],
  ): AsyncGenerator<ReplyPart, void> {
    const reply = recorded ?? this.#unknownReply();
    // Word by word, so that a gate that compares beginnings sees them grow.
    for (const text of reply.text.match(/\s*\S+|\s+$/g) ?? []) {
      yield await Promise.resolve({ type: 'text', text });
    }
    const named = recorded === undefined || recorded.questionId === about ? {} : this.#named(recorded, texts);
    yield { type: 'end', reason: reply.end, tokens: reply.tokens, ...named };
  }

  /** What the model said itself of the question that it answered. */
  #named({ questionId }: RecordedReply, texts: readonly string[]): Pick<ReplyEnding, 'question'> {
    const answered = questionId === null ? undefined : this.#textOf(questionId);
    const question = answered === undefined ? -1 : texts.lastIndexOf(answered);
    return { question: question === -1 ? null : question };
  }

  /** The number makes each one another reply for gates against repeats. */
  #unknownReply(): RecordedReply {
    this.unknownReplies += 1;
    const text = `(unknown reply ${this.unknownReplies}: the model was not asked at this frame)`;
    return { questionId: null, text, end: 'completed', tokens: 0 };
  }
}

type RecordedReply = RecordedFrame['replies'][number];
type ReplyEnding = Extract<ReplyPart, { type: 'end' }>;

/** The question that a trace is about, and the reply that came of it; undefined if none is recorded. */
interface RecordedAnswer {
  readonly question: string | null;
  readonly reply: RecordedReply | undefined;
}

interface RecordedModelOptions {
  readonly name: string;
  /** Whether it took several questions in one context. */
  readonly severalQuestions: boolean;
  /** The text of a question that stands. */
  readonly textOf: (questionId: string) => string | undefined;
}

const recordedCapabilities: ModelCapabilities = {
  ...{ name: '', version: '', description: 'plays a record back', precision: null },
  ...{ pictureSide: null, pictureFit: 'pad' },
  fps: { madeFor: 2, most: null },
  recommended: {
    default: {
      ...{ fps: 2, heads: ['informative'], policy: { type: 'never' } },
      ...{ assistantTurns: 'remove', cooldown: 0 },
    },
  },
  ...{ footage: 'real', languages: null, sees: {}, suggestions: {} },
  ...{ scores: ['informative', 'relevance'], severalQuestions: false },
  ...{ cutBack: true, evict: true, capacity: null },
  cost: { bytes: null, multiplyAdds: null, dollars: null },
  ...{ systemPrompt: null, promptLayouts: [] },
};
