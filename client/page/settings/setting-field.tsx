import { useRef } from 'preact/hooks';
import {
  levelOf,
  startingPolicies,
  type Control,
  type ControlOption,
} from '../../../server/settings/controls.js';
import { withLevel } from '../../../server/settings/policies.js';
import type { WireLiveSettings, WirePolicy } from '../../../server/settings/wire-name.js';
import { Segments } from '../parts/segments.js';
import { Slider } from '../parts/slider.js';

/** What every field of the form is given. */
interface FieldProps {
  /** Null until a session has told its settings. */
  readonly settings: WireLiveSettings | null;
  readonly disabled: boolean;
  readonly change: (patch: Partial<WireLiveSettings>) => void;
}

/** The control of one setting, in the shape that the table of settings gives it. */
export function SettingField({ control, ...field }: FieldProps & { readonly control: Control }) {
  const { settings, disabled } = field;
  const value = settings?.[control.name];
  const set = (changed: unknown): void => {
    // What a control offers and what its setting takes come from one table.
    field.change({ [control.name]: changed });
  };
  if (control.type === 'policy') return <PolicyField control={control} {...field} />;
  if (control.type === 'slider') {
    const number = typeof value === 'number' ? value : control.min;
    const text = `${number} ${control.unit}`.trim();
    return <Slider {...control} id={control.name} value={number} {...{ text, disabled }} slide={set} />;
  }
  const several = control.type === 'several';
  const chosen = [value].flat().filter((one) => typeof one === 'string');
  const choose = (values: readonly string[]): void => {
    set(several ? values : values[0]);
  };
  return <Segments {...control} {...{ several, chosen, choose, disabled }} />;
}

interface PolicyFieldProps extends FieldProps {
  readonly control: Pick<Control, 'name' | 'label'> & { readonly options: readonly ControlOption[] };
}

/** The policies to choose from, and the slider of the one number of the chosen one. */
function PolicyField({ control, settings, disabled, change }: PolicyFieldProps) {
  /** The number last used with each policy, so that switching back restores it. */
  const used = useRef(new Map<string, WirePolicy>());
  const policy = settings?.policy;
  if (policy !== undefined) used.current.set(policy.type, policy);
  const choose = ([type = '']: readonly string[]): void => {
    const fresh = Object.values(startingPolicies).find((one) => one.type === type);
    const chosen = used.current.get(type) ?? fresh;
    if (chosen !== undefined) change({ policy: chosen });
  };
  const level = settings === null ? null : levelOf(settings);
  return (
    <>
      <Segments {...control} {...{ choose, disabled }} chosen={[policy?.type ?? '']} />
      <Slider
        id="level"
        {...(level ?? {
          label: policy ? 'It only records the scores' : 'Threshold',
          min: 0,
          max: 1,
          step: 0.01,
          value: 0.5,
        })}
        text={level?.value.toFixed(2) ?? ''}
        hidden={policy !== undefined && level === null}
        disabled={disabled}
        slide={(value) => {
          if (policy !== undefined) change({ policy: withLevel(policy, value) });
        }}
      />
    </>
  );
}
