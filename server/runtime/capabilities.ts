import type { Footage } from '../settings/footage.js';
import type { TaskSettings } from '../settings/task-settings.js';
import type { PictureFit, PictureShape } from '../video/pictures/letterbox-size.js';

/**
 * What a duet model can do, whatever it is built from: a folder of graphs, a model behind an API, a detector
 * with reply templates. It describes what a model can do, never how it does it.
 */
export interface ModelCapabilities {
  /** The name by which clients ask for it. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The pictures it was made for. */
  readonly footage: Footage;
  /** One line on what it can see and what not, by language (BCP 47); empty if its maker does not say. */
  readonly sees: Readonly<Record<string, string>>;
  /** Questions that it can do something with, by language (BCP 47); empty if its maker names none. */
  readonly suggestions: Readonly<Record<string, readonly string[]>>;
  /** Number format of its weights, such as `int8`; null if unknown, as behind an API. */
  readonly precision: string | null;
  /** Side in pixels of the square pictures it takes; null: pictures of any size and shape. */
  readonly pictureSide: number | null;
  /** How pictures of other shapes become square for it; without a side of its own, for the default one. */
  readonly pictureFit: PictureFit;
  readonly fps: FrameRates;
  /** What its maker recommends for each task; `default` applies unless a task is named. */
  readonly recommended: RecommendedSettings;
  /** Languages it reads and answers in, as BCP 47 tags; null if its maker does not say. */
  readonly languages: readonly string[] | null;
  /**
   * The scores it gives each frame. A model with a single score, such as P(speak), reports it as
   * `informative`. If empty, every score is 0 and it speaks only when something other than a score decides.
   */
  readonly scores: readonly ScoreName[];
  /**
   * Whether it scores each standing question separately: every frame then has a relevance for each question,
   * and a reply may name the one it answers. If false, one relevance covers all questions.
   */
  readonly severalQuestions: boolean;
  /**
   * Whether a context can be cut back to a mark. If false, frames are appended one by one, because later
   * frames could not be removed when an earlier one triggers a reply, and replies always stay in the context.
   */
  readonly cutBack: boolean;
  /**
   * Whether a context can drop a range from its middle, as windowed memory needs. If false, `evict` throws.
   */
  readonly evict: boolean;
  /** How its contexts fill up; null if they never do, so nothing is measured or forgotten. */
  readonly capacity: ContextCapacity | null;
  readonly cost: FrameCost;
  /** System prompt it was made for; null if it accepts any, or reads none. */
  readonly systemPrompt: string | null;
  /** Where its pictures go; absent for a model that runs on this machine. */
  readonly remote?: RemoteEngine;
  /** Whether a reply may turn out to say nothing, so that none is announced before it says something. */
  readonly mayDecline?: boolean;
  /** Prompt layouts it supports, the one it was made for first. Empty if it has its own layout, or none. */
  readonly promptLayouts: readonly PromptLayout[];
}

/** The engine behind a model. */
interface RemoteEngine {
  /** Host and port. */
  readonly host: string;
  /** How it decides, in words; null before it was first asked. */
  readonly decides: string | null;
}

/**
 * P(this frame brings something new worth saying), and P(it is relevant to a standing question of the user).
 */
export type ScoreName = 'informative' | 'relevance';

/**
 * How a conversation is laid out for the model. `trained`: as in its training; `reference`: as in MMDuet's
 * inference code, which differs from training in three ways (for parity runs).
 */
export type PromptLayout = 'trained' | 'reference';

/** Recommended settings by task. */
type RecommendedSettings = { readonly default: TaskSettings } & Readonly<Record<string, TaskSettings>>;

/** Frames for each second of video. */
interface FrameRates {
  /** The rate it was made for. */
  readonly madeFor: number;
  /** Above this rate it falls behind or its host refuses frames; null if no limit is known. */
  readonly most: number | null;
}

/** How much a context holds, and how much of it each thing takes. All numbers are in the same unit. */
export interface ContextCapacity {
  /** The unit in the plural, as messages name it: `tokens`. */
  readonly unit: string;
  readonly total: number;
  /** Size of one frame. */
  readonly frame: number;
  /** Largest size of the markup around one turn. */
  readonly markup: number;
  /**
   * Largest size of one byte of UTF-8, so that short texts need not be measured; null if no bound is known.
   */
  readonly textByte: number | null;
  /** Size of one token of a reply. */
  readonly replyToken: number;
}

/** What each frame costs; null where unknown or not applicable. */
interface FrameCost {
  /** Memory a frame occupies while it stays in a context. */
  readonly bytes: number | null;
  /** Multiply-add operations. */
  readonly multiplyAdds: number | null;
  /** Price of scoring one frame, in US dollars. */
  readonly dollars: number | null;
}

/** Side in pixels of the pictures for a model that takes any size. */
const defaultPictureSide = 448;

/** The pictures to sample for a model: their side in pixels, and how they become square. */
export function pictureShapeFor({ pictureSide, pictureFit }: ModelCapabilities): PictureShape {
  return { side: pictureSide ?? defaultPictureSide, fit: pictureFit };
}

/** MMDuet's prompt, for models without one of their own. */
const defaultSystemPrompt =
  'A multimodal AI assistant is helping users with some activities. Below is their conversation, ' +
  'interleaved with the list of video frames received by the assistant.';

/** The system prompt and layout a context uses by default. */
export function defaultPrompt({ systemPrompt, promptLayouts }: ModelCapabilities): {
  readonly systemPrompt: string;
  readonly promptLayout: PromptLayout;
} {
  return {
    systemPrompt: systemPrompt ?? defaultSystemPrompt,
    promptLayout: promptLayouts[0] ?? 'trained',
  };
}

/** Says of a model behind an API where pictures go; null for one that runs on this machine. */
export function whereTo({ remote }: Pick<ModelCapabilities, 'remote'>): string | null {
  if (remote === undefined) return null;
  const how = remote.decides === null ? '' : `, which decides by ${remote.decides}`;
  return `pictures go to ${remote.host}${how}`;
}
