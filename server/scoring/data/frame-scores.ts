import { fileFault, type FilePlace } from './json/file-fault.js';
import type { PredictedFrame, RawFrame } from './prediction.js';

/** The two shapes a frame record has had: `time` with plain numbers, `video_time` with pairs. */
type Generation = 'current' | 'legacy';

/**
 * Converts the frame records of one line to one shape. Throws if a record fits neither generation, or if the
 * line mixes them.
 */
export function normaliseFrames(frames: readonly RawFrame[], place: FilePlace): PredictedFrame[] {
  const [first] = frames;
  if (first === undefined) return [];
  const generation = generationOf(first, place, 0);
  return frames.map((frame, index) => {
    if (generationOf(frame, place, index) !== generation) {
      throw fileFault(at(place, index), `mixes "time" and "video_time" within one line; use one of them`);
    }
    return {
      time: frame.time ?? frame.video_time ?? 0,
      informative: positive(frame, 'informative_score', generation, place, index),
      relevance: positive(frame, 'relevance_score', generation, place, index),
    };
  });
}

/** Throws if frames are not in time order, or a relevance score is not a finite number. */
export function requireOrderly(frames: readonly PredictedFrame[], place: FilePlace): void {
  requireAscending(frames, place);
  requireFiniteRelevance(frames, place);
}

/** Throws if frames are not in time order: smoothing and clips rely on neighbouring frames. */
function requireAscending(frames: readonly PredictedFrame[], place: FilePlace): void {
  const early = frames.findIndex((frame, index) => frame.time < (frames[index - 1]?.time ?? -Infinity));
  if (early === -1) return;
  throw fileFault(
    at(place, early, 'time'),
    `${frames[early]?.time} comes before the frame ahead of it; sort the frames`,
  );
}

/** Throws for a relevance score that is NaN or infinite. */
export function requireFiniteRelevance(frames: readonly PredictedFrame[], place: FilePlace): void {
  requireFiniteScores(frames, ['relevance'], place);
}

/** Throws for a score of these heads that is NaN or infinite. */
export function requireFiniteScores(
  frames: readonly PredictedFrame[],
  heads: readonly ('informative' | 'relevance')[],
  place: FilePlace,
): void {
  for (const head of heads) {
    const bad = frames.findIndex(({ [head]: score }) => score !== null && !Number.isFinite(score));
    if (bad === -1) continue;
    throw fileFault(
      at(place, bad, `${head}_score`),
      `is ${frames[bad]?.[head]}; expected a probability (a model in half precision may overflow)`,
    );
  }
}

interface FramePlace extends FilePlace {
  readonly field: string;
}

/** Called only for an error: a file may have millions of frames. */
function at(place: FilePlace, index: number, name = ''): FramePlace {
  return { ...place, field: `debug_data[${index}]${name === '' ? '' : `.${name}`}` };
}

function generationOf(frame: RawFrame, place: FilePlace, index: number): Generation {
  if ((frame.time === undefined) === (frame.video_time === undefined)) {
    throw fileFault(at(place, index), 'needs exactly one of "time" and "video_time"');
  }
  return frame.time === undefined ? 'legacy' : 'current';
}

function positive(
  frame: RawFrame,
  name: 'informative_score' | 'relevance_score',
  generation: Generation,
  place: FilePlace,
  index: number,
): number | null {
  const score = frame[name];
  if (score === undefined) return null;
  if (typeof score === 'number') {
    if (generation === 'current') return score;
    throw fileFault(at(place, index, name), 'expected a pair [negative, positive] beside "video_time"');
  }
  if (generation === 'legacy') return score[1];
  throw fileFault(at(place, index, name), 'expected a number beside "time"');
}
