import { join } from 'node:path';

/** What the default folder depends on. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/** Where records are kept unless a setting says otherwise: in the platform's folder for the user's data. */
export function defaultRecordFolder({ env, platform, home }: Surroundings): string {
  return join(userData(env, platform, home), 'duet', 'sessions');
}

function userData(env: Surroundings['env'], platform: string, home: string): string {
  const configured = env['XDG_DATA_HOME'];
  if (configured !== undefined && configured !== '') return configured;
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return join(home, '.local', 'share');
}
