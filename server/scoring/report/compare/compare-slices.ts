import { DuetError } from '../../../errors.js';
import type { Resampling } from '../../statistics/bootstrap.js';
import { untagged } from '../../statistics/slices.js';
import type { ComparedSlice } from './comparison.js';
import { pairedFigures } from './paired-figures.js';
import type { ScoredRun } from './scored-run.js';

/**
 * Compares two runs for every label of a tag, in alphabetic order; the baseline's labels count where they
 * differ.
 */
export function comparedSlices(
  baseline: ScoredRun,
  run: ScoredRun,
  ids: readonly string[],
  tag: string,
  resampling: Resampling,
): readonly ComparedSlice[] {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const label = labelOf(baseline, id, tag) ?? labelOf(run, id, tag) ?? untagged;
    const members = groups.get(label) ?? [];
    members.push(id);
    groups.set(label, members);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, members]) => ({ label, ...pairedFigures(baseline, run, members, resampling) }));
}

/** Throws if no example of any run has the tag, which is probably a typo. */
export function requireTags(runs: readonly ScoredRun[], tags: readonly string[]): void {
  const examples = runs.flatMap((run) => [...run.examples.values()]);
  const known = new Set(examples.flatMap((example) => Object.keys(example.tags)));
  const unknown = tags.find((tag) => !known.has(tag));
  if (unknown === undefined) return;
  const offer =
    known.size === 0 ? 'the examples have no tags' : `known tags: ${[...known].sort().join(', ')}`;
  throw new DuetError('invalid_request', `no example has the tag "${unknown}"; ${offer}`);
}

function labelOf({ examples }: ScoredRun, id: string, tag: string): string | undefined {
  const tags = examples.get(id)?.tags ?? {};
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
}
