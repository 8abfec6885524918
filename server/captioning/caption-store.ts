import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../make-folder.js';
import { playedSchema, type Played } from '../scoring/data/played.js';
import { writeWhole } from './own-files.js';

/**
 * What was captioned, a file for each video and language. It is written when a video has been played to its
 * end, before its captions are, so that a run that was killed goes on with the others and writes equal files.
 */
export class CaptionStore {
  readonly #folder: string;
  readonly #known: Map<string, Captioned>;

  private constructor(folder: string, known: Map<string, Captioned>) {
    this.#folder = folder;
    this.#known = known;
  }

  /** Opens or creates the store in a folder; files that it does not understand do not count. */
  static async open(folder: string): Promise<CaptionStore> {
    await makeFolder(folder);
    const known = new Map<string, Captioned>();
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
    for (const file of files.sort()) {
      const read = await readState(join(folder, file));
      if (read === null) continue;
      const { played, ...captioned } = read;
      known.set(file, { ...captioned, duration: played.video_duration, captions: played.replies.length });
    }
    return new CaptionStore(folder, known);
  }

  /** The names of captions, and the video that has each. */
  get names(): ReadonlyMap<string, string> {
    return new Map([...this.#known.values()].map(({ name, video }) => [name, video]));
  }

  /**
   * What is known of a video that was captioned with the same settings and has not changed since; else null.
   */
  find(wanted: CaptionKey): Captioned | null {
    const known = this.#known.get(fileOf(wanted));
    if (known === undefined) return null;
    return fingerprintOf(known) === fingerprintOf(wanted) ? known : null;
  }

  /** Whether a video was captioned before, with other settings or before it changed. */
  isOutdated(wanted: CaptionKey): boolean {
    return this.#known.has(fileOf(wanted)) && this.find(wanted) === null;
  }

  /** What was recorded of a video; null if it was not captioned. */
  async read(key: CaptionKey): Promise<Played | null> {
    return (await readState(join(this.#folder, fileOf(key))))?.played ?? null;
  }

  /** Keeps what was recorded of a video. */
  async keep(key: CaptionKey, name: string, played: Played): Promise<Captioned> {
    const file = fileOf(key);
    const text = `${JSON.stringify({ ...key, name, played })}\n`;
    await writeWhole(join(this.#folder, file), text, join(this.#folder, 'unfinished'));
    const captioned = { ...key, name, duration: played.video_duration, captions: played.replies.length };
    this.#known.set(file, captioned);
    return captioned;
  }
}

/** A video, and everything that its captions depend on. */
export type CaptionKey = z.output<typeof keySchema>;

/** A video that was captioned, without what was recorded of it. */
interface Captioned extends CaptionKey {
  readonly name: string;
  /** Seconds of video. */
  readonly duration: number;
  readonly captions: number;
}

const keySchema = z.strictObject({
  /** Path of the video, relative to the folder of the captions. */
  video: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  language: z.string().nullable(),
  /** Model, sampling and settings. */
  settings: z.record(z.string(), z.unknown()),
});

const stateSchema = z.strictObject({ ...keySchema.shape, name: z.string().min(1), played: playedSchema });

async function readState(path: string): Promise<z.output<typeof stateSchema> | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

function fileOf({ video, language }: Pick<CaptionKey, 'video' | 'language'>): string {
  return `${createHash('sha256')
    .update(JSON.stringify([video, language]))
    .digest('hex')
    .slice(0, 32)}.json`;
}

function fingerprintOf({ bytes, modifiedMs, settings }: CaptionKey): string {
  const sorted = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([bytes, modifiedMs, sorted]);
}
