import { Component } from 'preact';
import { clockText } from '../../common/clock-text.js';
import { isSaid, type ShownTurn } from '../state/view.js';

interface TurnItemProps {
  readonly turn: ShownTurn;
  /** Whether its moment is the one that was clicked. */
  readonly picked: boolean;
  /** Whether the video, played again, is where it was said last. */
  readonly passing: boolean;
  readonly pick: (videoTime: number) => void;
}

/**
 * One turn of the conversation, rendered again when it changes: a conversation has thousands of turns, and
 * one changes at a time. An element kept by `useMemo` would keep the whole list of its time alive, for every
 * turn another one.
 */
export class TurnItem extends Component<TurnItemProps> {
  override shouldComponentUpdate(next: TurnItemProps): boolean {
    const { turn, picked, passing, pick } = this.props;
    return turn !== next.turn || picked !== next.picked || passing !== next.passing || pick !== next.pick;
  }

  override render({ turn, picked, passing, pick }: TurnItemProps) {
    return (
      <li class={`turn ${turn.type}${passing ? ' passing' : ''}`} data-status={statusOf(turn)}>
        {turn.type === 'note' ? (
          <p>{turn.text.trimEnd()}</p>
        ) : (
          <SaidTurn turn={turn} picked={picked} pick={pick} />
        )}
      </li>
    );
  }
}

interface SaidTurnProps extends Pick<TurnItemProps, 'picked' | 'pick'> {
  readonly turn: Exclude<ShownTurn, { type: 'note' }>;
}

function SaidTurn({ turn, picked, pick }: SaidTurnProps) {
  return (
    <>
      <div class="turn-head">
        <span class="turn-who">{turn.type === 'question' ? 'You' : 'Duet'}</span>
        <Moment videoTime={turn.videoTime} picked={picked} pick={pick} />
        <span class="turn-status">{statusText(turn)}</span>
      </div>
      {turn.type === 'reply' && turn.answers !== null && (
        <p class="turn-answers" dir="auto">
          on: {turn.answers}
        </p>
      )}
      <p class="turn-text" dir="auto">
        {turn.text.trimEnd()}
      </p>
      {turn.type === 'question' && turn.refusal !== null && (
        <p class="turn-refusal" role="alert">
          Not taken in: {turn.refusal}
        </p>
      )}
    </>
  );
}

interface MomentProps {
  readonly videoTime: number | null;
  readonly picked: boolean;
  readonly pick: (videoTime: number) => void;
}

function Moment({ videoTime, picked, pick }: MomentProps) {
  return (
    <button
      type="button"
      class="turn-time"
      aria-pressed={picked}
      hidden={videoTime === null}
      onClick={() => {
        if (videoTime !== null) pick(videoTime);
      }}
    >
      {videoTime !== null && clockText(videoTime)}
    </button>
  );
}

function statusOf(turn: ShownTurn): string {
  if (!isSaid(turn)) return turn.type;
  if (turn.type === 'reply') return turn.status;
  if (turn.refused) return 'refused';
  return turn.videoTime === null ? 'waiting' : 'inserted';
}

function statusText(turn: Exclude<ShownTurn, { type: 'note' }>): string {
  if (turn.type === 'suppressed') return 'kept to itself: said before';
  if (turn.type === 'question') {
    if (turn.refused) return turn.refusal === null ? 'not read' : '';
    return turn.videoTime === null ? 'waits for the next frame' : '';
  }
  if (turn.status === 'cancelled' || turn.status === 'failed') return turn.status;
  if (turn.cut) return 'cut at the limit';
  return turn.unsure ? 'not sure' : '';
}
