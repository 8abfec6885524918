import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./killed-anytime.ts', import.meta.url));

test.skipIf(process.platform !== 'linux')(
  'whatever is killed, what clients have seen is on record, and their sessions go on',
  async () => {
    const args = ['--import', 'tsx', script, '--kills', '5', '--seed', '3'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { faults, events, reopened, kills } = JSON.parse(stdout) as {
      readonly faults: string[];
      readonly events: number;
      readonly reopened: number;
      readonly kills: { readonly server: number };
    };
    expect(faults).toEqual([]);
    expect(reopened).toBe(3 * kills.server);
    expect(events).toBeGreaterThan(20);
  },
  120_000,
);
