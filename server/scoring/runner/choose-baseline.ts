import { DuetError } from '../../errors.js';
import { mapInOrder } from '../../concurrency/map-in-order.js';
import { majorityAnswer, uniformInterval, type Baseline, type WatchedQuestion } from './play/baselines.js';
import type { RunHooks } from './hooks.js';
import type { BenchmarkInput } from './inputs.js';
import { openQuestion } from './play/open-question.js';
import { playSettings, type PlaySettings } from './play/settings.js';
import type { PreparedBenchmark } from './prepare.js';
import { playerFor, type PlayResources } from './resources.js';

/**
 * The baseline that the plan asks for, with its numbers taken from the questions; null for none. Throws
 * 'invalid_request' if the annotations do not provide them.
 */
export async function chooseBaseline(
  { plan, inputs }: PreparedBenchmark,
  resources: PlayResources,
  hooks: RunHooks,
): Promise<Baseline | null> {
  const { baseline: request } = plan;
  if (request === undefined) return null;
  switch (request.type) {
    case 'every-frame':
    case 'oracle-times':
      return { type: request.type };
    case 'majority':
      return { type: 'majority', answer: majorityAnswer((inputs.development ?? inputs.test).annotated) };
    case 'uniform': {
      if (request.interval !== null) return { type: 'uniform', interval: request.interval };
      const settings = playSettings(plan, resources.model.capabilities);
      const watched = await watchedQuestions(inputs.test, resources, settings, hooks);
      return { type: 'uniform', interval: uniformInterval(watched, settings.session.fps) };
    }
    default:
      return request satisfies never;
  }
}

/**
 * How long each question is watched, without those whose video cannot be opened. Every video is opened once.
 */
async function watchedQuestions(
  input: BenchmarkInput,
  resources: PlayResources,
  settings: PlaySettings,
  { onProgress, signal }: Pick<RunHooks, 'onProgress' | 'signal'>,
): Promise<WatchedQuestion[]> {
  const videos = [...new Set(input.questions.map(({ video }) => video))];
  const player = playerFor(input, resources, { ...settings, maxFrames: 1, pacing: 'fast', frames: 'video' });
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
  for await (const [video, length] of mapInOrder(each(videos), Math.max(1, resources.jobs), lengthOf)) {
    lengths.set(video, length);
    onProgress?.('measuring videos', lengths.size, videos.length);
  }
  const most = settings.maxFrames === null ? Infinity : settings.maxFrames / settings.session.fps;
  return input.questions.flatMap((question) => {
    const length = lengths.get(question.video) ?? null;
    return length === null ? [] : [{ question, seconds: Math.min(length, most) }];
  });
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
