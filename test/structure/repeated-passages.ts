import type { SourceFile } from './source-tree.js';

/** The same lines in two places. */
export interface RepeatedPassage {
  /** `file:line` of the first line. */
  readonly first: string;
  readonly second: string;
  readonly lines: number;
}

/** Fewer lines in common are chance. */
const leastLines = 6;

interface CodeLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/**
 * Passages of at least six lines that stand in two places, the longest first. Only lines that say something
 * count: blank lines, comments, imports and lone brackets are passed over, and indentation makes no
 * difference.
 */
export function repeatedPassages(sources: readonly SourceFile[]): readonly RepeatedPassage[] {
  const files = sources.map(codeLines);
  const seen = new Map<string, { readonly file: number; readonly index: number }>();
  const passages: RepeatedPassage[] = [];
  for (const [file, lines] of files.entries()) {
    for (let index = 0; index + leastLines <= lines.length; index += 1) {
      const key = lines
        .slice(index, index + leastLines)
        .map(({ text }) => text)
        .join('\n');
      const earlier = seen.get(key);
      if (earlier === undefined) {
        seen.set(key, { file, index });
        continue;
      }
      const passage = extended(files[earlier.file] ?? [], earlier.index, lines, index);
      if (passage !== null) passages.push(passage);
      index += (passage?.lines ?? leastLines) - 1;
    }
  }
  return passages.sort((one, other) => other.lines - one.lines);
}

function codeLines({ path, text }: SourceFile): readonly CodeLine[] {
  return text
    .split('\n')
    .map((line, index) => ({ path, line: index + 1, text: line.trim() }))
    .filter(({ text: line }) => /\w/.test(line) && !/^(?:import\b|\/\/|\/?\*|\} from )/.test(line));
}

/** As far as both places go on alike. */
function extended(
  one: readonly CodeLine[],
  oneStart: number,
  other: readonly CodeLine[],
  otherStart: number,
): RepeatedPassage | null {
  const [first, second] = [one[oneStart], other[otherStart]];
  if (first === undefined || second === undefined) return null;
  const most = one === other ? otherStart - oneStart : Infinity;
  let lines = 0;
  while (lines < most && one[oneStart + lines] !== undefined) {
    if (one[oneStart + lines]?.text !== other[otherStart + lines]?.text) break;
    lines += 1;
  }
  if (lines < leastLines) return null;
  return { first: `${first.path}:${first.line}`, second: `${second.path}:${second.line}`, lines };
}
