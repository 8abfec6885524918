import { porterStem } from './porter-stem.js';

/** Identical words, stems, and words with a shared meaning in the given dictionary. */
export function synonymTier(sharesMeaning: SynonymTest): MeteorTier {
  const synonym: MatchStage = { type: 'test', name: 'synonym', weight: 0.8, matches: sharesMeaning };
  return { name: 'exact+stem+synonym', stages: [exact, stem, synonym] };
}

/** Words that mean the same: answers whether two different words share a meaning. */
export type SynonymTest = (first: string, second: string) => boolean;

/** One way in which a word of the hypothesis may match a word of the reference. */
export type MatchStage = KeyStage | TestStage;

interface StageWeight {
  readonly name: 'exact' | 'stem' | 'synonym';
  /** How much a match of this stage counts in precision and recall. */
  readonly weight: number;
}

/**
 * Words with the same key match, so that candidates are looked up; of a stage after the first, different
 * words only.
 */
interface KeyStage extends StageWeight {
  readonly type: 'key';
  readonly keyOf: (word: string) => string;
}

/** Different words match where the test says so; every pair is tried. */
interface TestStage extends StageWeight {
  readonly type: 'test';
  readonly matches: SynonymTest;
}

/**
 * A set of matching stages with a name for reports: scores of different tiers must never be set side by side.
 */
export interface MeteorTier {
  readonly name: string;
  readonly stages: readonly MatchStage[];
}

const exact: MatchStage = { type: 'key', name: 'exact', weight: 1, keyOf: (word) => word };

const stems = new Map<string, string>();

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = porterStem(word);
  // Captions share few words; a hostile file must not fill the memory.
  if (stems.size < 100_000) stems.set(word, stem);
  return stem;
}

const stem: MatchStage = { type: 'key', name: 'stem', weight: 0.6, keyOf: stemOf };

/** Identical words only. */
export const exactTier: MeteorTier = { name: 'exact', stages: [exact] };

/** Identical words and words of the same stem. */
export const stemTier: MeteorTier = { name: 'exact+stem', stages: [exact, stem] };
