import type { SessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import type { PolicySettings } from '../../runtime/settings.js';

/** Flags of `duet watch` that shape the session. */
export interface WatchFlags {
  readonly fps?: number;
  readonly heads?: SessionSettings['heads'];
  readonly policy?: PolicySettings['type'];
  readonly threshold?: number;
  readonly cooldown?: number;
  readonly keepTurns?: true;
  readonly maxReplyTokens?: number;
}

/** How far `zscore` looks back, and for how many frames it listens first. */
const zscoreDefaults = { deviations: 2, window: 60, warmUp: 10 };

/** The settings that the flags ask for; `recommended` is what the model's maker recommends for the task. */
export function settingsOf(flags: WatchFlags, recommended: PolicySettings): Partial<SessionSettings> {
  const { fps, heads, cooldown, maxReplyTokens } = flags;
  return {
    ...(fps !== undefined && { fps }),
    ...(heads !== undefined && { heads: [...new Set(heads)] }),
    ...(cooldown !== undefined && { cooldown }),
    ...(maxReplyTokens !== undefined && { maxReplyTokens }),
    ...(flags.keepTurns && { assistantTurns: 'keep' as const }),
    policy: choosePolicy(flags, recommended),
  };
}

/** `--threshold` alone keeps the recommended policy where that has one; `--policy` alone keeps the recommended number. */
function choosePolicy({ policy, threshold }: WatchFlags, recommended: PolicySettings): PolicySettings {
  const type =
    policy ?? (threshold !== undefined && recommended.type === 'never' ? 'threshold' : recommended.type);
  switch (type) {
    case 'never':
      if (threshold !== undefined)
        throw new DuetError('invalid_request', 'The policy never takes no --threshold');
      return { type };
    case 'zscore': {
      const numbers = recommended.type === 'zscore' ? recommended : zscoreDefaults;
      return { ...numbers, type, deviations: threshold ?? numbers.deviations };
    }
    case 'threshold':
    case 'sum':
      if (threshold !== undefined) return { type, threshold };
      if (recommended.type === type) return recommended;
      throw new DuetError('invalid_request', `The policy ${type} needs a --threshold`);
    default:
      return type satisfies never;
  }
}
