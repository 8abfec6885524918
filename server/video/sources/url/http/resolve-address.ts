import { lookup } from 'node:dns/promises';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';

import { DuetError } from '../../../../errors.js';
import { mayMendItself } from './network-errors.js';
import { isPublicAddress } from './public-address.js';

/**
 * The IP addresses of a URL that may be reached.
 *
 * @throws DuetError 'source_failed' when there are none.
 */
export async function allowedAddresses(url: URL, rules: ResolveRules): Promise<readonly LookupAddress[]> {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = await addressesOf(hostname, rules).catch((cause: unknown) => {
    if (!rules.allowPrivate) throw notPublic(rules, cause);
    throw new DuetError(
      'source_failed',
      `${rules.name} cannot be fetched: the name ${hostname} cannot be resolved`,
      { cause, retryable: mayMendItself(cause) },
    );
  });
  if (rules.allowPrivate) return found;
  const { isPublic = isPublicAddress } = rules;
  const allowed = found.filter(({ address }) => isPublic(address));
  if (allowed.length === 0) throw notPublic(rules);
  return allowed;
}

/** Which addresses may be reached, and the name of the source in errors. */
export interface ResolveRules {
  readonly name: string;
  /** Whether addresses of this machine and of private networks may be reached. */
  readonly allowPrivate: boolean;
  /** Which addresses are public; default {@link isPublicAddress}. */
  readonly isPublic?: ((address: string) => boolean) | undefined;
  /** All addresses of a host name; default the system's resolver. */
  readonly resolve?: ((hostname: string) => Promise<readonly LookupAddress[]>) | undefined;
}

async function addressesOf(hostname: string, { resolve }: ResolveRules): Promise<readonly LookupAddress[]> {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  return resolve === undefined ? lookup(hostname, { all: true }) : resolve(hostname);
}

/**
 * One message for every forbidden address, whether closed, open, or a name known only inside: it must not
 * reveal what is there.
 */
function notPublic({ name }: ResolveRules, failure?: unknown): DuetError {
  return new DuetError(
    'source_failed',
    `${name} is not fetched: it does not lead to a public address, and this server fetches only those`,
    // A resolver that is out of reach says nothing about the name.
    { cause: failure, retryable: mayMendItself(failure) },
  );
}

type Lookup = (
  hostname: string,
  options: LookupOptions,
  answer: (error: null, address: LookupAddress[] | string, family?: number) => void,
) => void;

/** A lookup that always returns the addresses that were checked. */
export function pinnedLookup(addresses: readonly LookupAddress[]): Lookup {
  return (_hostname, options, answer) => {
    const [first] = addresses;
    if (options.all === true || first === undefined) answer(null, [...addresses]);
    else answer(null, first.address, first.family);
  };
}
