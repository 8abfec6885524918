import { Redis } from 'ioredis';
import { DuetError } from '../../../errors.js';

/** Where Redis is, as in `redis://:password@host:6379/0`. */
export interface RedisAddress {
  readonly url: string;
}

/** How long the first connection to Redis may take, in milliseconds. */
const connectTimeoutMs = 5000;

/** Throws 'invalid_request', without showing the password, if no Redis answers at the address. */
export async function requireRedis({ url }: RedisAddress): Promise<void> {
  const name = withoutSecrets(url);
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Failures arrive through the promises; without a listener ioredis would print them as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'start one, or leave out --queue to work in this process alone';
    throw new DuetError('invalid_request', `no Redis answers at ${name} (${reason}); ${remedy}`, { cause });
  } finally {
    client.disconnect();
  }
}

/** Connection options for BullMQ, which reconnects by itself when Redis goes away for a while. */
export function connectionTo({ url }: RedisAddress): { url: string; maxRetriesPerRequest: null } {
  return { url, maxRetriesPerRequest: null };
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) {
    throw new DuetError(
      'invalid_request',
      'The address of Redis is not a URL; write it as redis://host:6379',
    );
  }
  const { protocol, host, pathname } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return `${protocol}//${host}${pathname}`;
  throw new DuetError(
    'invalid_request',
    `The address of Redis begins with ${protocol}//; write redis:// or rediss://`,
  );
}
