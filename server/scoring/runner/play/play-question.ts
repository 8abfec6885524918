import { randomUUID } from 'node:crypto';
import type { SessionEvent } from '../../../duet/record/events.js';
import { DuetSession } from '../../../duet/session.js';
import type { TakeTurn } from '../../../duet/policy/take-turn.js';
import { DuetError, toDuetError, type ErrorCode } from '../../../errors.js';
import { turnsOfBaseline } from './speaking-times.js';
import { DeliveryClock } from './delivery-clock.js';
import { openQuestion, type Player } from './open-question.js';
import type { QuestionOutcome, Played } from '../../data/played.js';
import type { Question } from '../../data/question.js';
import { middleOf } from '../../data/span.js';
import type { PlaySettings } from './settings.js';

/** Plays one question to its end. */
export type PlayQuestion = (question: Question, signal: AbortSignal) => Promise<QuestionOutcome>;

/** Errors of a single question, its video or its texts; the other questions are still played. */
const faultsOfQuestion: readonly ErrorCode[] = [
  'not_found',
  'source_failed',
  'invalid_request',
  'too_large',
  'context_full',
];

/**
 * Plays a question through the same session that serves users, with a file as its source. A missing or broken
 * video, or a text too long for the context, makes the question unplayable; a failing model ('model_failed')
 * and an aborted signal ('cancelled') are thrown.
 */
export function questionPlayer(player: Player): PlayQuestion {
  return async (question, signal) => {
    try {
      return { type: 'played', played: await play(player, question, signal) };
    } catch (thrown) {
      const { code, message } = toDuetError(thrown);
      if (!faultsOfQuestion.includes(code)) throw thrown;
      return { type: 'unplayable', questionId: question.questionId, reason: message };
    }
  };
}

async function play(player: Player, question: Question, signal: AbortSignal): Promise<Played> {
  const { baseline } = player.settings;
  if (baseline?.type === 'majority') return playMajority(player, question, baseline.answer, signal);
  return watchVideo(
    player,
    question,
    baseline ? turnsOfBaseline(baseline, question, player.settings.session.fps) : (player.takeTurn ?? null),
    signal,
  );
}

/**
 * Gives one answer in the middle of every gold span, without delay and without a model, so there are no
 * scores. The video is opened for its duration; one that cannot be played fails here as it would with a
 * model.
 */
async function playMajority(
  player: Player,
  question: Question,
  answer: string,
  signal: AbortSignal,
): Promise<Played> {
  await using stream = await openQuestion(player, question, signal);
  const times = [...new Set(question.gold.map(({ span }) => middleOf(span)))].sort((a, b) => a - b);
  const duration = stream.info.duration ?? times.at(-1) ?? 0;
  return {
    question_id: question.questionId,
    video_duration: duration,
    replies: times.map((time) => ({ time, content: answer, delivery_time: time })),
    suppressed: [],
    frames: [],
    unasked: question.conversation.filter(({ time }) => time > duration).length,
    renewals: 0,
    warnings: [],
  };
}

/** `takeTurn` decides when the model speaks; null leaves that to its policy. */
async function watchVideo(
  player: Player,
  question: Question,
  takeTurn: TakeTurn | null,
  signal: AbortSignal,
): Promise<Played> {
  const { session: settings, pacing } = player.settings;
  await using stream = await openQuestion(player, question, signal);
  const now = (): number => performance.now();
  await using session = await DuetSession.open({
    ...{ id: randomUUID(), model: player.model, settings, now },
    ...(takeTurn && { takeTurn }),
  });
  const onFrame = (videoTime: number): void => player.onFrame?.(videoTime, stream.info.duration);
  const recorded = record(session.log.read(), pacing, onFrame);
  // Awaited below, unless the model fails; then the model's error is thrown instead.
  recorded.catch(() => undefined);
  for (const { content, time } of question.conversation) {
    await session.requireFits(content);
    session.addUserText(content, { videoTime: time });
  }
  const realtime = pacing === 'realtime';
  const viewing = { source: question.video, samplingFps: settings.fps, realtime, wholeBatches: !realtime };
  await session.watch(stream, viewing, signal);
  const unasked = session.waitingTexts;
  await session.close('finished');
  const seen = await recorded;
  if (signal.aborted) throw new DuetError('cancelled', `stopped while playing ${question.video}`);
  const lastFrame = seen.frames.at(-1)?.[0] ?? 0;
  const duration = stream.info.duration ?? lastFrame + 1 / settings.fps;
  return { question_id: question.questionId, video_duration: duration, ...seen, unasked };
}

type Seen = Pick<Played, 'replies' | 'suppressed' | 'frames' | 'renewals' | 'warnings'>;

/** Reads a session's log as it grows, since a long log drops its first frames. Throws the source's error. */
async function record(
  events: AsyncIterable<SessionEvent>,
  pacing: PlaySettings['pacing'],
  onFrame: (videoTime: number) => void,
): Promise<Seen> {
  const clock = new DeliveryClock(pacing);
  const seen: Seen = { replies: [], suppressed: [], frames: [], renewals: 0, warnings: [] };
  let failure: DuetError | null = null;
  for await (const event of events) {
    const delivery = clock.hear(event);
    if (isUnpaid(event)) failure = unpaid();
    else if (event.type === 'frame.scored') {
      seen.frames.push([event.videoTime, event.informativeScore, event.relevanceScore]);
      onFrame(event.videoTime);
    } else if (event.type === 'response.done' && delivery !== null) {
      seen.replies.push({ time: event.videoTime, content: event.text, delivery_time: delivery });
    } else if (event.type === 'response.suppressed' && delivery !== null) {
      seen.suppressed.push({ time: event.videoTime, content: event.text, delivery_time: delivery });
    } else if (event.type === 'session.context.renewed') seen.renewals += 1;
    else if (event.type === 'source.ended') seen.warnings.push(...event.warnings);
    else if (event.type === 'source.failed') failure = new DuetError('source_failed', event.message);
  }
  if (failure !== null) throw failure;
  return seen;
}

/** Whether the model was not asked since its budget is spent: what it would have said is not known. */
function isUnpaid(event: SessionEvent): boolean {
  if (event.type === 'frame.unscored') return event.reason === 'budget';
  return event.type === 'response.done' && event.error?.code === 'budget_spent';
}

function unpaid(): DuetError {
  const message =
    'the budget of the model is spent; with a higher --budget the same command goes on from here';
  return new DuetError('budget_spent', message);
}
