import { z } from 'zod';
import { DuetError, refuseIfAborted } from '../../../errors.js';
import type { ContextMark, ContextOptions, FrameScores } from '../../model.js';
import { KeyValueCache } from '../graphs/cache.js';
import { sightMemorySchema, type SightMemory } from '../sight/sight.js';
import { groundedBeginning, groundedMindSchema, type GroundedMind } from '../../detector/grounded-mind.js';
import { Grounding } from '../../detector/grounding.js';
import type { Saying } from '../../detector/sayings.js';
import { owedByReply, chatTurns } from '../text/chat-layout.js';
import type { LayoutEvent, ChatTurn } from '../text/chat-layout.js';
import type { SpelledSaying } from '../text/spelled-sayings.js';
import { turnParts } from '../text/turn-parts.js';
import type { TurnPart } from '../text/turn-parts.js';
import type { FeedTarget } from './feed.js';
import { EarlierReplies } from './earlier-replies.js';
import { FramesAhead } from './frames-ahead.js';
import { GeneratedTokens } from './generated-tokens.js';
import { HeldTurns } from './held-turns.js';
import type { ModelParts } from './model-parts.js';
import { OneOfTexts } from './one-of-texts.js';

/** What a context remembers: its key-value cache, and where it stands in the chat markup. */
export class ContextState {
  readonly #parts: ModelParts;
  readonly #options: ContextOptions;
  /** Every token generated here, for the repetition penalty; removed replies count too. */
  readonly generated = new GeneratedTokens();
  readonly earlierReplies = new EarlierReplies();
  readonly framesAhead = new FramesAhead();
  /** What keeps the replies to what is seen; null: they are free. */
  readonly #grounding: Grounding | null;
  readonly #held = new HeldTurns();
  #cache: KeyValueCache;
  #turn: ChatTurn = 'empty';
  #lastOfReply: number | null = null;
  #sight: SightMemory = null;
  #asked = false;
  #frames = 0;
  /** The texts that are held, oldest first, by the places where they end. */
  #texts: readonly HeldText[] = [];
  #mind: GroundedMind | null;

  constructor(parts: ModelParts, options: ContextOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#grounding = parts.sayings && new Grounding(parts.sayings);
    this.#mind = this.#grounding && groundedBeginning;
    this.#cache = new KeyValueCache(parts.decoder.cacheShape, options.positions);
    if (options.follows !== undefined) this.#sight = placeOf(options.follows).sight;
  }

  /** Tokens held. */
  get length(): number {
    return this.#cache.length;
  }

  /** Memory of the cache, in bytes. */
  get bytes(): number {
    return this.#cache.bytes;
  }

  get isFull(): boolean {
    return this.#cache.length >= this.#cache.shape.maxRows;
  }

