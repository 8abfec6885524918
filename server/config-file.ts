import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DuetError } from './errors.js';
import { readJsonFile } from './read-json-file.js';

/** The file read from the working folder when none is named. */
export const defaultConfigFile = 'duet.config.json';

/** Largest configuration file in bytes; a larger one is something else. */
const maxBytes = 1024 * 1024;

/** A configuration file and its settings. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** Whether the user named this file; one that just lies in the working folder may come from a stranger. */
  readonly named: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Reads the named file, or `duet.config.json` in the working folder; null if there is neither.
 * @throws DuetError 'invalid_request' for a file that is missing, does not hold a JSON object, or is not a
 * regular file of at most a megabyte.
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | null> {
  const path = resolve(named ?? defaultConfigFile);
  if (named === undefined && !existsSync(path)) return null;
  try {
    const settings = z.record(z.string(), z.unknown()).parse(await readJsonFile(path, maxBytes));
    return { path, named: named !== undefined, settings };
  } catch (cause) {
    const why = cause instanceof z.ZodError || !(cause instanceof Error) ? '' : `: ${cause.message}`;
    throw new DuetError('invalid_request', `Config file ${path} cannot be read as a JSON object${why}`, {
      cause,
    });
  }
}
