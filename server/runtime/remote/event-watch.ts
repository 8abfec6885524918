import sharp from 'sharp';
import type { Picture } from '../../video/frame.js';
import { defaultPrompt } from '../capabilities.js';
import type { DuetContext, DuetModel } from '../model.js';
import { contentOf } from './picture-url.js';

/**
 * Follows with a detector on this machine what comes and goes, so that a model that costs money is asked when
 * something has. Things that its detector does not know happen unnoticed.
 */
export class EventWatch implements AsyncDisposable {
  readonly #context: DuetContext;
  readonly #model: DuetModel;
  #happened = false;

  private constructor(model: DuetModel, context: DuetContext) {
    this.#model = model;
    this.#context = context;
  }

  /** `model`: one that tells what its detector follows, as `tracker:duet-sight`. */
  static async open(model: DuetModel, signal?: AbortSignal): Promise<EventWatch> {
    return new EventWatch(model, await model.openContext(defaultPrompt(model.capabilities), signal));
  }

  /** Whether anything happened up to this picture since {@link asked} was last called. */
  async see(picture: Picture, signal?: AbortSignal): Promise<boolean> {
    const { pictureSide, pictureFit } = this.#model.capabilities;
    const shown = await resized(picture, pictureSide ?? picture.width, pictureFit === 'stretch');
    const [seen] = await this.#context.appendFrames([shown], signal);
    if (seen !== undefined && seen.scores.informative > leastSure) {
      this.#happened = true;
      await this.#hearOut(signal);
    }
    return this.#happened;
  }

  /** What has happened so far was asked about. */
  asked(): void {
    this.#happened = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context[Symbol.asyncDispose]();
  }

  /** Lets it say what it has to say, so that it does not want to say that again. */
  async #hearOut(signal: AbortSignal | undefined): Promise<void> {
    const options = { maxTokens: 1000, repetitionPenalty: 1, afterwards: 'remove' } as const;
    const parts = this.#context.generateReply(options, signal)[Symbol.asyncIterator]();
    while ((await parts.next()).done !== true);
  }
}

/** The threshold above which the tracker itself would speak. */
const leastSure = 0.5;

/** A picture of another square; `stretched`: without the black bars of its own. */
async function resized(picture: Picture, side: number, stretched: boolean): Promise<Picture> {
  const { width, height, rgb, videoTime } = picture;
  const whole = sharp(rgb, { raw: { width, height, channels: 3 } });
  const shown = stretched ? whole.extract(contentOf(picture)) : whole;
  const data = await shown.resize(side, side, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
  return { width: side, height: side, rgb: data, ...(videoTime !== undefined && { videoTime }) };
}
