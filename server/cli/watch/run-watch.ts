import { randomUUID } from 'node:crypto';
import { DuetSession } from '../../duet/session.js';
import { sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import type { DuetModel } from '../../runtime/model.js';
import { openVideo } from '../../video/open-video.js';
import type { FrameStream, RequestedSampling } from '../../video/stream.js';
import type { SessionEvent } from '../../duet/events.js';
import { settingsOf, type SessionFlags } from '../session-flags.js';
import type { Ask } from './ask.js';
import type { FoundSource } from './find-source.js';
import { printedStream } from './printed-stream.js';
import type { Printer } from './printer.js';

/** Everything `duet watch` was told. */
export interface WatchPlan {
  readonly found: FoundSource;
  readonly task: string;
  readonly flags: SessionFlags;
  readonly asks: readonly Ask[];
  readonly sampling: Pick<RequestedSampling, 'pacing' | 'sampler' | 'maxFrames'>;
  readonly allowBundledFfmpeg: boolean;
}

/**
 * Watches one source to its end and prints every event of the session. Throws what opening throws before anything is printed,
 * and 'source_failed' when the source breaks on the way.
 */
export async function runWatch(
  plan: WatchPlan,
  model: DuetModel,
  output: { printer: Printer; render: (event: SessionEvent) => string },
  signal: AbortSignal,
): Promise<void> {
  const recommended = sessionSettings(model.description, plan.task);
  const settings = { ...recommended, ...settingsOf(plan.flags, recommended.policy) };
  await using stream = await open(plan, settings.fps, model, signal);
  await using session = await DuetSession.open({
    id: randomUUID(),
    model,
    settings,
    now: () => performance.now(),
  });
  for (const { text } of plan.asks) await session.requireFits(text);
  const printed = printAll(session, output);
  try {
    for (const { text, videoTime } of plan.asks) {
      session.addUserText(text, videoTime === null ? {} : { videoTime });
    }
    await session.watch(
      printedStream(stream, () => output.printer.keptUpWith(session.log.lastSeq)),
      {
        source: plan.found.name,
        samplingFps: settings.fps,
        realtime: plan.sampling.pacing === 'realtime' || stream.info.live,
      },
      signal,
    );
  } finally {
    await session.close('finished');
    await printed;
  }
  requireWhole(session);
}

function open(plan: WatchPlan, fps: number, model: DuetModel, signal: AbortSignal): Promise<FrameStream> {
  const { found, sampling, allowBundledFfmpeg: allowBundled } = plan;
  const ffmpegPolicy = { trustedSource: found.trusted, allowBundled };
  const { side } = model.description.picture;
  return openVideo(found.source, { ...sampling, fps, side, ffmpegPolicy }, signal);
}

async function printAll(session: DuetSession, output: Parameters<typeof runWatch>[2]): Promise<void> {
  for await (const event of session.log.read()) await output.printer.print(output.render(event), event.seq);
}

function requireWhole(session: DuetSession): void {
  const failed = session.log.snapshot().find((event) => event.type === 'source.failed');
  if (failed)
    throw new DuetError(failed.code === 'not_found' ? 'source_failed' : failed.code, failed.message);
}
