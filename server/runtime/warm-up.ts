import { defaultPrompt, pictureShapeFor } from './capabilities.js';
import type { DuetModel } from './model.js';

/**
 * Shows a model a few grey pictures and forgets them, so that it knows what a frame costs on this machine
 * before the first client asks, and its first frames are not slower than others. Takes about a second at
 * most.
 */
export async function warmUp(model: DuetModel, signal?: AbortSignal): Promise<void> {
  if (model.load === undefined) return;
  const { side } = pictureShapeFor(model.capabilities);
  const picture = { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(grey) };
  await using context = await model.openContext(defaultPrompt(model.capabilities), signal);
  const end = performance.now() + mostMs;
  for (let frame = 0; frame < mostFrames && performance.now() < end; frame++) {
    await context.appendFrames([picture], signal);
  }
}

const grey = 128;

const mostFrames = 16;
const mostMs = 1000;
