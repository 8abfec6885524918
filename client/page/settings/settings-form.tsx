import './settings.css';
import { useState } from 'preact/hooks';
import { liveControls, type Control } from '../../../server/settings/controls.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { PageProps } from '../commands.js';
import { ModelField } from './model-field.js';
import { SettingField } from './setting-field.js';
import { TaskField } from './task-field.js';
import { useDraft } from './use-draft.js';

/**
 * The form "when it speaks": shows the settings in force and sends every change at once. Its fields are those
 * of the table of settings, when the model speaks before the rest; rarely used ones are collapsed.
 */
export function SettingsForm({ view, playback, commands }: PageProps) {
  const { triedOut } = view;
  const { settings, change } = useShownSettings({ view, commands });
  const [open, setOpen] = useState(false);
  const disabled = view.settings === null || view.phase === 'idle' || view.phase === 'preparing';
  const fields = (wanted: (one: Control) => boolean) =>
    liveControls
      .filter(wanted)
      .map((one) => <SettingField key={one.name} control={one} {...{ settings, disabled, change }} />);
  return (
    <form
      class="settings"
      id="settings"
      aria-labelledby="settings-heading"
      aria-disabled={disabled}
      data-tries={triedOut !== null}
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <h2 class="visually-hidden" id="settings-heading">
        {triedOut === null ? 'When it speaks' : 'When it would speak'}
      </h2>
      {fields(({ type }) => type === 'policy')}
      {fields(({ type, more }) => type !== 'policy' && !more)}
      <MoreButton
        open={open}
        toggle={() => {
          setOpen(!open);
        }}
      />
      <div class="more-fields" id="more-fields" hidden={!open}>
        <ModelField {...{ view, playback, commands }} />
        <TaskField view={view} use={commands.useTask} />
        {fields(({ more }) => more)}
      </div>
    </form>
  );
}

/** The settings that are tried out, where some are, and not those in force. */
function useShownSettings({ view, commands }: Pick<PageProps, 'view' | 'commands'>) {
  const { triedOut } = view;
  const inForce = useDraft(view, commands.update);
  const change = (patch: Partial<WireLiveSettings>): void => {
    if (triedOut === null) inForce.change(patch);
    else commands.tryOut({ ...triedOut, ...patch });
  };
  return { settings: triedOut ?? inForce.draft, change };
}

function MoreButton({ open, toggle }: { readonly open: boolean; readonly toggle: () => void }) {
  return (
    <button
      type="button"
      class="more"
      id="more"
      aria-expanded={open}
      aria-controls="more-fields"
      onClick={toggle}
    >
      More
    </button>
  );
}
