import { DuetError } from '../../errors.js';
import type { Baseline } from '../../scoring/runner/baselines/baseline.js';
import { majorityAnswer } from '../../scoring/runner/baselines/majority-answer.js';
import { uniformInterval, type WatchedQuestion } from '../../scoring/runner/baselines/uniform-interval.js';
import { openQuestion } from '../../scoring/runner/open-question.js';
import type { PlaySettings } from '../../scoring/runner/settings.js';
import { mapInOrder } from '../../scoring/data/map-in-order.js';
import type { ProgressBar } from '../progress-bar.js';
import type { BaselineRequest } from './baseline-flag.js';
import type { BenchInput, BenchInputs } from './inputs.js';
import { playerFor, type Playground } from './split.js';

/** The settings with the baseline that was asked for, if any. Throws 'invalid_request' where its numbers cannot be told from the annotations. */
export async function withBaseline(
  settings: PlaySettings,
  {
    flags,
    inputs,
  }: { readonly flags: { readonly baseline?: BaselineRequest }; readonly inputs: BenchInputs },
  ground: Playground,
  progress: ProgressBar,
  signal: AbortSignal,
): Promise<PlaySettings> {
  if (flags.baseline === undefined) return settings;
  const watched = () => watchedSeconds(inputs.test, ground, settings, progress, signal);
  return { ...settings, baseline: await chooseBaseline(flags.baseline, inputs, settings, watched) };
}

async function chooseBaseline(
  request: BaselineRequest,
  { test, development }: BenchInputs,
  { session }: PlaySettings,
  watched: () => Promise<readonly WatchedQuestion[]>,
): Promise<Baseline> {
  switch (request.type) {
    case 'every-frame':
    case 'oracle-times':
      return { type: request.type };
    case 'majority':
      return { type: 'majority', answer: majorityAnswer((development ?? test).annotated) };
    case 'uniform':
      return { type: 'uniform', interval: request.interval ?? uniformInterval(await watched(), session.fps) };
    default:
      return request satisfies never;
  }
}

/** How long every question is watched; without those whose video cannot be opened. Every video is opened once. */
async function watchedSeconds(
  input: BenchInput,
  ground: Playground,
  settings: PlaySettings,
  progress: ProgressBar,
  signal: AbortSignal,
): Promise<WatchedQuestion[]> {
  const videos = [...new Set(input.questions.map(({ video }) => video))];
  const player = playerFor(input, ground, { ...settings, maxFrames: 1, pacing: 'fast', frames: 'video' });
  const lengthOf = async (video: string): Promise<readonly [string, number | null]> => {
    try {
      await using stream = await openQuestion(player, { video }, signal);
      return [video, stream.info.duration];
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof DuetError)) throw thrown;
      return [video, null];
    }
  };
  const lengths = new Map<string, number | null>();
  for await (const [video, length] of mapInOrder(each(videos), Math.max(1, ground.jobs), lengthOf)) {
    lengths.set(video, length);
    progress.show('measuring videos', lengths.size, videos.length);
  }
  progress.end();
  const most = settings.maxFrames === null ? Infinity : settings.maxFrames / settings.session.fps;
  return input.questions.flatMap((question) => {
    const length = lengths.get(question.video) ?? null;
    return length === null ? [] : [{ question, seconds: Math.min(length, most) }];
  });
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
