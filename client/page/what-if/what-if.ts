import camelcaseKeys from 'camelcase-keys';
import {
  decideAgain,
  type AnotherDecision,
  type DecidedFrame,
} from '../../../server/duet/replay/decide-again.js';
import { levelOf } from '../../../server/settings/controls.js';
import { withLevel } from '../../../server/settings/policies.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import { recordedFrames, type RecordedView } from './recorded-frames.js';

/** Where the assistant would have spoken under other settings, on the same scores. */
export function whatIf(view: RecordedView, settings: WireLiveSettings): WhatIf {
  const { frames, decisions } = decided(view, settings);
  const recorded = view.frames.slice(-frames.length);
  const times = decisions.filter(isTold).map(({ videoTime }) => videoTime);
  const changed = decisions.findIndex(
    ({ answer }, index) => (answer !== 'silent') !== recorded[index]?.fired,
  );
  const isWhole =
    frames.length === view.frames.length && recorded.every(({ questions }) => questions.length < 2);
  const first = frames[0]?.videoTime ?? 0;
  return {
    times,
    perMinute: rateOf(times.length, frames),
    unknownWords: decisions.filter(({ answer }) => answer === 'speaks').length,
    exactUntil: !isWhole ? first : changed === -1 ? null : (frames[changed]?.videoTime ?? first),
  };
}

/** What would have happened. */
export interface WhatIf {
  /** When it would have spoken, in seconds on the media clock. */
  readonly times: readonly number[];
  readonly perMinute: number;
  /** Replies whose words are not known, since the model was not asked then. */
  readonly unknownWords: number;
  /**
   * From here on it is an estimate, since a reply that was made or not changes what follows; null: all of it
   * is exact.
   */
  readonly exactUntil: number | null;
}

/**
 * The same settings with the lowest level of the policy, to its step, at which the assistant would have
 * spoken so often a minute or less; null for a policy without a level.
 */
export function aimedAt(
  view: RecordedView,
  settings: WireLiveSettings,
  perMinute: number,
): WireLiveSettings | null {
  const level = levelOf(settings);
  if (level === null) return null;
  const at = (step: number): WireLiveSettings => {
    const value = Number((level.min + step * level.step).toFixed(4));
    return { ...settings, policy: withLevel(settings.policy, value) };
  };
  let [low, high] = [0, Math.round((level.max - level.min) / level.step)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (whatIf(view, at(middle)).perMinute > perMinute) low = middle + 1;
    else high = middle;
  }
  return at(high);
}

function decided(
  view: RecordedView,
  settings: WireLiveSettings,
): { readonly frames: readonly DecidedFrame[]; readonly decisions: readonly AnotherDecision[] } {
  const frames = recordedFrames(view, settings.talk_rate > 0 ? mostAimed : mostDecided);
  return { frames, decisions: decideAgain(frames, camelcaseKeys(settings, { deep: true })) };
}

/** Most frames that are decided at once, and where each looks back at those before for a talk rate. */
const mostDecided = 7200;
const mostAimed = 1200;

function isTold({ answer }: AnotherDecision): boolean {
  return answer === 'says the same' || answer === 'speaks';
}

/** The video's time runs on from one frame to the next, but for the beginning of another source. */
function rateOf(count: number, frames: readonly DecidedFrame[]): number {
  const seconds = frames.reduce((sum, { videoTime, beginsSource }, index) => {
    return beginsSource ? sum : sum + videoTime - (frames[index - 1]?.videoTime ?? videoTime);
  }, 0);
  return seconds === 0 ? 0 : (60 * count) / seconds;
}
