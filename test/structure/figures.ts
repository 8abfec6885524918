import { circlesOf } from './circles.js';
import { repeatedPassages, type RepeatedPassage } from './repeated-passages.js';
import { folderOf, type SourceFile } from './source-tree.js';

/** Middle, tail and end of a distribution. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Figures of the structure of a repository, for comparing it before and after a change. */
export interface StructureFigures {
  /** Files and lines that lie directly in each folder. */
  readonly folders: ReadonlyMap<string, { readonly files: number; readonly lines: number }>;
  readonly files: number;
  readonly lines: number;
  readonly linesPerFile: Spread;
  readonly linesPerFunction: Spread;
  /** Files that exactly one other file imports. */
  readonly filesWithOneImporter: number;
  /** Circles of files, by imports that are left at run time, and by all imports. */
  readonly fileCircles: { readonly values: Circles; readonly all: Circles };
  /** Circles of files and folders that lie side by side, by all imports; see {@link folderCircles}. */
  readonly folderCircles: Circles;
  /** `file: name` of what is exported and imported nowhere. */
  readonly unusedExports: readonly string[];
  /** Names that more than one file exports. */
  readonly repeatedNames: readonly string[];
  /** Passages of six and more lines that stand in two places. */
  readonly repeatedPassages: readonly RepeatedPassage[];
  readonly longestListing: { readonly folder: string; readonly files: number };
  /** Files whose first export is not what the file is named for. */
  readonly namedOtherwise: readonly string[];
  /** Lines of more than 110 columns. */
  readonly longLines: number;
}

type Circles = readonly (readonly string[])[];

/** Measures `sources`; `users` import from them without being measured, as tests do. */
export function structureFigures(
  sources: readonly SourceFile[],
  users: readonly SourceFile[],
): StructureFigures {
  const folders = new Map<string, { files: number; lines: number }>();
  for (const { path, lines } of sources) {
    const sofar = folders.get(folderOf(path)) ?? { files: 0, lines: 0 };
    folders.set(folderOf(path), { files: sofar.files + 1, lines: sofar.lines + lines });
  }
  const [longest] = [...folders].sort(([, one], [, other]) => other.files - one.files);
  return {
    folders,
    files: sources.length,
    lines: total(sources.map(({ lines }) => lines)),
    linesPerFile: spread(sources.map(({ lines }) => lines)),
    linesPerFunction: spread(sources.flatMap(({ functions }) => functions.map(({ lines }) => lines))),
    filesWithOneImporter: countOneImporter(sources),
    fileCircles: { values: circlesOf(fileGraph(sources, false)), all: circlesOf(fileGraph(sources, true)) },
    folderCircles: folderCircles(sources),
    unusedExports: unusedExports(sources, users),
    repeatedNames: repeatedNames(sources),
    repeatedPassages: repeatedPassages(sources),
    longestListing: { folder: longest?.[0] ?? '', files: longest?.[1].files ?? 0 },
    namedOtherwise: namedOtherwise(sources),
    longLines: total(sources.map(({ text }) => text.split('\n').filter((line) => line.length > 110).length)),
  };
}

/** Which files each file imports; with `types` also those of which nothing is left at run time. */
export function fileGraph(sources: readonly SourceFile[], types: boolean): Map<string, ReadonlySet<string>> {
  return new Map(
    sources.map(({ path, imports }) => {
      const kept = imports.filter(({ isPackage, isTypeOnly }) => !isPackage && (types || !isTypeOnly));
      return [path, new Set(kept.map(({ target }) => target))];
    }),
  );
}

/**
 * Circles among what lies side by side: at every level the files and the folders of one folder, a folder
 * standing for all that is below it. So the files of a folder may serve the folders beside them or draw on
 * them, but not both ways round.
 */
export function folderCircles(sources: readonly SourceFile[]): Circles {
  const levels = new Map<string, Map<string, Set<string>>>();
  for (const { path, imports } of sources) {
    for (const { target, isPackage } of imports) {
      const fork = isPackage ? null : forkOf(path, target);
      if (fork === null) continue;
      const level = levels.get(fork.parent) ?? new Map<string, Set<string>>();
      for (const node of [fork.from, fork.to]) if (!level.has(node)) level.set(node, new Set());
      level.get(fork.from)?.add(fork.to);
      levels.set(fork.parent, level);
    }
  }
  const circles = [...levels.values()].flatMap((level) => circlesOf(level));
  return circles.filter((circle) => circle.some((node) => !/\.tsx?$/.test(node)));
}

/** The folder in which two paths part, and the entries of it that they lie in; null for one and the same. */
function forkOf(
  path: string,
  target: string,
): { readonly parent: string; readonly from: string; readonly to: string } | null {
  const [one, other] = [path.split('/'), target.split('/')];
  const parted = one.findIndex((part, index) => part !== other[index]);
  if (parted === -1) return null;
  const upTo = (parts: readonly string[]): string => parts.slice(0, parted + 1).join('/');
  return { parent: one.slice(0, parted).join('/'), from: upTo(one), to: upTo(other) };
}

/** `file: name` of every export that no other file takes, be it of the sources or of their users. */
export function unusedExports(
  sources: readonly SourceFile[],
  users: readonly SourceFile[],
): readonly string[] {
  const used = new Map<string, Set<string>>();
  for (const { target, names } of [...sources, ...users].flatMap(({ imports }) => imports)) {
    used.set(target, new Set([...(used.get(target) ?? []), ...names]));
  }
  return sources.flatMap(({ path, exports }) => {
    const taken = used.get(path);
    if (taken?.has('*') === true) return [];
    return exports.filter((name) => taken?.has(name) !== true).map((name) => `${path}: ${name}`);
  });
}

/** Names that are exported by more than one file, with the files. */
export function repeatedNames(sources: readonly SourceFile[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const { path, exports } of sources) {
    for (const name of exports) places.set(name, [...(places.get(name) ?? []), path]);
  }
  return [...places]
    .filter(([, files]) => files.length > 1)
    .map(([name, files]) => `${name}: ${files.join(', ')}`);
}

/**
 * Files whose first export shares no word with the file's name, or with its folder's; without exports there
 * is nothing to compare.
 */
function namedOtherwise(sources: readonly SourceFile[]): readonly string[] {
  return sources.flatMap(({ path, exports: [first] }) => {
    const [file = '', folder = ''] = path
      .replace(/\.tsx?$/, '')
      .split('/')
      .reverse();
    const wanted = new Set([
      ...stemsIn(file),
      ...(file === 'index' || file === 'main' ? stemsIn(folder) : []),
    ]);
    return first === undefined || stemsIn(first).some((stem) => wanted.has(stem))
      ? []
      : [`${path}: ${first}`];
  });
}

/** The words of a name, cut short so that `decode`, `decoder` and `decoding` are one. */
function stemsIn(name: string): readonly string[] {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split('-');
  return words.map((word) => word.slice(0, 4));
}

function countOneImporter(sources: readonly SourceFile[]): number {
  const importers = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    for (const { target, isPackage } of imports) {
      if (!isPackage) importers.set(target, new Set([...(importers.get(target) ?? []), path]));
    }
  }
  return sources.filter(({ path }) => importers.get(path)?.size === 1).length;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
