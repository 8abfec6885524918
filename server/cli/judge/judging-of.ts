import type { JudgeSettings } from '../../scoring/judges/asking/judge-settings.js';
import { openBudget } from '../../scoring/judges/asking/budget.js';
import { openJudging, type Judging, type NamedJudge } from '../../scoring/judges/judging.js';
import type { KnownReplies } from '../../scoring/judges/asking/recording.js';
import type { RatedCase } from '../../scoring/judges/asking/remember-replies.js';
import type { Price } from '../../scoring/judges/asking/prices.js';
import { judgeNameOf, type JudgeFlags } from './judge-flags.js';
import { judgeSettingsOf, priceOf, secondJudgeSettingsOf } from './judge-settings-of.js';

/** What is known before judging, and who is told while it goes on. */
export interface JudgingSurroundings {
  readonly known: KnownReplies;
  readonly onReply: (rated: RatedCase) => void;
  readonly onProgress: () => void;
}

/** The judging the flags ask for: who, in which orders, and who else; `signal` ends what is asked. */
export function judgingOf(
  flags: JudgeFlags,
  signal: AbortSignal,
  surroundings: JudgingSurroundings,
): Promise<Judging> {
  const budget = flags.judgeBudget === undefined ? null : openBudget(flags.judgeBudget);
  const named = (name: string, settings: JudgeSettings, given: Price | undefined): NamedJudge => {
    const price = priceOf(name, settings, given);
    const reserve = price === null || budget === null ? null : budget.reserveAt(price);
    return { name, settings: { ...settings, reserve }, price };
  };
  const { secondJudge, secondJudgePrice } = flags;
  return openJudging({
    mode: flags.mode,
    first: named(judgeNameOf(flags), judgeSettingsOf(flags, signal), flags.judgePrice),
    second:
      secondJudge === undefined
        ? null
        : named(secondJudge, secondJudgeSettingsOf(flags, signal), secondJudgePrice),
    swap: flags.judgeSwap ?? 'off',
    ...surroundings,
  });
}
