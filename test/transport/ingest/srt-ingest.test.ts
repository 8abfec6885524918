import { expect, test } from 'vitest';
import { freePort, knowsProtocol } from '../../support/live-senders.js';
import { pushing, pushInVain, startIngestServer } from './test-ingest.js';

test.skipIf(!knowsProtocol('srt'))(
  'an SRT sender needs the passphrase, and may drop and come back',
  async () => {
    const server = await startIngestServer({ rtmp: 'off', srt: `127.0.0.1:${await freePort()}` });
    const client = await server.connect();
    client.send({ type: 'source.start', source: { type: 'ingest', protocol: 'srt' } });
    const waiting = await client.next('source.waiting');
    const { url, key } = waiting;
    expect(url).toContain(`passphrase=${key}`);
    const withoutKey = url.replace(/\?.*/, '');
    for (const wrong of [withoutKey, `${withoutKey}?passphrase=${'0'.repeat(40)}`]) {
      expect((await pushInVain({ url: wrong, key: '' })).status).not.toBe(0);
    }
    {
      await using sender = pushing(waiting);
      expect((await client.next('source.opened')).info).toMatchObject({ live: true, width: 128 });
      expect(sender.isRunning).toBe(true);
      await client.next('frame.scored');
    }
    await client.next('source.reconnecting');
    await using sender = pushing(waiting);
    await client.next('source.reopened');
    expect(sender.isRunning).toBe(true);
    await client.next('frame.scored');
  },
  90_000,
);
