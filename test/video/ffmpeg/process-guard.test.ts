import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { writeFile } from '../../support/clips.js';
import { processesNaming } from '../../support/ffmpeg-processes.js';
import { waitUntil } from '../../support/wait-until.js';

const server = fileURLToPath(new URL('../../support/killed-server.ts', import.meta.url));

describe.skipIf(process.platform !== 'linux')('a decoder that neither reads nor writes', () => {
  test.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT'])(
    'ends with a server that %s ends',
    async (signal) => {
      const idle = writeFile(
        'idle-ffmpeg',
        `#!/bin/sh\nexec ${process.execPath} -e 'setInterval(() => 0, 60000)' -- "$@"\n`,
      );
      chmodSync(idle, 0o755);
      const mark = `mark-of-${signal}-${process.pid}`;
      const parent = spawn(process.execPath, ['--import', 'tsx', server, idle, mark], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(parent.stdout, 'data');
      const decoders = () => processesNaming(mark).filter((id) => id !== parent.pid);
      await waitUntil(() => decoders().length === 1);
      parent.kill(signal);
      await once(parent, 'exit');
      await expect.poll(decoders, { timeout: 5000 }).toEqual([]);
    },
  );
});
