import { DuetError } from '../../errors.js';
import { liveSettings, type SessionSettings } from '../../settings/session-settings.js';
import type { VideoInfo } from '../../video/stream.js';
import { takeTurn } from '../policy/take-turn.js';
import type { SessionEvent } from '../record/events.js';
import { nothingRecorded, recordedAfter, type RecordedState } from '../record/recorded-state.js';
import { DuetSession } from '../session.js';
import { knownSettings, sessionSettings } from '../settings.js';
import { OneFrameStream } from './one-frame-stream.js';
import { RecordedModel } from './recorded-model.js';
import { recordedSteps, type RecordedStep } from './recorded-steps.js';

/**
 * Plays a record back through a session of its own, with the recorded scores and replies in place of a model,
 * and yields that session's events; returns how its decisions compare. Under the recorded settings they are
 * the same; under others they are those on the same scores, as if what was said had changed none of them.
 * Throws 'invalid_request' for a record that does not say how its session began.
 */
export async function* replaySession(
  events: AsyncIterable<SessionEvent>,
  options: ReplayOptions,
): AsyncGenerator<SessionEvent, ReplaySummary> {
  const replay = new Replay(options);
  try {
    for await (const step of recordedSteps(events)) yield* replay.play(step);
    yield* replay.close();
  } finally {
    await replay.abandon();
  }
  return replay.summary;
}

interface ReplayOptions {
  /** Changes the recorded settings. */
  readonly change: (recorded: SessionSettings) => Partial<SessionSettings>;
  /** What was known before the first event, if it is not the session's first. */
  readonly begun?: RecordedState | undefined;
}

/** How the decisions of a replay compare with the recorded ones. */
export interface ReplaySummary {
  frames: number;
  /** Frames at which the assistant spoke, in the record and in the replay. */
  recordedReplies: number;
  replayedReplies: number;
  /** Frames whose decision, reason included, is the recorded one. */
  sameDecisions: number;
  /** Replies of the replay whose text is not known. */
  unknownReplies: number;
}

/** What a record says of a session that begins or goes on. */
interface RecordedOpening {
  readonly model: string;
  readonly severalQuestions?: boolean;
  readonly settings: Readonly<Record<string, unknown>> | SessionSettings;
}

type Step<Type extends RecordedStep['type']> = Extract<RecordedStep, { type: Type }>;

