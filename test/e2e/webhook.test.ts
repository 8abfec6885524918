import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { TestClient } from '../transport/test-client.js';
import { temporaryFolder } from '../transport/test-server.js';
import { Receiver, secret } from '../webhook/receiver.js';
import { DuetProcess, runDuet } from './duet-process.js';

const root = join(import.meta.dirname, '../..');

/** The model of the world of the clip, on a free port. */
const model = ['--model', 'duet-nano', '--workers', '1', '--port', '0'];

/** `DUET_LONG=1` keeps the receiver down for a minute. */
const downMs = process.env['DUET_LONG'] === undefined ? 0 : 60_000;

test('a receiver that is down while the server is killed is told of everything by the next one, once', async () => {
  const receiver = await Receiver.open();
  await receiver.down();
  const record = join(await temporaryFolder(), 'records');
  const serve = ['serve', ...model, '--record', record, '--webhook', receiver.url];
  const first = new DuetProcess(serve, { DUET_WEBHOOK_SECRET: secret });
  const [, url = ''] = await first.says(/listening on (http:\S+)/);
  const client = await TestClient.open(url, { policy: { type: 'threshold', threshold: 0.3 } });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'kitchen' }, pacing: 'fast' });
  await first.complains(/The webhook does not take messages, which wait: ECONNREFUSED/);
  await client.next('source.ended');
  // What a client was told is told to the receiver, too, however soon after that the server is killed.
  if (downMs > 0) await sleep(downMs);
  first.child.kill('SIGKILL');
  await first.ended;
  const said = client.received.flatMap((message) => (message.type === 'response.done' ? [message] : []));
  expect(said.length).toBeGreaterThan(2);
  const waiting = async (): Promise<number> => {
    return (await readdir(join(record, '.webhook'))).filter((file) => file.endsWith('.json')).length;
  };
  await receiver.up();
  const next = new DuetProcess(serve, { DUET_WEBHOOK_SECRET: secret });
  await next.says(/listening on/);
  await receiver.has(said.length);
  expect(receiver.received.map(({ id }) => id)).toEqual(
    said.map(({ seq }) => `msg_${client.sessionId}_${seq}`),
  );
  expect(receiver.received.map(({ body }) => body.data['text'])).toEqual(said.map(({ text }) => text));
  await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
}, 300_000);

test('a webhook without a secret ends the command with one to use', async () => {
  const folder = await temporaryFolder();
  const args = ['serve', '--port', '0', '--record', folder, '--webhook', 'http://127.0.0.1:1/'];
  const { exitCode, stderr } = await runDuet(args, { DUET_WEBHOOK_SECRET: '' });
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/^duet: .* to whsec_\S{44} \(this one is new\)$/m),
  ]);
});

test('samples/webhook-receiver.ts is the program of docs/webhook.md, and prints what it is told', async () => {
  const program = await readFile(join(root, 'samples/webhook-receiver.ts'), 'utf8');
  expect(await readFile(join(root, 'docs/webhook.md'), 'utf8')).toContain(`\`\`\`ts\n${program}\`\`\``);
  const port = String(await freePort());
  const args = ['--import', 'tsx', 'samples/webhook-receiver.ts', port];
  const env = { ...process.env, DUET_WEBHOOK_SECRET: secret };
  const receiver = spawn(process.execPath, args, { cwd: root, env });
  onTestFinished(() => void receiver.kill('SIGKILL'));
  let printed = '';
  receiver.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  const record = join(await temporaryFolder(), 'records');
  const serve = ['serve', ...model, '--record', record, '--webhook', `http://127.0.0.1:${port}/`];
  const duet = new DuetProcess(serve, { DUET_WEBHOOK_SECRET: secret });
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  const client = await TestClient.open(url, { policy: { type: 'threshold', threshold: 0.3 } });
  client.send({
    type: 'source.start',
    source: { type: 'sample', name: 'kitchen' },
    pacing: 'fast',
    max_frames: 20,
  });
  await expect
    .poll(() => printed, { timeout: 120_000 })
    .toMatch(/^waiting\n\d+\.\d s, no question: \w+ .*$/m);
}, 300_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
