import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../transport/test-server.js';
import { duetCommand, DuetProcess } from './duet-process.js';

/** The official client, connected to `duet mcp` by its standard input and output. */
async function connect(): Promise<Client> {
  const record = await temporaryFolder();
  const client = new Client({ name: 'test', version: '1' });
  const args = [duetCommand, 'mcp', '--workers', '1', '--record', record];
  const transport = new StdioClientTransport({ command: process.execPath, args, stderr: 'pipe' });
  onTestFinished(() => client.close());
  await client.connect(transport, { timeout: 120_000 });
  return client;
}

type Answer = Readonly<Record<string, unknown>>;

/** Calls a tool, and reads its answer. */
async function call(
  client: Client,
  name: string,
  args: Answer,
  onprogress?: () => void,
): Promise<Answer & { isError: boolean }> {
  const options = { timeout: 120_000, ...(onprogress && { onprogress }) };
  const result = await client.callTool({ name, arguments: args }, CallToolResultSchema, options);
  const [{ text }] = z.tuple([z.object({ text: z.string() })]).parse(result.content);
  const isError = result.isError === true;
  return { isError, ...(isError ? { text } : (JSON.parse(text) as Answer)) };
}

test('an assistant watches a clip, is told what happens, reads the transcript and stops', async () => {
  const client = await connect();
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['watch', 'ask', 'wait_for', 'list', 'stop']);
  const updated: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    updated.push(params.uri);
  });
  const watch = await call(client, 'watch', { source: 'kitchen', question: 'What is happening?' });
  expect(watch).toMatchObject({ isError: false, source: 'kitchen', state: 'playing' });
  const { watch_id: id, transcript } = z
    .object({ watch_id: z.string(), transcript: z.string() })
    .parse(watch);
  await client.subscribeResource({ uri: transcript });
  let progress = 0;
  const waiting = { watch_id: id, question: 'What is happening?', threshold: 0.1, timeout_seconds: 100 };
  const told = await call(client, 'wait_for', waiting, () => (progress += 1));
  expect(told).toMatchObject({ told: true, text: expect.stringMatching(/\w+ \w+/) as string });
  expect(progress).toBeGreaterThan(0);
  const listed = await call(client, 'list', {});
  expect(listed).toMatchObject({ watches: [{ watch_id: id, questions: ['What is happening?'] }] });
  expect(listed['samples']).toContain('kitchen');
  const never = { watch_id: id, question: 'What is happening?', threshold: 1.9, timeout_seconds: 2 };
  expect(await call(client, 'wait_for', never)).toMatchObject({ told: false });
  const { contents } = await client.readResource({ uri: transcript });
  expect(contents).toEqual([expect.objectContaining({ uri: transcript, mimeType: 'text/plain' })]);
  expect(JSON.stringify(contents)).toContain(String(told['text']));
  expect(new Set(updated)).toEqual(new Set([transcript]));
  expect((await client.listResources()).resources).toMatchObject([{ uri: transcript }]);
  expect(await call(client, 'stop', { watch_id: id })).toMatchObject({ stopped: id });
  expect(await call(client, 'list', {})).toMatchObject({ watches: [] });
  expect(await call(client, 'ask', { watch_id: id, question: 'What?' })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/There is no watch .*; open are: none/) as string,
  });
}, 300_000);

test('a question after the end is answered; what cannot be watched is refused with a remedy', async () => {
  const client = await connect();
  const watch = await call(client, 'watch', { source: 'gallery', pace: 'fast' });
  const [id, over] = [
    String(watch['watch_id']),
    (answer: Answer) => JSON.stringify(answer).includes('"ended"'),
  ];
  await expect.poll(async () => over(await call(client, 'list', {})), { timeout: 120_000 }).toBe(true);
  const asked = await call(client, 'ask', {
    watch_id: id,
    question: 'How many people are there?',
    timeout_seconds: 60,
  });
  expect(asked).toMatchObject({ told: true, text: expect.stringMatching(/^There (is|are) /) as string });
  expect(await call(client, 'watch', { source: '/etc/passwd' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('--allow-root') as string,
  });
  expect(await call(client, 'watch', { source: 'http://127.0.0.1:1/x.mp4' })).toMatchObject({
    isError: true,
  });
  expect(await call(client, 'list', {})).toMatchObject({ watches: [{ watch_id: id }] });
}, 300_000);

test('samples/watch-by-mcp.ts is the program of docs/mcp.md, and is told what happens', async () => {
  const root = join(import.meta.dirname, '../..');
  const program = readFileSync(join(root, 'samples/watch-by-mcp.ts'), 'utf8');
  expect(readFileSync(join(root, 'docs/mcp.md'), 'utf8')).toContain(`\`\`\`ts\n${program}\`\`\``);
  const args = ['--import', 'tsx', 'samples/watch-by-mcp.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(/^told: \{\s+told: true,\s+video_time: [\d.]+,\s+text: /m);
  expect(stdout).toMatch(/transcript: \{[^]*\d+\.\d s {2}duet: /);
}, 300_000);

test('a message that is too long ends the command, which says so', async () => {
  const duet = new DuetProcess(['mcp', '--workers', '1', '--record', await temporaryFolder()]);
  duet.child.stdin?.on('error', () => undefined);
  duet.child.stdin?.write('x'.repeat(11 * 1024 ** 2));
  const { exitCode, stderr } = await duet.ended;
  expect(exitCode).toBe(0);
  expect(stderr).toContain('a message of the assistant was longer than 10 MiB');
});
