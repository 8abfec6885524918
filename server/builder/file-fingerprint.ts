import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The size and SHA-256 of a file, read piece by piece. */
export async function fingerprintFile(path: string, signal?: AbortSignal): Promise<FileFingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1_048_576 })) {
    const piece: unknown = chunk;
    if (!(piece instanceof Uint8Array)) continue;
    bytes += piece.byteLength;
    hash.update(piece);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Size and hash of a file, as a manifest lists them. */
interface FileFingerprint {
  readonly bytes: number;
  readonly sha256: string;
}
