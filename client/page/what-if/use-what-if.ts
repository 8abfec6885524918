import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DuetView } from '../state/view.js';
import type { aimedAt, whatIf, WhatIf } from './what-if.js';

/**
 * What the settings that are tried out would have done; null where none are, and until the code for it is
 * there.
 */
export function useWhatIf(view: DuetView): Tried | null {
  const { triedOut, frames, turns, questions } = view;
  const code = useCode(triedOut !== null);
  return useMemo(
    () => triedOut && code && { result: code.whatIf(view, triedOut), aimedAt: code.aimedAt },
    [code, triedOut, frames, turns, questions],
  );
}

/** A result, and what finds settings for another one. */
export interface Tried {
  readonly result: WhatIf;
  readonly aimedAt: typeof aimedAt;
}

interface WhatIfCode {
  readonly whatIf: typeof whatIf;
  readonly aimedAt: typeof aimedAt;
}

/** The code of the policies, which is not loaded before somebody tries settings out. */
function useCode(wanted: boolean): WhatIfCode | null {
  const [code, setCode] = useState<WhatIfCode | null>(null);
  useEffect(() => {
    if (wanted && code === null) void import('./what-if.js').then(setCode);
  }, [wanted, code]);
  return code;
}
