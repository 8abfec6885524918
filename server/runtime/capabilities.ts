import type { TaskSettings } from '../settings/task-settings.js';

/**
 * What a duet model can do, whatever it is made of: a folder of graphs, a model behind an API, a detector
 * with templates for its replies. Everything that is asked of a model beforehand is answered here; nothing
 * here says how it does it.
 */
export interface ModelCapabilities {
  /** The name by which clients ask for it. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Number format of its weights, such as `int8`; null where that is not known, as behind an API. */
  readonly precision: string | null;
  /** Side in pixels of the square pictures it takes; null: pictures of any size and shape. */
  readonly pictureSide: number | null;
  readonly fps: FrameRates;
  /** What its maker recommends for each task; `default` wherever nothing else is asked for. */
  readonly recommended: RecommendedSettings;
  /** Languages it reads and answers in, as BCP 47 tags; null: its maker does not say. */
  readonly languages: readonly string[] | null;
  /**
   * The scores it gives each frame. One that decides by a single number, such as P(speak), gives it as
   * `informative`. Empty: it gives none, every score is 0, and it speaks only where something other than a
   * score decides.
   */
  readonly scores: readonly ScoreName[];
  /**
   * Whether it keeps standing questions apart: each frame then comes with a relevance for each of them, and a
   * reply may name the one it answers. False: one relevance stands for all that was asked.
   */
  readonly severalQuestions: boolean;
  /**
   * Whether a context can be cut back to a mark. False: frames are appended one by one, since none can be
   * taken back when an earlier one makes the assistant speak, and replies always stay in the context.
   */
  readonly cutBack: boolean;
  /**
   * Whether a context can forget a stretch in its middle, which windowed memory needs. False: `evict` throws.
   */
  readonly evict: boolean;
  /**
   * How its contexts fill up; null: they never do, so nothing is measured and nothing has to be forgotten.
   */
  readonly capacity: ContextCapacity | null;
  readonly cost: FrameCost;
  /** System prompt it was made for; null: any will do, or it reads none. */
  readonly systemPrompt: string | null;
  /** Prompt layouts it knows, the one it was made for first. Empty: it has a layout of its own, or none. */
  readonly promptLayouts: readonly PromptLayout[];
}

/**
 * P(this frame brings something new worth saying), and P(it is relevant to a standing question of the user).
 */
export type ScoreName = 'informative' | 'relevance';

/**
 * How a conversation is written down for the model. `trained`: as in its training; `reference`: as MMDuet's
 * inference code does it, with its three departures from that (for parity runs).
 */
export type PromptLayout = 'trained' | 'reference';

/** Recommended settings by task. */
type RecommendedSettings = { readonly default: TaskSettings } & Readonly<Record<string, TaskSettings>>;

/** Frames for each second of video. */
interface FrameRates {
  /** The rate it was made for. */
  readonly madeFor: number;
  /** Beyond this it falls behind, or is refused by whoever runs it; null: no such limit is known. */
  readonly most: number | null;
}

/** What a context holds at most, and what things take of it. All numbers count the same unit. */
export interface ContextCapacity {
  /** What is counted, in the plural, as messages name it: `tokens`. */
  readonly unit: string;
  readonly total: number;
  /** What one frame takes. */
  readonly frame: number;
  /** What the markup around one turn takes at most. */
  readonly markup: number;
  /**
   * What one byte of UTF-8 takes at most, so that short texts need not be measured; null: no bound is known.
   */
  readonly textByte: number | null;
  /** What each token of a reply takes. */
  readonly replyToken: number;
}

/** What each frame costs; null where it is not known, or does not arise. */
interface FrameCost {
  /** Memory that a frame takes for as long as it stays in a context. */
  readonly bytes: number | null;
  /** Multiplications with an addition. */
  readonly multiplyAdds: number | null;
  /** Price of having it scored, in US dollars. */
  readonly dollars: number | null;
}

/** Side of the squares in which a model that takes any picture is shown a video, in pixels. */
const sideWhereAnyWillDo = 448;

/** Side in pixels of the pictures to sample for a model. */
export function pictureSideFor({ pictureSide }: Pick<ModelCapabilities, 'pictureSide'>): number {
  return pictureSide ?? sideWhereAnyWillDo;
}

/** For models that were made for no system prompt of their own: MMDuet's. */
const systemPromptWhereAnyWillDo =
  'A multimodal AI assistant is helping users with some activities. Below is their conversation, ' +
  'interleaved with the list of video frames received by the assistant.';

/** System prompt and layout of a context unless others are asked for. */
export function defaultPrompt({ systemPrompt, promptLayouts }: ModelCapabilities): {
  readonly systemPrompt: string;
  readonly promptLayout: PromptLayout;
} {
  return {
    systemPrompt: systemPrompt ?? systemPromptWhereAnyWillDo,
    promptLayout: promptLayouts[0] ?? 'trained',
  };
}
