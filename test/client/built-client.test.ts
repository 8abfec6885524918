import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type * as sdk from '../../client/sdk/index.js';
import { packageFolder } from '../../server/package-folder.js';
import { startTestServer } from '../transport/test-server.js';

test('the built client, duet-client.js, runs in Node with the WebSocket of the package ws', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'duet-built-client-'));
  onTestFinished(() => rm(outDir, { recursive: true, force: true }));
  const configFile = join(packageFolder, 'client', 'vite.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir } });
  const { connectDuet } = (await import(join(outDir, 'duet-client.js'))) as typeof sdk;
  const server = await startTestServer();
  const duet = connectDuet(`${server.url.replace('http', 'ws')}/v1/duet`, { webSocket: WebSocket });
  expect(await duet.open()).toMatchObject({ type: 'session.opened', model: 'fake' });
  await duet.close();
});
