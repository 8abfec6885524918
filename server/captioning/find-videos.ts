import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { DuetError } from '../errors.js';
import { videoEndings } from '../scoring/runner/play/find-video.js';

/**
 * The videos that paths name, each once: files as they are, the videos of a folder (with `recursive` also
 * those below it), and what a pattern such as `talks/*.mp4` matches. In the order of the arguments, those of
 * a folder or a pattern by name. Throws 'not_found' for a path that names nothing, and for one without any
 * video.
 */
export async function findVideos(
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): Promise<readonly FoundVideo[]> {
  const found = new Map<string, FoundVideo>();
  for (const path of paths) {
    for (const video of await videosAt(path, recursive)) {
      if (!found.has(video.path)) found.set(video.path, video);
    }
  }
  if (found.size > mostVideos) {
    const message = `${found.size} videos are more than ${mostVideos}: caption them in several runs`;
    throw new DuetError('invalid_request', message);
  }
  return toldApart([...found.values()]);
}

/** A video to be captioned. */
export interface FoundVideo {
  /** Absolute path. */
  readonly path: string;
  /**
   * What it is called: its path below the folder that was named, else its file's name; where several have
   * that, its path below the folder that they share.
   */
  readonly name: string;
}

/** Every video leaves a line in memory and in the summary. */
const mostVideos = 100_000;

function toldApart(videos: readonly FoundVideo[]): readonly FoundVideo[] {
  const pathsOf = new Map<string, string[]>();
  for (const { name, path } of videos) pathsOf.set(name, [...(pathsOf.get(name) ?? []), path]);
  return videos.map((video) => {
    const paths = pathsOf.get(video.name) ?? [];
    return paths.length < 2 ? video : { ...video, name: slashed(relative(commonFolder(paths), video.path)) };
  });
}

async function videosAt(path: string, recursive: boolean): Promise<readonly FoundVideo[]> {
  const at = await stat(path).catch(() => null);
  if (at?.isDirectory() === true) return inFolder(path, recursive);
  if (at !== null) return [{ path: resolve(path), name: basename(path) }];
  if (isDynamicPattern(path)) return matching(path);
  throw new DuetError('not_found', `There is no video file, folder or pattern ${JSON.stringify(path)}`);
}

async function inFolder(folder: string, recursive: boolean): Promise<readonly FoundVideo[]> {
  const root = resolve(folder);
  const files = await listed(recursive ? '**/*' : '*', root);
  const videos = files.filter((file) => videoEndings.test(file));
  if (videos.length > 0) return videos.map((file) => ({ path: join(root, file), name: slashed(file) }));
  const remedy = recursive ? 'name the files' : 'name the files, or add --recursive for the folders below it';
  throw new DuetError('not_found', `There is no video in the folder ${JSON.stringify(folder)}: ${remedy}`);
}

async function matching(pattern: string): Promise<readonly FoundVideo[]> {
  const videos = (await listed(slashed(pattern), process.cwd())).filter((file) => videoEndings.test(file));
  if (videos.length === 0) {
    throw new DuetError('not_found', `No video matches the pattern ${JSON.stringify(pattern)}`);
  }
  const paths = videos.map((file) => resolve(file));
  const root = commonFolder(paths);
  return paths.map((path) => ({ path, name: slashed(relative(root, path)) }));
}

/** Files below a folder, by name; hidden ones and what lies behind links to folders are left out. */
async function listed(pattern: string, cwd: string): Promise<readonly string[]> {
  const files = await glob([pattern], { cwd, followSymbolicLinks: false, expandDirectories: false });
  return files.sort();
}

/** The deepest folder that has all of these files below it. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(path).split(sep));
  const isShared = (depth: number): boolean => others.every((parts) => parts[depth] === first[depth]);
  let depth = 0;
  while (depth < first.length && isShared(depth)) depth += 1;
  return first.slice(0, depth).join(sep) || sep;
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
