import { isIPv6 } from 'node:net';
import { isLoopback } from './access-rules.js';

/**
 * What counts as one client for limits per address: an IPv4 address, or the /64 network of an IPv6 one, whose
 * owner can use any address in it. Null for this machine, which is either its user or a proxy shared by many
 * clients.
 */
export function clientAddress(remote: string | undefined): string | null {
  if (remote === undefined) return null;
  const address = remote.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isLoopback(address)) return null;
  return isIPv6(address) ? networkOf(address) : address;
}

/** The first 64 bits of an IPv6 address, written out. */
function networkOf(address: string): string {
  const [left = '', right] = address.replace(/%.*$/, '').split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...(right === undefined ? [] : zeros), ...tail].slice(0, 4).join(':');
}
