import { DuetError } from '../../errors.js';

/** How compressed files begin, and what unpacks them. */
const packings = [
  { name: 'gzip', start: [0x1f, 0x8b], unpack: 'gunzip' },
  { name: 'zip', start: [0x50, 0x4b, 0x03, 0x04], unpack: 'unzip' },
  { name: 'zstd', start: [0x28, 0xb5, 0x2f, 0xfd], unpack: 'unzstd' },
  { name: 'xz', start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], unpack: 'unxz' },
  { name: 'bzip2', start: [0x42, 0x5a, 0x68], unpack: 'bunzip2' },
] as const;

/**
 * How the bytes of a text file are read, told by its first ones: UTF-16 where it says so, as PowerShell
 * writes it, else UTF-8. A mark of the byte order is left out. Throws 'invalid_request' for a packed file.
 */
export function decoderFor(file: string, beginning: Uint8Array): TextDecoder {
  const begins = (start: readonly number[]) => start.every((byte, index) => beginning[index] === byte);
  const packing = packings.find(({ start }) => begins(start));
  if (packing !== undefined) {
    const remedy = `unpack it first, as in: ${packing.unpack} ${JSON.stringify(file)}`;
    throw new DuetError('invalid_request', `${file}: is packed with ${packing.name}; ${remedy}`);
  }
  const encoding = begins([0xff, 0xfe]) ? 'utf-16le' : begins([0xfe, 0xff]) ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}
