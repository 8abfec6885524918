import { z } from 'zod';
import { DuetError, refuseIfAborted } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import { isAssociation, type Association } from '../detector/association.js';
import { ExclusiveCalls } from '../exclusive-calls.js';
import type { ContextMark, DuetContext, ReplyOptions, ReplyPart, ScoredFrame } from '../model.js';
import {
  afterFrame,
  afterText,
  emptyMind,
  sayAll,
  type Statement,
  type TrackerMind,
} from './tracker-mind.js';

/** A conversation with a tracker. A call that fails or is aborted leaves it as it was. */
export class TrackerContext implements DuetContext {
  readonly size = 0;
  readonly start: ContextMark;
  readonly #follow: Follow;
  readonly #calls = new ExclusiveCalls();
  /** Minds that marks name; the newest last. */
  readonly #minds = new Map<number, TrackerMind>();
  /** Statements that were said, also in replies that were removed. */
  readonly #said = new Set<string>();
  #mind: TrackerMind;
  #marks = 0;
  #texts = 0;

  /** `follows`: the mark of a context that saw the same video; what was followed there is followed on. */
  constructor(follow: Follow, follows?: ContextMark) {
    this.#follow = follow;
    const association = follows === undefined ? null : placeOf(follows).association;
    this.#mind = { ...emptyMind, association };
    this.start = this.#mark();
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#calls.run('appendFrames', async () => {
      const followed = await this.#follow(pictures, this.#mind.association, () => {
        refuseIfAborted(signal);
      });
      return followed.map((association) => {
        this.#mind = afterFrame(this.#mind, association);
        const surest = Math.max(0, ...this.#unsaid().map(({ sureness }) => sureness));
        return { scores: { informative: surest, relevance: 0 }, mark: this.#mark() };
      });
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<ContextMark> {
    return this.#calls.run('appendUserText', () => {
      refuseIfAborted(signal);
      this.#mind = afterText(this.#mind, text, this.#texts++);
      return Promise.resolve(this.#mark());
    });
  }

  async *generateReply(_: ReplyOptions, signal?: AbortSignal): AsyncGenerator<ReplyPart, void, undefined> {
    this.#calls.enter('generateReply');
    let tokens = 0;
    try {
      const statements = this.#unsaid();
      const text = signal?.aborted ? '' : sayAll(statements);
      for (const { key } of statements) this.#remember(key);
      tokens = text.split(' ').filter((word) => word !== '').length;
      if (text !== '') yield { type: 'text', text };
      await Promise.resolve();
    } finally {
      this.#calls.leave();
    }
    yield { type: 'end', reason: signal?.aborted ? 'cancelled' : 'completed', tokens };
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#calls.run('cutBackTo', () => {
      const mind = this.#minds.get(placeOf(mark).number);
      if (mind === undefined) throw new DuetError('internal', 'the mark to cut back to is not kept any more');
      this.#mind = mind;
      return Promise.resolve();
    });
  }

  /** Nothing but the present state is kept, so nothing is dropped. */
  evict(): Promise<void> {
    return this.#calls.run('evict', () => Promise.resolve());
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#calls.close();
    this.#minds.clear();
    return Promise.resolve();
  }

  #unsaid(): readonly Statement[] {
    return this.#mind.statements.filter(({ key }) => !this.#said.has(key));
  }

  #remember(key: string): void {
    this.#said.add(key);
    for (const oldest of this.#said) {
      if (this.#said.size <= mostSaid) return;
      this.#said.delete(oldest);
    }
  }

  #mark(): ContextMark {
    const place: Place = { number: this.#marks++, association: this.#mind.association };
    this.#minds.set(place.number, this.#mind);
    for (const oldest of this.#minds.keys()) {
      if (this.#minds.size <= mostMarks) break;
      if (oldest !== 0) this.#minds.delete(oldest);
    }
    return { place };
  }
}

/** Detects things in pictures and follows them from what came before. */
type Follow = (
  pictures: readonly Picture[],
  before: Association | null,
  refuseIfAborted: () => void,
) => Promise<readonly Association[]>;

const placeSchema = z.object({
  number: z.int().min(0),
  association: z.custom<Association | null>((value) => value === null || isAssociation(value)),
});

/** Where a mark is, and what was followed there. */
type Place = z.infer<typeof placeSchema>;

function placeOf({ place }: ContextMark): Place {
  const parsed = placeSchema.safeParse(place);
  if (parsed.success) return parsed.data;
  throw new DuetError('internal', 'the mark was made by another kind of context');
}

/** Frames and texts to which a context can be cut back: more than any batch holds. */
const mostMarks = 1000;

/** Statements are only found again within seconds. */
const mostSaid = 1000;
