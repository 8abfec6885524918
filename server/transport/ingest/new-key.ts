import { randomBytes } from 'node:crypto';

/** A key that cannot be guessed (160 bits), of characters that need no escaping in an address. */
export function newKey(): string {
  return randomBytes(20).toString('hex');
}
