import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

/**
 * Whether an IP address is on the public internet: not this machine or its networks, and not in a special
 * range (loopback, private, link-local, shared, multicast, documentation, reserved, tunnels). An IPv6 address
 * that embeds an IPv4 one is judged by that.
 *
 * @param own the addresses of this machine, where services may listen that only it should reach.
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
 * Public addresses that belong to the host's own cloud: Azure's wire server. Other metadata services are in
 * private ranges.
 */
const hostServices = new Set(['168.63.129.16']);

/** All IPv6 space allocated for the public internet so far; the rest is reserved. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

function isPublicIPv4(address: ipaddr.IPv4, own: ReadonlySet<string>): boolean {
  const text = address.toString();
  return address.range() === 'unicast' && !hostServices.has(text) && !own.has(text);
}

/** In networks without IPv4, NAT64 addresses are how the public internet is reached. */
function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return undefined;
}

function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => ipaddr.parse(address.replace(/%.*$/, '')).toString()));
}
