import { expect, test } from 'vitest';
import type { Played } from '../../../server/scoring/data/played.js';
import type { Question } from '../../../server/scoring/data/question.js';
import {
  repliesUnder,
  sharedRunSettings,
  withThreshold,
} from '../../../server/scoring/runner/runs/thresholds.js';
import { seededRandom } from '../../../server/scoring/statistics/random.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { plainPicture, ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, openSession } from '../../support/duet-session.js';
import { FakeStream } from '../../support/fake-stream.js';

const thresholds = [0.4, 0.6, 0.8];
const seconds = 60;
const question: Question = {
  ...{ questionId: 'q', video: 'v', gold: [], tags: {} },
  conversation: [
    { time: 0, content: 'What happens?' },
    { time: 20.2, content: 'And now?' },
  ],
};

/** Plays random scores through a session; the reply to a frame is one of few, so that there are repeats. */
async function play(settings: Partial<SessionSettings>): Promise<Played> {
  const random = seededRandom(11);
  const frames = Array.from({ length: seconds * 2 }, (_, index) => ({
    ...{ index, videoTime: index / 2, picture: plainPicture(Math.floor(random() * 100)) },
  }));
  const model: ScriptedModel = new ScriptedModel({
    scores: (picture) => ({ informative: (picture.rgb[0] ?? 0) / 100, relevance: 0 }),
    replies: () => [`Thing ${(latestOf(model) ?? 0) % 4}.`],
  });
  const session = await openSession(model, { batchLimit: 1, ...settings });
  for (const { time, content } of question.conversation) session.addUserText(content, { videoTime: time });
  await session.watch(new FakeStream(frames), { source: 'v', samplingFps: 2, realtime: false });
  const replyOf = ({ videoTime: time, text: content }: { videoTime: number; text: string }) => ({
    ...{ time, content, delivery_time: time },
  });
  return {
    ...{ question_id: 'q', video_duration: seconds, unasked: 0, renewals: 0, warnings: [] },
    replies: eventsOf(session, 'response.done').map(replyOf),
    suppressed: eventsOf(session, 'response.suppressed').map(replyOf),
    frames: eventsOf(session, 'frame.scored').map((each) => [each.videoTime, each.informativeScore, 0]),
  };
}

function latestOf({ contexts }: ScriptedModel): number | undefined {
  const frame = contexts.at(-1)?.entries.findLast(({ type }) => type === 'frame');
  return frame?.type === 'frame' ? frame.picture.rgb[0] : undefined;
}

test.each<[string, Partial<SessionSettings>]>([
  ['a cooldown', { cooldown: 3 }],
  ['hysteresis', { hysteresis: 0.5, rearmAfter: 5 }],
  ['a budget', { replyBudget: 4 }],
  ['the gate against repeats', { repeatAfter: 6 }],
  ['all of them', { cooldown: 1, hysteresis: 0.9, replyBudget: 9, repeatAfter: 8 }],
])(
  'one run serves all thresholds under %s, with what is told and what is suppressed',
  async (_name, change) => {
    const { settings } = await openSession(new ScriptedModel(), change);
    const played = await play(sharedRunSettings(settings, thresholds));
    expect(played.suppressed).toEqual([]);
    for (const threshold of thresholds) {
      const session = withThreshold(settings, threshold);
      const direct = await play(session);
      const { replies, suppressed } = direct;
      expect(repliesUnder(session, { question, played })).toEqual({ replies, suppressed });
      expect(replies.length).toBeLessThan(played.replies.length);
      if (change.repeatAfter !== undefined) expect(suppressed.length).toBeGreaterThan(0);
    }
  },
);
