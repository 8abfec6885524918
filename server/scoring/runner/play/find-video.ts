import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DuetError } from '../../../errors.js';

/** How the names of video files end. */
export const videoEndings =
  /\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|m?ts|m2ts|vob|3gp|3g2|flv|f4v|wmv|asf|ogv|mxf|gif)$/i;

/** The files of a folder, by name and by name without a video extension; both normalised. */
interface FolderIndex {
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

/** Lists a folder; one that cannot be read counts as empty. */
type ReadFolder = (folder: string) => FolderIndex;

/**
 * The file of a video named by annotations, in the first folder that has it. The extension of a download is
 * arbitrary, and systems differ in case and Unicode form, so if the exact name is missing, another extension,
 * case or Unicode form is accepted. Throws 'not_found' for a name that leads out of the folder, and if
 * several files match. Returns the missing path if none does.
 */
export function findVideo(
  folders: readonly string[],
  name: string,
  readFolder: ReadFolder = indexFolder,
): string {
  const paths = folders.map((folder) => pathWithin(folder, name));
  const found = paths.find(isFile) ?? firstOf(folders, (folder) => similarWithin(folder, name, readFolder));
  return found ?? paths[0] ?? name;
}

/**
 * The path of a video named by annotations. Throws 'not_found' for a name that leads out of the folder. Only
 * the name is checked: annotations may be untrusted, but links within the folder belong to its owner, whose
 * videos are often on another disk.
 */
export function pathWithin(folder: string, name: string): string {
  const path = resolve(folder, name);
  const inner = relative(resolve(folder), path);
  if (inner === '' || inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner)) {
    throw new DuetError(
      'not_found',
      `The video ${JSON.stringify(name)} is outside ${folder}; ` +
        'annotations may only name videos inside it',
    );
  }
  return join(folder, inner);
}

/** Reads every folder only once, for looking up many videos. */
export function rememberedFolders(): ReadFolder {
  const known = new Map<string, FolderIndex>();
  return (folder) => {
    const index = known.get(folder) ?? indexFolder(folder);
    known.set(folder, index);
    return index;
  };
}

function similarWithin(folder: string, name: string, readFolder: ReadFolder): string | null {
  const inner = relative(resolve(folder), resolve(folder, name));
  const parent = similarFolder(folder, dirname(inner), readFolder);
  if (parent === null) return null;
  const { byName, byStem } = readFolder(parent);
  const wanted = folded(basename(inner));
  const filesIn = (names: readonly string[] = []) => names.filter((entry) => isFile(join(parent, entry)));
  const alike = filesIn(byName.get(wanted));
  const stem = wanted.replace(videoEndings, '');
  const others = new Set([...(byName.get(stem) ?? []), ...(byStem.get(stem) ?? [])]);
  const candidates = alike.length > 0 ? alike : filesIn([...others]);
  if (candidates.length > 1) {
    const listed = candidates.toSorted().join(' and ');
    const remedy = 'keep one of them, or name it in the annotations';
    throw new DuetError('not_found', `there is no file ${name}, but ${listed}; ${remedy}`);
  }
  const [only] = candidates;
  return only === undefined ? null : join(parent, only);
}

/** The folder a path leads to, ignoring case and Unicode form of its parts. */
function similarFolder(folder: string, path: string, readFolder: ReadFolder): string | null {
  if (path === '.') return folder;
  let reached = folder;
  for (const part of path.split(sep)) {
    const names = readFolder(reached).byName.get(folded(part)) ?? [];
    const next = names.find((entry) => entry === part) ?? names[0];
    if (next === undefined) return null;
    reached = join(reached, next);
  }
  return reached;
}

function indexFolder(folder: string): FolderIndex {
  const names = namesIn(folder);
  const videos = names.filter((name) => videoEndings.test(name) || !/\.\w{1,5}$/.test(name));
  return {
    byName: grouped(names, folded),
    byStem: grouped(videos, (name) => folded(name).replace(videoEndings, '')),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function grouped(names: readonly string[], keyOf: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = groups.get(keyOf(name));
    if (group === undefined) groups.set(keyOf(name), [name]);
    else group.push(name);
  }
  return groups;
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Annotations may contain names that are invalid as paths.
    return false;
  }
}

function firstOf<Item, Result>(items: readonly Item[], find: (item: Item) => Result | null): Result | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
