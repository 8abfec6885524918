import './segments.css';

interface SegmentsProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Segment[];
  readonly chosen: readonly string[];
  /** Whether several may be chosen; at least one always is. */
  readonly several?: boolean;
  readonly disabled: boolean;
  readonly choose: (values: readonly string[]) => void;
}

interface Segment {
  readonly value: string;
  readonly label: string;
  /** Shown when the mouse rests on it; empty for nothing. */
  readonly help: string;
}

/** A row of choices that reads as one control. */
export function Segments({ name, label, options, chosen, several = false, disabled, choose }: SegmentsProps) {
  const toggle = (input: HTMLInputElement): void => {
    const others = several ? chosen.filter((value) => value !== input.value) : [];
    const wanted = input.checked ? [...others, input.value] : others;
    // The last chosen one cannot be deselected.
    if (wanted.length === 0) input.checked = true;
    else choose(options.map(({ value }) => value).filter((value) => wanted.includes(value)));
  };
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div class={several ? 'segments multiple' : 'segments'} id={name}>
        {options.map((option) => (
          <label key={option.value} title={option.help || undefined}>
            <input
              type={several ? 'checkbox' : 'radio'}
              name={name}
              value={option.value}
              checked={chosen.includes(option.value)}
              disabled={disabled}
              onInput={({ currentTarget }) => {
                toggle(currentTarget);
              }}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
