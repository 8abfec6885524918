import { detailFor } from '../../../server/duet/reading/session-reading.js';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { TextReader } from '../../../server/runtime/reader/text-reader.js';
import { openVideo } from '../../../server/video/open-video.js';
import { ffmpeg } from '../../support/clips.js';

/**
 * Watches a video at 4 frames a second in the pictures of duet-sight, with a model that computes nothing;
 * resolves with its session.
 */
export async function watchScene(
  path: string,
  reader: TextReader,
  { readText, pacing }: { readText: 'on' | 'off'; pacing: 'fast' | 'realtime' },
  signal?: AbortSignal,
): Promise<DuetSession> {
  const model = Object.assign(new ScriptedModel({ capabilities: { pictureSide: 300 } }), { reader });
  const settings = sessionSettings(model.capabilities, 'default', {
    readText,
    fps: 4,
    policy: { type: 'never' },
  });
  const session = await DuetSession.open({ id: 'scene', model, settings, now: () => performance.now() });
  const stream = await openVideo(
    { type: 'file', path },
    {
      ...{ side: 300, fit: 'stretch', detail: detailFor(model, settings), fps: 4, pacing, ffmpeg },
      ffmpegPolicy: { trustedSource: true, allowBundled: false },
    },
  );
  const options = { source: path, samplingFps: 4, realtime: pacing === 'realtime' };
  await session.watch(stream, options, signal);
  return session;
}
