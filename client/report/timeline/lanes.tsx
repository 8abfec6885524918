import { shortNumber, timeText } from '../figure-text.js';
import type { GoldBar, LaneLayout, SaidMark } from './lane-layout.js';

/** Gold spans as bars with their texts, cut off where a bar ends. */
export function GoldSpans({ lanes: { bars, barHeight } }: { readonly lanes: LaneLayout }) {
  return (
    <g class="gold">
      {bars.map((bar, index) => (
        <Bar key={index} bar={bar} height={barHeight} />
      ))}
    </g>
  );
}

function Bar({
  bar: { x, y, width, text, label },
  height,
}: {
  readonly bar: GoldBar;
  readonly height: number;
}) {
  return (
    <g>
      <title>{text}</title>
      <rect x={x} y={y} width={width} height={height} rx={4} />
      {/* An inner drawing cuts off what lies beyond it. */}
      <svg x={label.x} y={y} width={label.width} height={height}>
        <text x={6} y={height / 2} dy="0.34em">
          {text}
        </text>
      </svg>
    </g>
  );
}

interface SaidProps {
  readonly marks: readonly SaidMark[];
  /** Pixels from the top down to which the hair lines go. */
  readonly bottom: number;
}

/** Questions and replies as marks, each with a hair line down through the score tracks. */
export function SaidMarks({ marks, bottom }: SaidProps) {
  return (
    <g class="said">
      {marks.map(({ kind, x, y }, index) => (
        <line key={index} class={`hair ${kind}`} x1={x} x2={x} y1={y} y2={bottom} />
      ))}
      {marks.map((mark, index) => (
        <Mark key={`mark ${index}`} mark={mark} />
      ))}
    </g>
  );
}

function Mark({ mark }: { readonly mark: SaidMark }) {
  const { kind, x, y, rating, deliveryX } = mark;
  const known = kind === 'question' ? '?' : rating === null ? '' : shortNumber(rating);
  return (
    <g class={`mark ${kind}${kind === 'reply' && rating === null ? ' unrated' : ''}`}>
      <title>{titleOf(mark)}</title>
      {deliveryX !== null && <Delivery from={x} to={deliveryX} y={y} />}
      <circle cx={x} cy={y} r={known === '' ? 7 : 9} />
      <text x={x} y={y} dy="0.35em" text-anchor="middle">
        {known}
      </text>
    </g>
  );
}

interface DeliveryProps {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

/** A line to the moment at which a viewer had the reply. */
function Delivery({ from, to, y }: DeliveryProps) {
  return (
    <>
      <line class="delivery" x1={from} x2={to} y1={y} y2={y} />
      <line class="delivery" x1={to} x2={to} y1={y - 6} y2={y + 6} />
    </>
  );
}

function titleOf({ kind, time, rating, text }: SaidMark): string {
  const rated =
    kind === 'question' ? 'question' : rating === null ? 'not rated' : `rated ${shortNumber(rating)}`;
  return `${timeText(time)}, ${rated}: ${text}`;
}
