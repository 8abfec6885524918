import { resolve } from 'node:path';
import { structureFigures, type Spread, type StructureFigures } from './figures.js';
import { readSourceTree } from './source-tree.js';

const usage = `npm run structure -- [repository...] [--list]

Measures how the source is laid out: this repository's, or those named, side by side.
  --list  names every folder, circle, unused export and repeated passage of the last one
Example: npm run structure -- ../duet-before . --list`;

/** What is measured, and what uses it. */
const sourceFolders = ['server', 'client', 'models/figures'];
const userFolders = ['test', 'samples'];

const words = process.argv.slice(2);
if (words.includes('--help')) console.log(usage);
else print(words.filter((word) => !word.startsWith('-')));

function print(named: readonly string[]): void {
  const roots = (named.length > 0 ? named : ['.']).map((root) => resolve(root));
  const measured = roots.map((root) =>
    structureFigures(readSourceTree(root, sourceFolders), readSourceTree(root, userFolders)),
  );
  const columns = measured.map(summary);
  const names = Object.keys(columns[0] ?? {});
  console.table(Object.fromEntries(names.map((name) => [name, columns.map((column) => column[name])])));
  const last = measured.at(-1);
  if (words.includes('--list') && last !== undefined) list(last);
}

function summary(figures: StructureFigures): Readonly<Record<string, string | number>> {
  return {
    files: figures.files,
    lines: figures.lines,
    'lines per file (median, p95, max)': shown(figures.linesPerFile),
    'lines per function (median, p95, max)': shown(figures.linesPerFunction),
    'files with one importer': figures.filesWithOneImporter,
    'circles of files, values only': figures.fileCircles.values.length,
    'circles of files, types too': figures.fileCircles.all.length,
    'circles of folders': figures.folderCircles.length,
    'exports imported nowhere': figures.unusedExports.length,
    'names exported twice': figures.repeatedNames.length,
    'repeated passages of 6+ lines': figures.repeatedPassages.length,
    'longest folder listing': `${figures.longestListing.files} (${figures.longestListing.folder})`,
    'first export not the name of the file': figures.namedOtherwise.length,
    'lines over 110 columns': figures.longLines,
  };
}

function shown({ median, p95, max }: Spread): string {
  return `${median}, ${p95}, ${max}`;
}

function list(figures: StructureFigures): void {
  const folders = [...figures.folders].map(([folder, { files, lines }]) => ({ folder, files, lines }));
  console.table(folders);
  section(
    'circles of files',
    figures.fileCircles.all.map((circle) => circle.join(' ')),
  );
  section(
    'circles of folders',
    figures.folderCircles.map((circle) => circle.join(' ')),
  );
  section('exports imported nowhere', figures.unusedExports);
  section('names exported twice', figures.repeatedNames);
  section('first export not the name of the file', figures.namedOtherwise);
  section(
    'repeated passages',
    figures.repeatedPassages.map(({ first, second, lines }) => `${lines} lines: ${first} ~ ${second}`),
  );
}

function section(title: string, lines: readonly string[]): void {
  console.log(`\n${title}: ${lines.length}`);
  for (const line of lines) console.log(`  ${line}`);
}
