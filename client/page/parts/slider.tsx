import './slider.css';

interface SliderProps {
  readonly id: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value in words. */
  readonly text: string;
  readonly hidden?: boolean;
  readonly disabled: boolean;
  readonly slide: (value: number) => void;
}

/** A slider with a name and the current value. */
export function Slider({ id, label, min, max, step, value, text, hidden, disabled, slide }: SliderProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="slider">
        <input
          type="range"
          id={id}
          min={min}
          max={Math.max(max, value)}
          step={step}
          value={value}
          hidden={hidden}
          disabled={disabled}
          onInput={({ currentTarget }) => {
            slide(currentTarget.valueAsNumber);
          }}
        />
        <output id={`${id}-value`} for={id}>
          {text}
        </output>
      </div>
    </div>
  );
}
