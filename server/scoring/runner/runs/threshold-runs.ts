import { join } from 'node:path';
import { turnSettingNames } from '../../../duet/policy/take-turn.js';
import { pick } from '../../../settings/pick.js';
import type { Question } from '../../data/question.js';
import type { RunIdentity } from './journal.js';
import type { PlaySettings } from '../play/settings.js';
import { playRun, type FinishedRun, type PlayAll } from './run.js';
import { sharedRunSettings, whySeparateRuns, withThreshold, type TellingSettings } from './thresholds.js';

/** Plays a split at several thresholds with as few runs of the model as give exact results. */
export class ThresholdRuns implements AsyncDisposable {
  /** Why every threshold needs its own run; null if one run serves all. */
  readonly separateBecause: string | null;
  readonly #plan: ThresholdRunsPlan;
  readonly #runs = new Map<string, Promise<FinishedRun>>();

  constructor(plan: ThresholdRunsPlan) {
    this.#plan = plan;
    this.separateBecause = whySeparateRuns(plan.settings.session);
  }

  /** Plays what one of the thresholds still needs. Throws what {@link playRun} throws. */
  async at(threshold: number | null, signal: AbortSignal): Promise<RunAtThreshold> {
    const { folder, settings, thresholds } = this.#plan;
    if (threshold === null || thresholds === null) {
      return { run: await this.#run(folder, settings, signal), turns: null };
    }
    const session = withThreshold(settings.session, threshold);
    if (this.separateBecause !== null) {
      const own = join(folder, `threshold-${threshold}`);
      return { run: await this.#run(own, { ...settings, session }, signal), turns: null };
    }
    const shared = { ...settings, session: sharedRunSettings(session, thresholds) };
    return {
      run: await this.#run(folder, shared, signal),
      turns: pick(session, [...turnSettingNames, 'repeatAfter']),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of await Promise.allSettled(this.#runs.values())) {
      if (run.status === 'fulfilled') await run.value[Symbol.asyncDispose]();
    }
  }

  #run(folder: string, settings: PlaySettings, signal: AbortSignal): Promise<FinishedRun> {
    const known = this.#runs.get(folder);
    if (known !== undefined) return known;
    const { split, failFast, onProgress } = this.#plan;
    const { questions, playerOf, identityOf } = split;
    const identity = identityOf(settings);
    const run = playRun(
      { folder, questions, identity, playAll: playerOf(settings), failFast, onProgress },
      signal,
    );
    this.#runs.set(folder, run);
    return run;
  }
}

/** Questions, and how to play them. */
export interface PlayableSplit {
  readonly questions: readonly Question[];
  readonly playerOf: (settings: PlaySettings) => PlayAll;
  /** What must be equal for a run under these settings to continue an earlier one. */
  readonly identityOf: (settings: PlaySettings) => RunIdentity;
}

/** How to play a split. */
export interface ThresholdRunsPlan {
  readonly folder: string;
  readonly split: PlayableSplit;
  readonly settings: PlaySettings;
  /** All thresholds that will be needed; null for only that of the settings. */
  readonly thresholds: readonly number[] | null;
  readonly failFast: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

/** A finished run, and the settings under which to read its replies; null to read them as played. */
export interface RunAtThreshold {
  readonly run: FinishedRun;
  readonly turns: TellingSettings | null;
}