  /** The markup that `event` appends here. */
  markupOf(event: LayoutEvent): ChatMarkup {
    const { takesBack, pieces, turn } = this.#parts.layOut(this.#options, this.#turn, event);
    const { tokenizer } = this.#parts;
    const owed = owedByReply(this.#options.promptLayout, this.#lastOfReply, this.#parts.manifest.tokens.end);
    return {
      takesBack: tokenizer.encode(takesBack).length,
      tokens: tokenizer.encode(pieces, owed),
      parts: turnParts(pieces, (piece) => tokenizer.encode([piece], owed).length),
      turn,
    };
  }

  /** Throws 'context_full' unless `tokens` more fit; `what` names them in the message. */
  requireRoom(tokens: number, what: string): void {
    const { length, shape } = this.#cache;
    if (length + tokens <= shape.maxRows) return;
    throw new DuetError(
      'context_full',
      `${what} needs ${tokens} tokens, but ${length} of the model's ` +
        `${shape.maxRows} are used; cut the context back or open a new one`,
    );
  }

  /**
   * Appends `parts` through `feed` and moves on to `turn`. If it throws, the state is restored, except that
   * an empty stream turn that was taken back is reopened only by the next frames.
   */
  async append<Result>(
    { turn, takesBack, parts }: Omit<ChatMarkup, 'tokens'>,
    feed: (target: FeedTarget) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const before = this.#without(takesBack);
    const texts = this.#texts;
    this.returnTo(before);
    // What is taken back is markup, behind the last text that still counts as its own.
    this.#texts = texts;
    try {
      const result = await feed(this.#target(signal));
      this.#held.append(parts);
      this.#turn = turn;
      this.#lastOfReply = null;
      return result;
    } catch (error) {
      this.returnTo(before);
      this.#texts = texts;
      throw error;
    }
  }

  #without(takenBack: number): Place {
    const now = this.place();
    if (takenBack === 0) return now;
    return { ...now, end: now.end - takenBack, turn: 'system', lastOfReply: null };
  }

  /** Where the context stands now. */
  place(): Place {
    return {
      ...{ end: this.#held.end, turn: this.#turn, lastOfReply: this.#lastOfReply, sight: this.#sight },
      ...{ asked: this.#asked, frames: this.#frames, mind: this.#mind },
    };
  }

  /** Forgets everything after `place`. */
  returnTo(place: Place): void {
    const rows = Math.min(this.#held.cutBackTo(place.end), this.#cache.shape.maxRows);
    this.framesAhead.cutBackTo(place.end, rows, this.#cache);
    this.#cache.cutBackTo(rows);
    this.#turn = place.turn;
    this.#lastOfReply = place.lastOfReply;
    this.#sight = place.sight;
    this.#asked = place.asked;
    this.#frames = place.frames;
    this.#mind = place.mind;
    this.#texts = this.#texts.filter(({ end }) => end <= place.end);
  }

  /** Forgets everything after `mark`. */
  cutBackTo(mark: ContextMark): void {
    const place = placeOf(mark);
    this.returnTo({ ...place, turn: place.end === 0 ? 'empty' : place.turn });
  }

  /** Forgets the frames, texts and kept replies between two marks, but not a reply that is not closed yet. */
  evict(from: ContextMark, to: ContextMark): void {
    const [first, last] = [placeOf(from).end, placeOf(to).end];
    const open = this.#turn === 'assistant' ? this.#held.lastTurn : this.#held.end;
    this.framesAhead.forget();
    this.#cache.drop(this.#held.evict(first, Math.min(last, open)));
    this.generated.evict(first, last);
    const gone = this.#texts.filter(({ end }) => end > first && end <= last);
    this.#texts = this.#texts.filter((text) => !gone.includes(text));
    // What was just said is remembered by what it asked for.
    const taken = gone.filter(({ stands }) => stands).map(({ end }) => end);
    this.#mind = this.#mind && (this.#grounding?.afterForgetting(this.#mind, taken) ?? null);
  }

  /** Notes that a picture was appended, and what it leaves to remember. */
  see(sight: SightMemory): void {
    this.#sight = sight;
    this.#frames += 1;
  }

  /** The scores of the picture that was just seen, as far as they hold. */
  scored(scores: FrameScores): FrameScores {
    if (this.#grounding === null || this.#mind === null || this.#sight === null) return scores;
    const grounded = this.#grounding.afterFrame(this.#mind, this.#sight, scores);
    this.#mind = grounded.mind;
    return grounded.scores;
  }

  /** Notes what the user has said, and whether it stands until it is taken back. */
  hear(text: string, stands: boolean): void {
    const { end } = this.#held;
    this.#asked = true;
    this.#texts = [...this.#texts, { end, stands }];
    this.#mind = this.#mind && (this.#grounding?.afterText(this.#mind, text, { place: end, stands }) ?? null);
  }

  /** What a reply is kept to now; undefined: it is free. */
  sayings(): OneOfTexts<SpelledSaying> | undefined {
    const { sayings, manifest } = this.#parts;
    if (sayings === null || this.#grounding === null || this.#mind === null) return undefined;
    const allowed = this.#sight === null ? [] : this.#grounding.sayings(this.#mind, this.#sight);
    return new OneOfTexts(
      allowed.map((saying) => sayings.spelled(saying)),
      manifest.tokens.end,
    );
  }

  /**
   * Notes that one of them was said. Returns the index of the held text that it answers; null if none does,
   * and undefined if that text is no longer held.
   */
  said(saying: Saying): number | null | undefined {
    if (this.#mind === null || this.#grounding === null || this.#sight === null) return undefined;
    const asked = this.#grounding.askedBy(this.#mind, saying, this.#sight);
    this.#mind = this.#grounding.afterSaying(this.#mind, saying);
    const index = this.#texts.findIndex(({ end }) => end === asked);
    return asked === null ? null : index < 0 ? undefined : index;
  }

  /** Notes the last token of the reply just kept. */
  keepReply(last: number | null): void {
    this.#lastOfReply = last;
  }

  /** Frees the memory. */
  free(): void {
    this.#cache = new KeyValueCache({ ...this.#cache.shape, maxRows: 0 });
  }

  #target(signal: AbortSignal | undefined): FeedTarget {
    return {
      decoder: this.#parts.decoder,
      cache: this.#cache,
      hiddenSize: this.#parts.manifest.decoder.hiddenSize,
      refuseIfAborted: () => {
        refuseIfAborted(signal);
      },
    };
  }
}

interface HeldText {
  readonly end: number;
  readonly stands: boolean;
}

/** Where a context stands: its end, its place in the chat markup, and a kept reply's pending token. */
export interface Place {
  /** Counted in tokens ever appended, evicted ones too. */
  readonly end: number;
  readonly turn: ChatTurn;
  /** The last token of a kept reply, which is fed together with what follows it. */
  readonly lastOfReply: number | null;
  /** What is remembered of the pictures so far; it is not forgotten when they are evicted. */
  readonly sight: SightMemory;
  /** Whether the user has said anything before. */
  readonly asked: boolean;
  /** Frames ever appended before. */
  readonly frames: number;
  /** Where a grounded conversation stands; null: it is not grounded. */
  readonly mind: GroundedMind | null;
}

/** The markup tokens that an event appends, and the turn the context then stands at. */
interface ChatMarkup {
  /** Tokens to remove from the end of the context first. */
  readonly takesBack: number;
  readonly tokens: readonly number[];
  /** How the tokens belong to turns. */
  readonly parts: readonly TurnPart[];
  readonly turn: ChatTurn;
}

const placeSchema = z.object({
  end: z.int().min(0),
  turn: z.enum(chatTurns),
  lastOfReply: z.int().min(0).nullable(),
  sight: sightMemorySchema,
  asked: z.boolean(),
  frames: z.int().min(0),
  mind: groundedMindSchema.nullable(),
});

/** The mark of a place. */
export function markAt(place: Place): ContextMark {
  return { place };
}

function placeOf(mark: ContextMark): Place {
  const parsed = placeSchema.safeParse(mark.place);
  if (parsed.success) return parsed.data;
  throw new DuetError('internal', 'the mark was made by another kind of context');
}
