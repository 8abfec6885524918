import { randomUUID } from 'node:crypto';
import { detailFor } from '../../duet/reading/session-reading.js';
import { DuetSession } from '../../duet/session.js';
import { sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import { pictureShapeFor } from '../../runtime/capabilities.js';
import type { DuetModel } from '../../runtime/model.js';
import { ChangedFrames } from '../../video/changed-frames.js';
import type { VideoFrame } from '../../video/frame.js';
import type { RequestedSampling } from '../../video/sampling/sampling-options.js';
import { SourceHandler } from '../../video/sources/handler.js';
import { retryWhileExpected } from '../../video/sources/pushed/ingest-source.js';
import { retryLive } from '../../video/sources/retry.js';
import type { FrameStream, StreamNotice } from '../../video/stream.js';
import type { SessionEvent } from '../../duet/record/events.js';
import { RecordStore } from '../../records/record-store.js';
import type { SessionArchive } from '../../records/session-archive.js';
import { changedSettings } from '../../settings/session-change.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { SessionFlags } from '../flags/session-flags.js';
import { asksAfter, latestOf, warnOfUnasked, type Ask, type AskedQuestion } from './ask.js';
import type { FoundSource } from './find-source.js';
import type { Printer } from './printer.js';
import { describeTrouble } from './trouble-text.js';

/** The settings of one `duet watch`. */
export interface WatchPlan {
  readonly found: FoundSource;
  readonly task: string;
  readonly flags: SessionFlags;
  readonly asks: readonly Ask[];
  readonly questions: readonly AskedQuestion[];
  readonly sampling: Pick<RequestedSampling, 'pacing' | 'sampler' | 'maxFrames'>;
  /** Attempts in a row to connect again to a live source; default: without end. */
  readonly maxReconnects?: number;
  /** Folder in which the session's record is kept; default: none. */
  readonly record?: string;
  readonly allowBundledFfmpeg: boolean;
}

/** Where a session and its warnings are shown. */
export interface WatchOutput {
  readonly printer: Printer;
  readonly render: (event: SessionEvent) => string;
  readonly warn: (message: string) => void;
}

/**
 * Watches one source to its end and prints every event of the session. Throws what opening throws before
 * anything is printed, and 'source_failed' if the source fails on the way.
 */
export async function runWatch(
  plan: WatchPlan,
  model: DuetModel,
  output: WatchOutput,
  signal: AbortSignal,
): Promise<void> {
  const recommended = sessionSettings(model.capabilities, plan.task);
  const settings = {
    ...recommended,
    ...changedSettings(plan.flags, recommended.policy, recommended.heads.length),
  };
  await using stream = await open(plan, settings, model, output, signal);
  await using records = plan.record === undefined ? null : await openRecords(plan.record);
  const id = randomUUID();
  const archive = records?.begin(id, null);
  await using session = await DuetSession.open({
    id,
    model,
    settings,
    now: () => performance.now(),
    archive,
  });
  for (const { text } of plan.asks) await session.requireFits(text);
  for (const { text, threshold } of plan.questions) {
    await session.addQuestion(text, threshold === null ? {} : { threshold });
  }
  const printed = printAll(session, output);
  try {
    await watchAndAsk(plan, session, stream, output, signal);
  } finally {
    await session.close(signal.aborted ? 'interrupted' : 'finished');
    await printed;
  }
  if (archive) output.warn(whereRecorded(archive));
  requireWhole(session);
}

function whereRecorded({ folder, isBehind }: SessionArchive): string {
  return isBehind ? `nothing whole was recorded: ${folder} cannot be written` : `the record is in ${folder}`;
}

/** Whoever names a folder wants to keep all of it. */
function openRecords(folder: string): Promise<RecordStore> {
  const limits = { keepMs: Infinity, totalBytes: Infinity, sessionBytes: Infinity, fileBytes: 64e6 };
  return RecordStore.open({ folder, limits });
}

/** Asks the user's texts while the source plays, and warns about those that were never asked. */
async function watchAndAsk(
  { asks, found, sampling }: WatchPlan,
  session: DuetSession,
  stream: FrameStream,
  output: WatchOutput,
  signal: AbortSignal,
): Promise<void> {
  const { duration, live } = stream.info;
  const beyond = duration === null ? [] : asksAfter(asks, duration);
  warnOfUnasked(beyond, duration, output.warn);
  for (const { text, videoTime } of asks) session.addUserText(text, videoTime === null ? {} : { videoTime });
  await session.watch(
    printedStream(stream, () => output.printer.keptUpWith(session.log.lastSeq)),
    {
      source: found.name,
      samplingFps: session.settings.fps,
      realtime: sampling.pacing === 'realtime' || live,
    },
    signal,
  );
  const left = latestOf(asks, session.waitingTexts).filter((ask) => !beyond.includes(ask));
  if (!signal.aborted) warnOfUnasked(left, null, output.warn);
}

function open(
  { found, sampling, maxReconnects, allowBundledFfmpeg: allowBundled }: WatchPlan,
  settings: SessionSettings,
  model: DuetModel,
  output: WatchOutput,
  signal: AbortSignal,
): Promise<FrameStream> {
  const ffmpegPolicy = { trustedSource: found.trusted, allowBundled };
  const shape = { ...pictureShapeFor(model.capabilities), detail: detailFor(model, settings) };
  const options = { ...sampling, ...shape, fps: settings.fps, ffmpegPolicy };
  const retry =
    found.source.type === 'ingest'
      ? retryWhileExpected(found.source.sender, maxReconnects)
      : retryLive({ maxAttempts: maxReconnects });
  const hear = (notice: StreamNotice): void => {
    tellTrouble(notice, output);
  };
  return SourceHandler.open({ source: found.source, options, retry, hear }, signal);
}

function tellTrouble(event: SessionEvent | StreamNotice, { warn }: WatchOutput): void {
  const text = describeTrouble(event);
  if (text !== null) warn(text);
}

async function printAll(session: DuetSession, output: WatchOutput): Promise<void> {
  let unscored: string | null = null;
  for await (const event of session.log.read()) {
    // Told once, since it may go on for every frame.
    const again = event.type === 'frame.unscored' && event.reason === unscored;
    if (!again) tellTrouble(event, output);
    if (event.type === 'frame.unscored' && event.message !== null) unscored = event.reason;
    if (event.type === 'frame.scored') unscored = null;
    await output.printer.print(output.render(event), event.seq);
  }
}

function requireWhole(session: DuetSession): void {
  const failed = session.log.snapshot().find((event) => event.type === 'source.failed');
  if (failed)
    throw new DuetError(failed.code === 'not_found' ? 'source_failed' : failed.code, failed.message);
}

/** A stream whose frames wait until printing has caught up. */
function printedStream(stream: FrameStream, ready: () => Promise<void>): FrameStream {
  return new ChangedFrames(stream, waiting(stream, ready));
}

async function* waiting(
  frames: AsyncIterable<VideoFrame>,
  ready: () => Promise<void>,
): AsyncGenerator<VideoFrame, void> {
  for await (const frame of frames) {
    await ready();
    yield frame;
  }
}
