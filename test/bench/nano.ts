import { join, resolve } from 'node:path';
import type { SessionEvent } from '../../server/duet/record/events.js';
import { DuetSession } from '../../server/duet/session.js';
import { SampleLibrary } from '../../server/library/samples.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { pictureShapeFor, type ModelCapabilities } from '../../server/runtime/capabilities.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { DuetModel } from '../../server/runtime/model.js';
import type { Picture } from '../../server/video/frame.js';
import { openVideo } from '../../server/video/open-video.js';
import type { FrameStream } from '../../server/video/stream.js';

const root = resolve(import.meta.dirname, '../..');

/** The bundled model's folder. */
export const nanoFolder = join(root, 'models/duet-nano');

/** Paths of the bundled clips of the model's world. */
export async function bundledClips(): Promise<readonly string[]> {
  const clips = await new SampleLibrary(join(root, 'samples')).list();
  const rendered = clips.filter(({ footage }) => footage === 'rendered');
  return rendered.map(({ path }) => path).sort();
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
  const settings = sessionSettings(model.capabilities, 'default', options.overrides);
  const started = performance.now();
  await using session = await DuetSession.open({
    id: 'bench',
    model,
    settings,
    now: () => performance.now(),
  });
  if (options.question !== undefined) session.addUserText(options.question);
  const stream = await openClip(clip, model.capabilities, settings.fps, options.pacing);
  const realtime = options.pacing === 'realtime';
  await session.watch(stream, { source: clip, samplingFps: settings.fps, realtime });
  const wallMs = performance.now() - started;
  const events = session.log.snapshot();
  return { events, frames: events.filter((event) => event.type === 'frame.scored').length, wallMs };
}

/** The frames of a clip as the model gets them. */
export async function picturesOf(clip: string, capabilities: ModelCapabilities): Promise<readonly Picture[]> {
  await using stream = await openClip(clip, capabilities, capabilities.recommended.default.fps, 'fast');
  const pictures: Picture[] = [];
  for await (const frame of stream) pictures.push(frame.picture);
  return pictures;
}

function openClip(
  path: string,
  capabilities: ModelCapabilities,
  fps: number,
  pacing: 'fast' | 'realtime',
): Promise<FrameStream> {
  const ffmpegPolicy = { trustedSource: true, allowBundled: true };
  return openVideo(
    { type: 'file', path },
    { fps, sampler: 'timestamps', ...pictureShapeFor(capabilities), pacing, ffmpegPolicy },
  );
}
