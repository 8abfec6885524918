import type { DecidedFrame } from '../../../server/duet/replay/decide-again.js';
import type { DuetView, FrameTrace, QuestionTurn, ReplyTurn, ShownTurn } from '../state/view.js';

/**
 * The newest frames of a session, at most `most`, with what was said to and by the model, ready to be decided
 * again.
 */
export function recordedFrames(view: RecordedView, most: number): readonly DecidedFrame[] {
  const texts = view.turns.filter(
    (turn): turn is QuestionTurn => turn.type === 'question' && turn.seq !== null,
  );
  const replies = new Map(view.turns.flatMap(replyAt));
  const frames = view.frames.slice(-most);
  let heard = texts.findIndex(({ seq }) => (seq ?? 0) > (view.frames.at(-frames.length - 1)?.seq ?? 0));
  if (heard === -1) heard = texts.length;
  return frames.map((frame, index) => {
    const before = frames[index - 1];
    const since: string[] = [];
    for (let text = texts[heard]; text !== undefined && (text.seq ?? 0) < frame.seq; text = texts[heard]) {
      since.push(text.text);
      heard += 1;
    }
    return {
      videoTime: frame.video_time,
      scores: { informative: frame.informative_score, relevance: frame.relevance_score },
      pictureChange: frame.picture_change,
      texts: since,
      beginsSource: before === undefined || before.frame_index > frame.frame_index,
      standsStill: before !== undefined && isSame(before, frame),
      threshold: view.questions.find(({ id }) => id === frame.question_id)?.threshold ?? null,
      reply: frame.fired ? (replies.get(frame.video_time) ?? null) : null,
    };
  });
}

/** What of the view is needed. */
export type RecordedView = Pick<DuetView, 'frames' | 'turns' | 'questions'>;

/** A frame that was scored once more. */
function isSame(one: FrameTrace, other: FrameTrace): boolean {
  return one.frame_index === other.frame_index && one.video_time === other.video_time;
}

function replyAt(turn: ShownTurn): readonly (readonly [number, string])[] {
  return isReply(turn) || turn.type === 'suppressed' ? [[turn.videoTime, turn.text]] : [];
}

function isReply(turn: ShownTurn): turn is ReplyTurn {
  return turn.type === 'reply' && turn.status !== 'talking';
}
