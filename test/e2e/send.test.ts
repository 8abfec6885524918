import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageFolder } from '../../server/package-folder.js';
import { openStore } from '../records/recorded-session.js';
import { modelByBrightness } from '../support/duet-session.js';
import { CaptionReceiver } from '../support/caption-receiver.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { freePort } from '../support/live-senders.js';
import { ObsServer } from '../support/obs-server.js';
import { TestClient } from '../transport/test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../transport/test-server.js';
import { DuetProcess } from './duet-process.js';

function startSpeaking(reply: string, options: TestServerOptions = {}) {
  const stream = (): FakeStream => new FakeStream(fakeFrames([90]));
  const model = modelByBrightness({ replies: [reply] });
  return startTestServer({ model, stream, mayListSessions: true, ...options });
}

async function speak(client: TestClient): Promise<void> {
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
}

const kite = 'A red kite appears at the top and drifts to the left.';
const inObs = ['A red kite appears at the\ntop and drifts to the left.', ''];

test('duet send captions OBS and YouTube with what the newest session says', async () => {
  const [obs, youtube] = [
    await ObsServer.start({ password: 'correct horse' }),
    await CaptionReceiver.start(),
  ];
  const file = join(mkdtempSync(join(tmpdir(), 'duet-send-')), 'youtube.txt');
  writeFileSync(file, `${youtube.address}\n`);
  const { url } = await startSpeaking(kite);
  const args = ['send', '--server', url, '--to', obs.address, '--to', 'youtube', '--youtube-url-file', file];
  const duet = new DuetProcess(args, { DUET_OBS_PASSWORD: 'correct horse' });
  await duet.complains(/sending what the newest session says to OBS at 127.*connected to/s);
  const client = await TestClient.open(url);
  await speak(client);
  await duet.says(/^A red kite appears at the top and drifts to the left\.$/m);
  await expect.poll(() => obs.captions, { timeout: 30_000 }).toEqual(inObs);
  await expect.poll(() => youtube.seqs, { timeout: 30_000 }).toEqual(['1']);
  duet.child.kill('SIGINT');
  expect(await duet.ended).toMatchObject({ exitCode: 0 });
});

test('duet send waits for a server that is away, and ends with its session when all is shown', async () => {
  const obs = await ObsServer.start();
  const records = await openStore(await temporaryFolder());
  const port = await freePort();
  const away = new DuetProcess(['send', '--server', `http://127.0.0.1:${port}`, '--to', obs.address]);
  await away.complains(/waiting for http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  const { url } = await startSpeaking(kite, { port, records });
  await away.complains(/connected to/);
  away.child.kill('SIGTERM');
  expect(await away.ended).toMatchObject({ exitCode: 0 });
  const client = await TestClient.open(url);
  client.send({ type: 'session.share' });
  const { token } = await client.next('session.shared');
  const duet = new DuetProcess(['send', '--server', url, '--to', obs.address], { DUET_SESSION: token });
  await duet.complains(/sending what the session says.*connected to/s);
  await speak(client);
  await duet.says(/^A red kite/m);
  client.send({ type: 'session.close' });
  expect(await duet.ended).toMatchObject({ exitCode: 0 });
  expect(obs.captions).toEqual(inObs);
});

test.each([
  [['--to', 'obs://127.0.0.1:1', '--server', 'nowhere'], 2, /--server nowhere is no address of a server/],
  [['--to', 'twitch'], 2, /--to twitch is not known: write obs:/],
  [['--to', 'youtube'], 2, /DUET_YOUTUBE_URL or --youtube-url-file/],
  [['--to', 'youtube', '--youtube-url-file', '/nonexistent'], 2, /\/nonexistent cannot be read/],
  [[], 2, /required option '--to <target>' not specified/],
])('duet send %j is refused with %i', async (args, exitCode, said) => {
  const ended = await new DuetProcess(['send', ...args]).ended;
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.stderr).toMatch(said);
});

test('a session that is not there is named with a remedy', async () => {
  const { url } = await startSpeaking(kite);
  const ended = await new DuetProcess(['send', 'nobody', '--server', url, '--to', 'obs://127.0.0.1:1']).ended;
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toMatch(/No such session.*or latest/);
});

test('samples/follow.ts prints what a session says, without a client library', async () => {
  const { url } = await startSpeaking(kite, { records: await openStore(await temporaryFolder()) });
  const client = await TestClient.open(url);
  const args = ['--import', 'tsx', 'samples/follow.ts', url, client.sessionId];
  const printed = promisify(execFile)(process.execPath, args, { cwd: packageFolder });
  await speak(client);
  client.send({ type: 'session.close' });
  expect((await printed).stdout).toBe(`0.0 ${kite}\n`);
});
