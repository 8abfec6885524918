import { levelOf, startingPolicies } from '../../../server/settings/controls.js';
import { withLevel } from '../../../server/settings/policies.js';
import type { WireLiveSettings, WirePolicy } from '../../../server/settings/wire-name.js';
import { element, setText } from '../../common/element.js';
import type { DuetView } from '../state/view.js';

/** Sends a change of the settings to the server. */
export type ChangeSettings = (patch: Partial<WireLiveSettings>) => void;

/** Waiting time that turns the many steps of a moving slider into a few messages, in milliseconds. */
const settleMs = 120;

/** The form "when it speaks": shows the settings in force and sends every change at once. */
export class SettingsForm {
  readonly #form = element('settings', HTMLFormElement);
  readonly #level = element('level', HTMLInputElement);
  readonly #levelLabel = element('level-label', HTMLLabelElement);
  readonly #levelValue = element('level-value', HTMLOutputElement);
  readonly #cooldown = element('cooldown', HTMLInputElement);
  readonly #cooldownValue = element('cooldown-value', HTMLOutputElement);
  readonly #change: ChangeSettings;
  /** Numbers last used with each policy, so that trying another one loses nothing. */
  readonly #policies = new Map<WirePolicy['type'], WirePolicy>();
  #settings: WireLiveSettings | null = null;
  #waiting: Partial<WireLiveSettings> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(change: ChangeSettings) {
    this.#change = change;
    const more = element('more', HTMLButtonElement);
    const fields = element('more-fields', HTMLDivElement);
    more.addEventListener('click', () => {
      fields.hidden = !fields.hidden;
      more.setAttribute('aria-expanded', String(!fields.hidden));
    });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    this.#form.addEventListener('input', (event) => {
      if (event.target instanceof HTMLInputElement) this.#read(event.target);
    });
  }

  show(view: DuetView): void {
    const usable = view.settings !== null && view.phase !== 'idle' && view.phase !== 'preparing';
    for (const field of this.#form.querySelectorAll('input')) field.disabled = !usable;
    this.#form.setAttribute('aria-disabled', String(!usable));
    // While a change is on its way, the form knows better than the server.
    if (view.settings === null || view.settings === this.#settings || this.#timer !== undefined) return;
    this.#settings = view.settings;
    this.#fill(view.settings);
  }

  #read(input: HTMLInputElement): void {
    if (this.#settings === null) return;
    const patch = this.#patch(input, this.#settings);
    if (patch === null) return;
    this.#settings = { ...this.#settings, ...patch };
    this.#fill(this.#settings);
    this.#send(patch);
  }

  #patch(input: HTMLInputElement, settings: WireLiveSettings): Partial<WireLiveSettings> | null {
    switch (input.name === '' ? input.id : input.name) {
      case 'policy':
        return { policy: this.#policyNamed(input.value) };
      case 'level':
        return { policy: withLevel(settings.policy, input.valueAsNumber) };
      case 'cooldown':
        return { cooldown: input.valueAsNumber };
      case 'heads':
        return this.#heads(input);
      case 'turns':
        return { assistant_turns: input.value === 'keep' ? 'keep' : 'remove' };
      case 'interrupt':
        return { interrupt: input.value === 'cancel' ? 'cancel' : 'finish' };
      default:
        return null;
    }
  }

  #policyNamed(type: string): WirePolicy {
    const found =
      Object.values(startingPolicies).find((policy) => policy.type === type) ?? startingPolicies.never;
    return this.#policies.get(found.type) ?? found;
  }

  /** At least one head must stay on: the last one cannot be unticked. */
  #heads(input: HTMLInputElement): Partial<WireLiveSettings> | null {
    const ticked = [...this.#form.querySelectorAll<HTMLInputElement>('input[name=heads]:checked')];
    if (ticked.length === 0) {
      input.checked = true;
      return null;
    }
    return { heads: ticked.map(({ value }) => (value === 'relevance' ? 'relevance' : 'informative')) };
  }

  #send(patch: Partial<WireLiveSettings>): void {
    this.#waiting = { ...this.#waiting, ...patch };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const ready = this.#waiting;
      this.#waiting = {};
      this.#change(ready);
    }, settleMs);
  }

  #fill(settings: WireLiveSettings): void {
    this.#policies.set(settings.policy.type, settings.policy);
    this.#tick('policy', [settings.policy.type]);
    this.#tick('heads', settings.heads);
    this.#tick('turns', [settings.assistant_turns]);
    this.#tick('interrupt', [settings.interrupt]);
    this.#cooldown.value = String(settings.cooldown);
    setText(this.#cooldownValue, `${settings.cooldown} s`);
    this.#fillLevel(settings);
  }

  #fillLevel(settings: WireLiveSettings): void {
    const level = levelOf(settings);
    this.#level.hidden = level === null;
    setText(this.#levelLabel, level?.label ?? 'It only records the scores');
    setText(this.#levelValue, level?.value.toFixed(2) ?? '');
    if (level === null) return;
    this.#level.min = String(level.min);
    this.#level.max = String(Math.max(level.max, level.value));
    this.#level.step = String(level.step);
    this.#level.value = String(level.value);
  }

  #tick(name: string, values: readonly string[]): void {
    for (const input of this.#form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
      input.checked = values.includes(input.value);
    }
  }
}