class Replay {
  readonly summary: ReplaySummary = {
    ...{ frames: 0, recordedReplies: 0, replayedReplies: 0, sameDecisions: 0, unknownReplies: 0 },
  };
  readonly #options: ReplayOptions;
  #state: RecordedState;
  /** The settings as recorded, without the change. */
  #recorded: SessionSettings | null = null;
  #model = new RecordedModel({ name: '', severalQuestions: false, textOf: () => undefined });
  #session: DuetSession | null = null;
  #stream: OneFrameStream | null = null;
  #watching: Promise<void> | null = null;
  #newest: Step<'frame'>['event'] | null = null;
  #clockMs = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#state = options.begun ?? nothingRecorded;
  }

  /** Carries out one step and yields what came of it. */
  async *play(step: RecordedStep): AsyncGenerator<SessionEvent, void> {
    if (step.type === 'opened') await this.#open(step.event);
    else await this.#goOn(step);
    yield* this.#told();
  }

  async *close(): AsyncGenerator<SessionEvent, void> {
    this.#stream?.end();
    await this.#watching;
    await this.#session?.close('finished');
    yield* this.#told();
  }

  async abandon(): Promise<void> {
    await this.#session?.close('abandoned');
    await this.#watching?.catch(() => undefined);
  }

  async #goOn(step: Exclude<RecordedStep, { type: 'opened' }>): Promise<void> {
    const session = this.#session ?? (await this.#openLater());
    this.#clockMs = step.event.elapsedMs;
    switch (step.type) {
      case 'source':
        this.#watch(session, step.event);
        return;
      case 'source-end':
        return this.#endSource(session, step);
      case 'text': {
        const { text, clientEventId, requestedTime } = step.event;
        session.addUserText(text, {
          ...(requestedTime !== null && { videoTime: requestedTime }),
          ...(clientEventId !== null && { clientEventId }),
        });
        return;
      }
      case 'update':
        this.#update(session, step.event);
        return;
      case 'ask': {
        const { questionId: id, text, threshold, clientEventId } = step.event;
        await session.addQuestion(text, {
          id,
          ...(threshold !== null && { threshold }),
          ...(clientEventId !== null && { clientEventId }),
        });
        return;
      }
      case 'remove':
        return session.removeQuestion(step.event.questionId, step.event.clientEventId);
      case 'frame':
        return this.#frame(session, step);
      default:
        step satisfies never;
    }
  }

  async #open(event: Step<'opened'>['event']): Promise<void> {
    await this.abandon();
    this.#stream = null;
    this.#watching = null;
    const isAgain = event.type === 'session.reopened';
    this.#clockMs = isAgain ? event.elapsedMs : 0;
    const { lastSeq } = this.#state;
    const recorded = { ...this.#state, elapsedMs: this.#clockMs, lastSeq, source: null, reply: null };
    const { awayMs = 0, lostEvents = 0, source = null } = isAgain ? event : {};
    this.#session = await this.#newSession(event, {
      id: isAgain ? 'replay' : event.sessionId,
      ...(isAgain && { reopening: { recorded, awayMs, lostEvents, source } }),
    });
  }

  /** A record whose beginning was rotated away says in its first line how the session stood. */
  async #openLater(): Promise<DuetSession> {
    const { begun } = this.#options;
    if (begun === undefined || begun.model === '') {
      const message =
        'The record does not say how its session began: it must begin with session.opened, or with ' +
        'record.header as the files of a record folder do';
      throw new DuetError('invalid_request', message);
    }
    const recorded = { ...begun, source: null, reply: null };
    const reopening = { recorded, awayMs: 0, lostEvents: 0, source: begun.source };
    this.#clockMs = begun.elapsedMs;
    this.#session = await this.#newSession(begun, { id: 'replay', reopening });
    return this.#session;
  }

  #newSession(
    { model: name, severalQuestions, settings: recorded }: RecordedOpening,
    opening: Pick<Parameters<typeof DuetSession.open>[0], 'id' | 'reopening'>,
  ): Promise<DuetSession> {
    const textOf = (id: string): string | undefined =>
      this.#session?.questions.find(({ questionId }) => questionId === id)?.text;
    // Older records do not say whether questions stood in one context; then none did.
    const model = new RecordedModel({ name, severalQuestions: severalQuestions ?? false, textOf });
    model.unknownReplies = this.#model.unknownReplies;
    this.#model = model;
    this.#recorded = sessionSettings(model.capabilities, 'default', knownSettings({ ...recorded }));
    const settings = { ...this.#recorded, ...this.#options.change(this.#recorded) };
    return DuetSession.open({
      ...{ ...opening, model, settings, now: () => this.#clockMs },
      takeTurn: (turnSettings, state, frame) =>
        takeTurn(turnSettings, state, { ...frame, pictureChange: model.nextPictureChange() }),
    });
  }

  #watch(session: DuetSession, { source, info, samplingFps }: Omit<Step<'source'>['event'], 'type'>): void {
    this.#newest = null;
    this.#stream = new OneFrameStream(info);
    this.#watching = session.watch(this.#stream, { source, samplingFps, realtime: false });
  }

  async #endSource(session: DuetSession, { event }: Step<'source-end'>): Promise<void> {
    if (!this.#stream) return;
    if (event.type === 'source.failed') this.#stream.end(new DuetError(event.code, event.message));
    else if (event.reason === 'stopped') await session.stopSource();
    else this.#stream.end();
    await this.#watching;
    this.#stream = null;
    this.#watching = null;
  }

  #update(session: DuetSession, { settings, clientEventId }: Step<'update'>['event']): void {
    if (!this.#recorded) return;
    this.#recorded = { ...this.#recorded, ...knownSettings({ ...settings }) };
    session.update(
      liveSettings({ ...this.#recorded, ...this.#options.change(this.#recorded) }),
      clientEventId,
    );
  }

  async #frame(session: DuetSession, step: Step<'frame'>): Promise<void> {
    this.#model.play(step);
    const { frameIndex: index, videoTime } = step.event;
    const isAgain = this.#newest?.frameIndex === index && this.#newest.videoTime === videoTime;
    this.#newest = step.event;
    if (isAgain) return this.#lookAgain(session);
    if (!this.#stream) this.#watch(session, { ...unknownSource, ...step.event });
    this.#stream?.push({ index, videoTime, picture: blankPicture });
    await frameDone(session, this.#state.lastSeq);
  }

  /** The video was paused or over when the frame was scored once more. */
  async #lookAgain(session: DuetSession): Promise<void> {
    if (this.#stream) session.pauseSource();
    await session.lookAgain();
    if (this.#stream) session.resumeSource();
  }

  async *#told(): AsyncGenerator<SessionEvent, void> {
    const events = this.#session?.log.history(this.#state.lastSeq);
    if (!events) return;
    for await (const event of events) {
      this.#state = recordedAfter(this.#state, event);
      if (event.type === 'frame.scored') this.#count(event);
      yield event.type === 'frame.scored'
        ? { ...event, pictureChange: this.#model.frame?.event.pictureChange ?? null }
        : event;
    }
    this.summary.unknownReplies = this.#model.unknownReplies;
  }

  #count({ fired, reason }: Step<'frame'>['event']): void {
    const recorded = this.#model.frame?.event;
    this.summary.frames += 1;
    this.summary.recordedReplies += recorded?.fired === true ? 1 : 0;
    this.summary.replayedReplies += fired ? 1 : 0;
    this.summary.sameDecisions += recorded?.fired === fired && recorded.reason === reason ? 1 : 0;
  }
}

const blankPicture = { width: 2, height: 2, rgb: new Uint8Array(12) };

const unknownInfo: VideoInfo = {
  ...{ width: 0, height: 0, fps: null, duration: null, codec: 'unknown', live: false },
};

/** For a record whose beginning was rotated away. */
const unknownSource = { source: 'unknown', info: unknownInfo, samplingFps: 1 };

/** Resolves when the frame that comes next has been decided on and answered. */
async function frameDone(session: DuetSession, after: number): Promise<void> {
  let unanswered = Infinity;
  for await (const event of session.log.read({ after })) {
    if (event.type === 'frame.scored') {
      const firing = event.questions.filter(({ fired }) => fired).length;
      unanswered = event.questions.length > 0 ? firing : Number(event.fired);
    }
    if (event.type === 'response.done' || event.type === 'response.suppressed') unanswered -= 1;
    if (unanswered === 0) return;
  }
}
