import type { Tags } from '../data/annotations.js';
import { mean } from './mean.js';

/** Mean of one slice of the examples. */
export interface Slice {
  readonly label: string;
  readonly n: number;
  readonly mean: number;
}

/** One example's value of the headline metric, with what it can be sliced by. */
export interface ScoredExample {
  readonly id: string;
  readonly value: number;
  readonly tags: Tags;
}

/** Label of the examples that do not carry the tag. */
export const untagged = '(none)';

/** Means per value of a tag, in alphabetic order of the label. Values joined by `+` count as one label. */
export function sliceByTag(examples: readonly ScoredExample[], tag: string): Slice[] {
  const groups = new Map<string, number[]>();
  for (const { tags, value } of examples) {
    const label = Object.hasOwn(tags, tag) ? (tags[tag] ?? untagged) : untagged;
    const group = groups.get(label) ?? [];
    group.push(value);
    groups.set(label, group);
  }
  return [...groups]
    .map(([label, values]) => ({ label, n: values.length, mean: mean(values) }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
