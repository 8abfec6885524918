import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../server/config.js';
import { startServer } from '../../server/main.js';
import { packageFolder } from '../../server/package-folder.js';
import { FfmpegSender, freePort, knowsProtocol } from '../support/live-senders.js';
import { DuetProcess } from './duet-process.js';
import { TestClient } from '../transport/test-client.js';

/** The sample `street`, pushed as OBS would. */
const street = ['-re', '-stream_loop', '-1', '-i', join(packageFolder, 'samples/clips/street.mp4')];
const encoded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '30', '-f', 'flv'];

test.skipIf(!knowsProtocol('rtmp'))(
  'duet-nano watches what is pushed by RTMP and speaks; after a drop the session goes on with the same key',
  async () => {
    const flags = { port: 0, record: 'off', workers: 1, ingestRtmp: `127.0.0.1:${await freePort()}` };
    const config = await loadConfig({ flags, environment: {} });
    const server = await startServer(config, () => undefined, new AbortController().signal);
    try {
      const client = await TestClient.open(server.url);
      client.send({ type: 'source.start', source: { type: 'ingest', protocol: 'rtmp' } });
      const { url, key } = await client.next('source.waiting');
      expect(url).toBe(server.rtmpAddress);
      const push = () => new FfmpegSender([...encoded, `${url}/${key}`], street);
      {
        await using sender = push();
        expect((await client.next('source.opened')).info).toMatchObject({ width: 640, height: 360 });
        expect(sender.isRunning).toBe(true);
        expect((await client.next('response.done')).text).not.toBe('');
      }
      await client.next('source.reconnecting');
      await using sender = push();
      const { video_time, gap_seconds } = await client.next('source.reopened');
      expect(sender.isRunning).toBe(true);
      const scored = await client.next('frame.scored');
      expect(scored.video_time).toBeGreaterThan(video_time + 0.9 * gap_seconds);
      expect(JSON.stringify(client.received.filter((message) => 'seq' in message))).not.toContain(key);
    } finally {
      await server.close();
    }
  },
  90_000,
);

test.skipIf(!knowsProtocol('rtmp'))(
  'duet watch ingest:rtmp says where to push, waits, and watches to the end of the sender',
  async () => {
    const port = await freePort();
    const watching = new DuetProcess(['watch', `ingest:rtmp:127.0.0.1:${port}`, '--json']);
    const [, url = '', key = ''] = await watching.complains(/push to (\S+) with the stream key (\S+)/);
    expect(url).toBe(`rtmp://127.0.0.1:${port}/live`);
    await using sender = new FfmpegSender(['-t', '4', ...encoded, `${url}/${key}`], street);
    await watching.says(/"frame.scored"/);
    expect(sender.isRunning).toBe(true);
    const { exitCode, stdout } = await watching.ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/"source.ended".*"finished"/);
    expect(stdout).not.toContain(key);
  },
  60_000,
);

test.each([
  ['ingest:srt:nowhere', 'write ingest:srt:127.0.0.1:9000'],
  ['ingest:rtsp', 'ingest:rtsp names no protocol that senders push by: write ingest:rtmp or ingest:srt'],
])('duet watch %s says what to write', async (named, remedy) => {
  const { exitCode, stderr } = await new DuetProcess(['watch', named]).ended;
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(remedy);
});
