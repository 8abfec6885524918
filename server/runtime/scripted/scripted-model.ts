import { DuetError, refuseIfAborted } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type { ModelCapabilities } from '../capabilities.js';
import type { ContextOptions, DuetContext, DuetModel, FrameScores } from '../model.js';
import { scriptedCapabilities, wordsOf, type HeardCall, type ScoreScript, type Script } from './script.js';
import { ScriptedContext } from './scripted-context.js';

/**
 * A model that follows a script and records the calls it receives, for tests of sessions and for trying a
 * client without a model. It enforces the interface strictly: forbidden calls throw.
 */
export class ScriptedModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  /** Every call in order. */
  readonly heard: HeardCall[] = [];
  /** Every context opened so far, closed ones too. */
  readonly contexts: ScriptedContext[] = [];
  closed = false;
  readonly #script: Script;

  constructor(script: Script = {}) {
    this.#script = script;
    this.capabilities = { ...scriptedCapabilities, ...script.capabilities };
  }

  measure(text: string): Promise<number> {
    return Promise.resolve(this.capabilities.capacity === null ? 0 : wordsOf(text));
  }

  async openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext> {
    if (this.closed) throw new DuetError('model_failed', 'the scripted model is closed');
    refuseIfAborted(signal);
    const { capabilities, contexts, heard } = this;
    const context = new ScriptedContext(contexts.length, options, {
      capabilities,
      heard,
      script: this.#script,
    });
    contexts.push(context);
    await context.hear({ type: 'open', context: context.number, options });
    return context;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** Looks scores up by a picture's first byte, so that they belong to the picture, not its position. */
export function scoresByFirstByte(table: readonly FrameScores[]): ScoreScript {
  return (picture) => table[picture.rgb[0] ?? 0] ?? { informative: 0, relevance: 0 };
}

/** A picture of a scripted model's side filled with `value`, for {@link scoresByFirstByte}. */
export function plainPicture(value: number, side = 2): Picture {
  return { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(value) };
}
