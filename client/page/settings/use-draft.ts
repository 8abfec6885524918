import { useEffect, useRef, useState } from 'preact/hooks';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { DuetView } from '../state/view.js';

type Patch = Partial<WireLiveSettings>;

/** Changes that will be sent when the timer ends. */
interface Waiting {
  readonly patch: Patch;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Waiting time that turns the many steps of a moving slider into a few messages, in milliseconds. */
const settleMs = 120;

/**
 * The settings as the form shows them: those in force, and at once what the person has changed. While a
 * change is on its way, the form knows better than the server.
 */
export function useDraft(
  { settings, problem }: Pick<DuetView, 'settings' | 'problem'>,
  send: (patch: Patch) => void,
): { readonly draft: WireLiveSettings | null; readonly change: (patch: Patch) => void } {
  const [draft, setDraft] = useState(settings);
  const waiting = useRef<Waiting | null>(null);
  useEffect(() => {
    // A problem may mean that the change was refused.
    if (waiting.current === null) setDraft(settings);
  }, [settings, problem]);
  const change = (patch: Patch): void => {
    if (draft === null) return;
    setDraft({ ...draft, ...patch });
    clearTimeout(waiting.current?.timer);
    const gathered = { ...waiting.current?.patch, ...patch };
    const timer = setTimeout(() => {
      waiting.current = null;
      send(gathered);
    }, settleMs);
    waiting.current = { patch: gathered, timer };
  };
  return { draft, change };
}
