import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SessionEvent } from '../../server/duet/events.js';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings, type SessionSettings } from '../../server/duet/settings.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { openVideo } from '../../server/video/open-video.js';

const root = resolve(import.meta.dirname, '../..');

/** The bundled model's folder. */
export const nanoFolder = join(root, 'models/duet-nano');

/** Paths of the bundled clips. */
export async function bundledClips(): Promise<readonly string[]> {
  const folder = join(root, 'samples/clips');
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.mp4'))
    .sort()
    .map((name) => join(folder, name));
}

/** What one run of a session gave. */
export interface SessionRun {
  readonly events: readonly SessionEvent[];
  readonly frames: number;
  /** From opening the video to the end of the session. */
  readonly wallMs: number;
}

/** Plays a clip through a whole session - ffmpeg, worker, policy, replies - and waits for its end. */
export async function runSession(
  model: DuetModel,
  clip: string,
  options: { pacing: 'fast' | 'realtime'; question?: string; overrides?: Partial<SessionSettings> },
): Promise<SessionRun> {
  const settings = sessionSettings(model.description, 'default', options.overrides);
  const started = performance.now();
  await using session = await DuetSession.open({
    id: 'bench',
    model,
    settings,
    now: () => performance.now(),
  });
  if (options.question !== undefined) session.addUserText(options.question);
  const { side } = model.description.picture;
  const stream = await openVideo(
    { type: 'file', path: clip },
    {
      fps: settings.fps,
      sampler: 'timestamps',
      side,
      pacing: options.pacing,
      ffmpegPolicy: { trustedSource: true, allowBundled: true },
    },
  );
  const realtime = options.pacing === 'realtime';
  await session.watch(stream, { source: clip, samplingFps: settings.fps, realtime });
  const wallMs = performance.now() - started;
  const events = session.log.snapshot();
  return { events, frames: events.filter((event) => event.type === 'frame.scored').length, wallMs };
}
