import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address lies in the open internet: not on this machine or in its networks, and no range with
 * a meaning of its own (loopback, private, link-local, shared, multicast, documentation, reserved, tunnels).
 * Where an IPv6 address stands for an IPv4 one, that one decides.
 *
 * @param own the addresses of this machine; services that only it should reach may listen there.
 */
export function isPublicAddress(address: string, own: ReadonlySet<string> = ownAddresses()): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIPv4(parsed, own);
  const embedded = embeddedIPv4(parsed);
  if (embedded !== undefined) return isPublicIPv4(embedded, own);
  return parsed.match(globalUnicast) && parsed.range() === 'unicast' && !own.has(parsed.toString());
}

/**
 * Public addresses that nevertheless belong to the host's own cloud: Azure's wire server. The other metadata
 * services lie in private ranges.
 */
const hostServices = new Set(['168.63.129.16']);

/** All that is routed in the open internet so far; the rest is reserved, whatever it may be used for. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

function isPublicIPv4(address: ipaddr.IPv4, own: ReadonlySet<string>): boolean {
  const text = address.toString();
  return address.range() === 'unicast' && !hostServices.has(text) && !own.has(text);
}

/** In networks without IPv4, NAT64 addresses are how the open internet is reached. */
function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return undefined;
}

function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => ipaddr.parse(address.replace(/%.*$/, '')).toString()));
}
