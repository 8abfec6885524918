import type { RedisAddress } from '../../scoring/runner/queue/redis.js';

/**
 * The Redis that `--queue` means: its address, else that of the environment, else this machine's. Throws
 * where nobody answers there.
 */
export async function redisOf(flag: string | true | undefined): Promise<RedisAddress | null> {
  if (flag === undefined) return null;
  const named = flag === true ? process.env['DUET_REDIS_URL'] : flag;
  const address = { url: named ?? 'redis://127.0.0.1:6379' };
  const { requireRedis } = await import('../../scoring/runner/queue/redis.js');
  await requireRedis(address);
  return address;
}
