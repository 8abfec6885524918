import { relative, sep } from 'node:path';
import { commonFolder, type FoundVideo } from './find-videos.js';

/**
 * What the captions of each video are called, without their ending: the video's name without its own. Where
 * that is the same for several, their folders are part of it, and where it still is, their endings (`x.mp4`,
 * `x.mov`). A name in `taken` stays with the video (by path) that has had it before. Equal videos get equal
 * names in every run; names that differ in case only count as the same, as on macOS and Windows.
 */
export function outputNames(
  videos: readonly FoundVideo[],
  taken: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<FoundVideo, string> {
  const names = new Map(apart(videos));
  const owners = new Map([...taken].map(([name, path]) => [keyOf(name), path]));
  const kept = new Map([...taken].map(([name, path]) => [path, name]));
  const used = new Set<string>();
  return new Map(
    videos.map((video) => {
      const wished = kept.get(video.path) ?? names.get(video) ?? video.name;
      const isFree = (name: string): boolean => {
        const owner = owners.get(keyOf(name)) ?? video.path;
        return !used.has(keyOf(name)) && owner === video.path;
      };
      const name = firstFree(wished, video.name, isFree);
      used.add(keyOf(name));
      return [video, name];
    }),
  );
}

type Named = readonly [video: FoundVideo, name: string];

function apart(videos: readonly FoundVideo[]): readonly Named[] {
  const shortName = ({ name }: FoundVideo): string => withoutEnding(name);
  return groupsBy(videos, shortName).flatMap((group) => {
    if (group.length === 1) return group.map((video): Named => [video, shortName(video)]);
    const root = commonFolder(group.map(({ path }) => path));
    const below = ({ path }: FoundVideo): string => relative(root, path).split(sep).join('/');
    const longName = (video: FoundVideo): string => withoutEnding(below(video));
    return groupsBy(group, longName).flatMap((alike) =>
      alike.map((video): Named => [video, alike.length === 1 ? longName(video) : below(video)]),
    );
  });
}

/** The videos in groups of those that get the same name. */
function groupsBy(
  videos: readonly FoundVideo[],
  nameOf: (video: FoundVideo) => string,
): readonly (readonly FoundVideo[])[] {
  const groups = new Map<string, FoundVideo[]>();
  for (const video of videos) {
    const key = keyOf(nameOf(video));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [video]);
    else group.push(video);
  }
  return [...groups.values()];
}

/** The first name that is free: the wished one, the video's own, or that with a number. */
function firstFree(wished: string, own: string, isFree: (name: string) => boolean): string {
  if (isFree(wished)) return wished;
  if (isFree(own)) return own;
  for (let number = 2; ; number += 1) {
    const numbered = `${own} (${number})`;
    if (isFree(numbered)) return numbered;
  }
}

function withoutEnding(name: string): string {
  return name.replace(/(?<=[^/])\.[^./]*$/, '');
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
