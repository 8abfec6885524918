import { join } from 'node:path';

/** What the default cache folder depends on. */
interface CacheSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/** The default folder of the reply cache, in the platform's cache folder. */
export function defaultCacheFolder({ env, platform, home }: CacheSurroundings): string {
  return join(userCache(env, platform, home), 'duet', 'judge');
}

function userCache(env: CacheSurroundings['env'], platform: string, home: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  const configured = env['XDG_CACHE_HOME'];
  return configured === undefined || configured === '' ? join(home, '.cache') : configured;
}
