import { DuetError } from '../../errors.js';

/** What the system says of a folder or disk that takes no files, and what it means. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'read-only',
  EEXIST: 'a file stands in its place',
  ENOTDIR: 'a file stands in its place',
  EISDIR: 'a folder stands in the place of a file',
  ENOENT: 'no such place',
  ENOSPC: 'no space left',
  EDQUOT: 'no space left',
  EFBIG: 'too large a file',
  EIO: 'the disk fails',
};

/** Names the output folder where the system refused to write there; anything else passes unchanged. */
export function outputFault(folder: string, thrown: unknown): unknown {
  if (thrown instanceof DuetError || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const code = String(thrown.code);
  if (!Object.hasOwn(meanings, code)) return thrown;
  const why = `${meanings[code]} (${code})`;
  const message = `the output folder ${JSON.stringify(folder)} cannot be written: ${why}`;
  const remedy = 'fix that, or choose another with --output; what was played is kept';
  return new DuetError('invalid_request', `${message}; ${remedy}`, { cause: thrown });
}
