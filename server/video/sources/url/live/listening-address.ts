import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

import { DuetError } from '../../../../errors.js';
import { allowedAddresses } from '../http/resolve-address.js';
import type { ResolveRules } from '../http/resolve-address.js';
import type { LiveAddress } from './live-address.js';

/**
 * The address at which ffmpeg waits for datagrams: one of this machine, or a group that it joins. Only who
 * may reach private addresses may open a port of this machine.
 *
 * @throws DuetError 'invalid_request' for an address of another machine, or where the rules forbid it.
 */
export async function listeningAddress({ url, port }: LiveAddress, rules: ResolveRules): Promise<string> {
  const [found] = await allowedAddresses(url, rules);
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  if (!rules.allowPrivate || found === undefined) throw notHere(rules.name);
  const isGroup = ipaddr.parse(found.address).range() === 'multicast';
  if (!isGroup && !own.some(({ address }) => address === found.address)) throw notHere(rules.name);
  const host = found.family === 6 ? `[${found.address}]` : found.address;
  const local = isGroup ? '' : `&localaddr=${found.address}`;
  return `udp://${host}:${port}?overrun_nonfatal=1&reuse=1${local}`;
}

function notHere(name: string): DuetError {
  return new DuetError(
    'invalid_request',
    `${name} is not an address at which this server receives; name one of its own, such as udp://127.0.0.1:5004`,
  );
}
