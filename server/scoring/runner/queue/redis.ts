import { Redis } from 'ioredis';
import { DuetError } from '../../../errors.js';

/** Where Redis is, as in `redis://:password@host:6379/0`. */
export interface RedisAddress {
  readonly url: string;
}

/** How long Redis may take to answer at first, in milliseconds. */
const connectTimeoutMs = 5000;

/** Throws 'invalid_request', without the password, where nobody answers at the address. */
export async function requireRedis({ url }: RedisAddress): Promise<void> {
  const name = withoutSecrets(url);
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Failures reach us through the promises; without a listener ioredis prints them besides.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `no Redis answers at ${name} (${reason}); start one, or leave --queue out to work in this process alone`;
    throw new DuetError('invalid_request', message, { cause });
  } finally {
    client.disconnect();
  }
}

/** Connection options for BullMQ, which itself tries again for ever when Redis goes away for a while. */
export function connectionTo({ url }: RedisAddress): { url: string; maxRetriesPerRequest: null } {
  return { url, maxRetriesPerRequest: null };
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) {
    throw new DuetError('invalid_request', 'The address of Redis is no URL; write it as redis://host:6379');
  }
  const { protocol, host, pathname } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return `${protocol}//${host}${pathname}`;
  throw new DuetError(
    'invalid_request',
    `The address of Redis begins with ${protocol}//; write redis:// or rediss://`,
  );
}
