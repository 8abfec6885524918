import type { WirePolicy } from '../../../server/settings/wire-name.js';
import { frameText } from '../state/reason-text.js';
import type { FrameTrace } from '../state/view.js';

interface ReadoutProps {
  readonly frame: FrameTrace | undefined;
  /** Whether the sentence is to be read out, as when the keyboard moves through the frames. */
  readonly aloud: boolean;
}

/** The sentence under the plot: why the model spoke after this frame or kept silent. */
export function Readout({ frame, aloud }: ReadoutProps) {
  return (
    <p class="readout" id="readout" aria-live={aloud ? 'polite' : undefined}>
      {frame === undefined
        ? 'Every frame is scored; point at one to learn why the model spoke or kept silent.'
        : frameText(frame)}
    </p>
  );
}

interface LegendProps {
  readonly frame: FrameTrace | undefined;
  readonly policy: WirePolicy['type'] | undefined;
}

/** The legend with the values of a frame. */
export function Legend({ frame, policy }: LegendProps) {
  return (
    <ul class="legend" id="legend">
      <Entry label="Informative" color="--informative" value={frame?.informative_score} />
      <Entry label="Relevance" color="--relevance" value={frame?.relevance_score} />
      <Entry label="Score" color="--score" value={frame?.score} hidden={policy === 'sum'} />
      <Entry label="Sum" color="--score" value={frame?.running_sum} hidden={policy !== 'sum'} />
      <Entry
        label="Threshold"
        color="--threshold"
        value={frame?.threshold}
        hidden={policy === 'never'}
        dashed
      />
    </ul>
  );
}

interface EntryProps {
  readonly label: string;
  /** Name of a colour of the style sheet. */
  readonly color: string;
  readonly value: number | null | undefined;
  readonly hidden?: boolean;
  readonly dashed?: boolean;
}

function Entry({ label, color, value, hidden = false, dashed = false }: EntryProps) {
  return (
    <li hidden={hidden}>
      <span
        class={dashed ? 'legend-swatch dashed' : 'legend-swatch'}
        style={{ '--swatch': `var(${color})` }}
      />
      <span>{label}</span>
      <span class="legend-value">{value?.toFixed(2) ?? '–'}</span>
    </li>
  );
}
