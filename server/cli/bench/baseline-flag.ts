import { InvalidArgumentError } from 'commander';
import { baselineNames, type Baseline } from '../../scoring/runner/baselines/baseline.js';
import { numberBetween } from '../number-option.js';

/** A baseline as it is asked for, before anything is known of the questions. */
export type BaselineRequest =
  | { readonly type: Exclude<Baseline['type'], 'uniform'> }
  /** Seconds between replies; null for as many replies as there are gold answers. */
  | { readonly type: 'uniform'; readonly interval: number | null };

/** Reads one of the names, or `uniform:SECONDS`. */
export function parseBaseline(text: string): BaselineRequest {
  if (text.startsWith('uniform:')) {
    return { type: 'uniform', interval: numberBetween(0.001, 86_400)(text.slice('uniform:'.length)) };
  }
  const type = baselineNames.find((name) => name === text);
  if (type === undefined)
    throw new InvalidArgumentError(`expected one of ${baselineNames.join(', ')}, or uniform:SECONDS`);
  return type === 'uniform' ? { type, interval: null } : { type };
}

/** The name by which it was asked for. */
export function baselineName(request: BaselineRequest): string {
  return request.type === 'uniform' && request.interval !== null
    ? `uniform:${request.interval}`
    : request.type;
}
