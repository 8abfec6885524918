import { open, stat } from 'node:fs/promises';

/** Most bytes of a JSON file that holds settings or names. */
export const maxJsonBytes = 16 * 1024 * 1024;

/** Most bytes of a `tokenizer.json`; those of large vocabularies have a few dozen megabytes. */
export const maxTokenizerBytes = 128 * 1024 * 1024;

/**
 * The JSON value in the file at `path`. The size is checked before reading, because model files may come from
 * strangers. Throws an Error whose message says what is wrong: not a regular file, more than `most` bytes,
 * not JSON.
 */
export async function readJsonFile(path: string, most = maxJsonBytes): Promise<unknown> {
  // Opening a named pipe would wait for its writer.
  if (!(await stat(path)).isFile()) throw new Error('it is not a regular file');
  const handle = await open(path, 'r');
  try {
    const status = await handle.stat();
    if (status.size > most) throw new Error(`it has ${status.size} bytes, and at most ${most} are read`);
    const text = Buffer.alloc(status.size);
    const { bytesRead } = await handle.read(text, 0, text.length, 0);
    // Editors on Windows put a mark before the text, which JSON knows nothing of.
    return JSON.parse(text.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '')) as unknown;
  } finally {
    await handle.close();
  }
}
