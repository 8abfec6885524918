import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DuetError } from './errors.js';

/** The file that is read from the working folder where none is named. */
export const defaultConfigFile = 'duet.config.json';

/** A configuration file as it was found. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** Whether somebody asked for this file; one that merely lies in the working folder may be a stranger's. */
  readonly named: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Reads the named file, or `duet.config.json` of the working folder; null where neither is there.
 * @throws DuetError 'invalid_request' for a file that is missing or holds no JSON object.
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | null> {
  const path = resolve(named ?? defaultConfigFile);
  if (named === undefined && !existsSync(path)) return null;
  try {
    const settings = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')));
    return { path, named: named !== undefined, settings };
  } catch (cause) {
    throw new DuetError('invalid_request', `Config file ${path} cannot be read as a JSON object`, { cause });
  }
}
