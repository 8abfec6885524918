import type { DuetModel, FrameScores } from '../../server/runtime/model.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture } from '../../server/video/frame.js';
import { eventsOf } from '../support/duet-session.js';
import { FakeStream } from '../support/fake-stream.js';
import { frameAt, openSoakSession } from './nano-stream.js';
import { withTimedEvictions } from './timed-evictions.js';

/**
 * Shows `clip` after `filler`, again and again, until so many evictions have happened since it was first
 * shown. Every showing follows the same pictures, so what differs is what memory has done meanwhile.
 */
export async function showAgain(
  model: DuetModel,
  { clip, filler, rounds, overrides }: SameClipPlan,
): Promise<ShownAgain> {
  const evictions: number[] = [];
  await using session = await openSoakSession(withTimedEvictions(model, evictions), {
    ...{ policy: { type: 'never' } },
    ...overrides,
  });
  session.addUserText('What is happening?');
  const round = [...filler, ...clip];
  const pictures = Array.from({ length: rounds }, () => round).flat();
  const viewing = { source: 'soak', samplingFps: 2, realtime: false };
  const scores: FrameScores[] = [];
  const reading = (async () => {
    for await (const event of session.log.read()) {
      if (event.type !== 'frame.scored') continue;
      scores.push({ informative: event.informativeScore, relevance: event.relevanceScore });
    }
  })();
  await session.watch(new FakeStream(pictures.map((picture, index) => frameAt(index, picture))), viewing);
  const failed = eventsOf(session, 'source.failed')[0];
  if (failed) throw new Error(failed.message);
  await session.close('done');
  await reading;
  const showings = Array.from({ length: rounds }, (_, index) => {
    const end = (index + 1) * round.length;
    return scores.slice(end - clip.length, end).map(({ informative }) => informative);
  });
  const [first = [], ...others] = showings;
  return {
    differences: others.map((showing) => meanDifference(first, showing)),
    evictions,
    scores,
  };
}

/** What came of showing a clip again and again. */
interface ShownAgain {
  /** For each showing but the first how much its scores differ from those of the first, on average. */
  readonly differences: readonly number[];
  /** CPU milliseconds of each eviction. */
  readonly evictions: readonly number[];
  /** Of every frame shown. */
  readonly scores: readonly FrameScores[];
}

/** What is shown. */
interface SameClipPlan {
  readonly clip: readonly Picture[];
  readonly filler: readonly Picture[];
  readonly rounds: number;
  readonly overrides?: Partial<SessionSettings>;
}

function meanDifference(one: readonly number[], other: readonly number[]): number {
  const total = one.reduce((sum, score, index) => sum + Math.abs(score - (other[index] ?? NaN)), 0);
  return total / one.length;
}
