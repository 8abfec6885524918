import { setTimeout as sleep } from 'node:timers/promises';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { findModel } from '../../../server/runtime/find-model.js';
import type { DuetModel } from '../../../server/runtime/model.js';
import { plainPicture } from '../../../server/runtime/scripted/scripted-model.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { FakeStream } from '../../support/fake-stream.js';

/** Loads the model at a place; `warnings` receives what is told. */
export async function loadRemote(
  place: string,
  { budget, warnings = [] }: { budget?: number; warnings?: string[] } = {},
): Promise<DuetModel> {
  const found = await findModel(place, { budget, onWarning: (message) => warnings.push(message) });
  return found.load(new AbortController().signal);
}

/** A session with a remote model. */
export function openRemoteSession(
  model: DuetModel,
  overrides: Partial<SessionSettings> = {},
): Promise<DuetSession> {
  const settings = sessionSettings(model.capabilities, 'default', {
    cooldown: 0,
    hysteresis: 0,
    ...overrides,
  });
  return DuetSession.open({ id: 'test', model, settings, now: () => performance.now() });
}

/** Plays frames as fast as they are scored. */
export async function playFast(session: DuetSession, values: readonly number[]): Promise<void> {
  const stream = new FakeStream(values.map((value, index) => frameOf(value, index)));
  await session.watch(stream, { source: 'frames', samplingFps: 1, realtime: false });
}

/**
 * Plays frames of a camera, each another picture unless `still`, until something holds; at most for a minute.
 */
export async function playLive(
  session: DuetSession,
  until: () => boolean,
  { still = false, everyMs = 20 }: { still?: boolean; everyMs?: number } = {},
): Promise<void> {
  async function* frames(): AsyncGenerator<VideoFrame> {
    for (let index = 0; index < 60_000 / everyMs && !until(); index++) {
      yield frameOf(still ? 100 : (index * 40) % 256, index);
      await sleep(everyMs);
    }
  }
  const stream = new FakeStream(frames(), { live: true });
  await session.watch(stream, { source: 'camera', samplingFps: 1, realtime: true });
}

/** A frame of one colour, one second after the one before. */
function frameOf(value: number, index: number): VideoFrame {
  return { index, videoTime: index, picture: plainPicture(value, 32) };
}
