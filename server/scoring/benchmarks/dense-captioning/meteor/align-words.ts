import type { WordMatch } from './candidates.js';

/** Most partial alignments kept while searching. */
const beamWidth = 40;

/** Matches in reverse order; partial alignments share their beginnings. */
interface Chain {
  readonly match: WordMatch;
  readonly before: Chain | null;
}

/** A partial alignment of the reference words up to some place. */
interface Path {
  readonly chosen: Chain | null;
  /** Marks the used hypothesis words, without the one of the last free match. */
  readonly usedBefore: Uint8Array;
  /** The last match that was free to choose and is not yet marked as used. */
  readonly unmarked: WordMatch | null;
  /** Words gained; only exact matches count, the published search truncates the half points of the others. */
  readonly gain: number;
  readonly chunks: number;
  /** Sum of how far apart matched words lie; see {@link branch} for whose. */
  readonly distance: number;
  /** Hypothesis word after the last match, or -1 where no chunk is open. */
  readonly chunkEnd: number;
}

/** The matches chosen, in the order of the reference, and the number of runs they form. */
interface Alignment {
  readonly matches: readonly WordMatch[];
  readonly chunks: number;
}

/**
 * Chooses among possible matches such that no word is used twice. Matches that alone cover both their words
 * are fixed; the rest is searched from left to right over the reference, preferring more exact matches, then
 * fewer chunks, then less distance.
 */
export function alignWords(
  candidates: readonly (readonly WordMatch[])[],
  hypothesisLength: number,
): Alignment {
  const fixed = fixedMatches(candidates, hypothesisLength);
  let paths = [startPath(fixed, hypothesisLength)];
  for (const [reference, options] of candidates.entries()) {
    const sure = fixed.get(reference);
    const kept = paths.sort(better).slice(0, beamWidth);
    paths = kept.flatMap((path) => (sure === undefined ? branch(path, options) : [extendFixed(path, sure)]));
  }
  const [best] = paths.map(skip).sort(better);
  return { matches: unchain(best?.chosen ?? null), chunks: best?.chunks ?? 0 };
}

function startPath(fixed: ReadonlyMap<number, WordMatch>, hypothesisLength: number): Path {
  const usedBefore = new Uint8Array(hypothesisLength);
  for (const match of fixed.values()) usedBefore[match.hypothesis] = 1;
  return { chosen: null, usedBefore, unmarked: null, gain: 0, chunks: 0, distance: 0, chunkEnd: -1 };
}

function fixedMatches(
  candidates: readonly (readonly WordMatch[])[],
  hypothesisLength: number,
): Map<number, WordMatch> {
  const covering = new Uint32Array(hypothesisLength);
  for (const { hypothesis } of candidates.flat()) covering[hypothesis] = (covering[hypothesis] ?? 0) + 1;
  const fixed = new Map<number, WordMatch>();
  for (const [reference, options] of candidates.entries()) {
    const [only] = options;
    if (only !== undefined && options.length === 1 && covering[only.hypothesis] === 1)
      fixed.set(reference, only);
  }
  return fixed;
}

/**
 * Every way on: each free match in turn, then none. The published search adds the distance of a match not to
 * the way that takes it but to those that come after it.
 */
function branch(path: Path, options: readonly WordMatch[]): Path[] {
  if (options.length === 0) return [skip(path)];
  const used = markUsed(path);
  const ways: Path[] = [];
  let { distance } = path;
  for (const match of options) {
    if (used[match.hypothesis] === 1) continue;
    ways.push(extend(path, match, used, match, distance));
    distance += distanceOf(match);
  }
  const { chosen, gain, chunks, chunkEnd } = path;
  const closed = chunkEnd === -1 ? 0 : 1;
  ways.push({
    chosen,
    usedBefore: used,
    unmarked: null,
    gain,
    chunks: chunks + closed,
    distance,
    chunkEnd: -1,
  });
  return ways;
}

function markUsed({ usedBefore, unmarked }: Path): Uint8Array {
  if (unmarked === null) return usedBefore;
  const used = usedBefore.slice();
  used[unmarked.hypothesis] = 1;
  return used;
}

function extendFixed(path: Path, match: WordMatch): Path {
  return extend(path, match, path.usedBefore, path.unmarked, path.distance + distanceOf(match));
}

function distanceOf(match: WordMatch): number {
  return Math.abs(match.hypothesis - match.reference);
}

function extend(
  path: Path,
  match: WordMatch,
  usedBefore: Uint8Array,
  unmarked: WordMatch | null,
  distance: number,
): Path {
  const breaks = path.chunkEnd !== -1 && path.chunkEnd !== match.hypothesis;
  return {
    chosen: { match, before: path.chosen },
    usedBefore,
    unmarked,
    gain: path.gain + (match.stage === 0 ? 1 : 0),
    chunks: path.chunks + (breaks ? 1 : 0),
    distance,
    chunkEnd: match.hypothesis + 1,
  };
}

/** Leaves a reference word out, or ends the search: an open chunk closes. */
function skip(path: Path): Path {
  const { chosen, usedBefore, unmarked, gain, chunks, distance, chunkEnd } = path;
  if (chunkEnd === -1) return path;
  return { chosen, usedBefore, unmarked, gain, chunks: chunks + 1, distance, chunkEnd: -1 };
}

function better(a: Path, b: Path): number {
  return b.gain - a.gain || a.chunks - b.chunks || a.distance - b.distance;
}

function unchain(chain: Chain | null): WordMatch[] {
  const matches: WordMatch[] = [];
  for (let link = chain; link !== null; link = link.before) matches.push(link.match);
  return matches.reverse();
}
