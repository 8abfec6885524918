import { InvalidArgumentError } from 'commander';
import { baselineNames, type BaselineRequest } from '../../scoring/runner/play/baselines.js';
import { numberBetween, plainNumber } from '../flags/number-flags.js';

/** Reads the name of a baseline, or `uniform:SECONDS`. */
export function parseBaseline(text: string): BaselineRequest {
  if (text.startsWith('uniform:')) {
    return { type: 'uniform', interval: numberBetween(0.001, 86_400)(text.slice('uniform:'.length)) };
  }
  const type = baselineNames.find((name) => name === text);
  if (type === undefined)
    throw new InvalidArgumentError(`expected one of ${baselineNames.join(', ')}, or uniform:SECONDS`);
  return type === 'uniform' ? { type, interval: null } : { type };
}

/** The most thresholds one sweep may have. */
const most = 200;

/**
 * Reads `0.3,0.4,0.5` or `from:to:step`; the steps are counted, not added up, and have no more decimals than
 * what is given.
 */
export function parseThresholds(text: string): readonly number[] {
  const parts = text.split(/[,:]/).map((part) => plainNumber(part));
  if (parts.some((part) => !Number.isFinite(part))) throw wrong();
  if (!text.includes(':')) {
    requireFew(parts.length);
    return [...new Set(parts)];
  }
  const [from = NaN, to = NaN, step = NaN, ...others] = parts;
  if (others.length > 0 || text.includes(',') || !(step > 0) || !(to >= from)) throw wrong();
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  requireFew(count);
  const all = Array.from({ length: count }, (_, index) => Number((from + index * step).toFixed(10)));
  return [...new Set(all)];
}

function requireFew(count: number): void {
  if (count <= most) return;
  throw new InvalidArgumentError(`these are ${count} thresholds; at most ${most} are tried`);
}

function wrong(): InvalidArgumentError {
  return new InvalidArgumentError('expected thresholds as in 0.3,0.4,0.5 or from:to:step as in 0.1:0.9:0.1');
}

/** The Redis that `--queue` means: the one it names, else that of the environment, else this machine's. */
export function queueUrl(flag: string | true): string {
  const named = flag === true ? process.env['DUET_REDIS_URL'] : flag;
  return named ?? 'redis://127.0.0.1:6379';
}
