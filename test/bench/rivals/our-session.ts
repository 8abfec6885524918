import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import type { DuetModel } from '../../../server/runtime/model.js';
import {
  defaultSettings,
  settingTable,
  type SessionSettings,
} from '../../../server/settings/session-settings.js';
import type { Picture } from '../../../server/video/frame.js';
import { FakeStream } from '../../support/fake-stream.js';
import { spentOn } from '../measurement.js';
import type { Played } from './python-rival.js';

/**
 * What the rivals know as well: one threshold, a pause after each reply, and a context in which all frames
 * stay.
 */
export function plainSettings({ capabilities }: DuetModel): SessionSettings {
  return sessionSettings(capabilities, 'default', {
    repeatAfter: defaultSettings.live.repeatAfter,
    window: settingTable.window.to,
    assistantTurns: 'remove',
  });
}

/** Plays decoded pictures as a session of ours: through worker, policy and log. */
export async function playOurs(model: DuetModel, pictures: readonly Picture[]): Promise<Played> {
  const settings = plainSettings(model);
  const frames = pictures.map((picture, index) => ({ index, videoTime: index / settings.fps, picture }));
  const scores: number[] = [];
  const replies: { time: number; text: string }[] = [];
  const now = (): number => performance.now();
  const spent = await spentOn(async () => {
    await using session = await DuetSession.open({ id: 'bench', model, settings, now });
    const options = { source: 'bench', samplingFps: settings.fps, realtime: false, wholeBatches: true };
    await session.watch(new FakeStream(frames), options);
    for (const event of session.log.snapshot()) {
      if (event.type === 'frame.scored') scores.push(event.score);
      if (event.type === 'response.done') replies.push({ time: event.videoTime, text: event.text });
    }
  });
  return { ...spent, scores, replies };
}
