import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { sourceOpener, type SourceRules } from '../../../server/transport/sessions/source-opener.js';
import type { OpenSource } from '../../../server/transport/sessions/open-source.js';
import { DecoderPlaces } from '../../../server/video/ffmpeg/decoder-places.js';
import { makeClip } from '../../support/clips.js';
import { HttpPages, sendFile } from '../../support/http-pages.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const clip = readFileSync(makeClip({ frames: 60, rate: '30' }));

function opener(rules: Partial<SourceRules>): OpenSource {
  return sourceOpener({
    ...{
      allowRoots: [],
      allowUrls: false,
      allowPrivateUrls: false,
      allowBundledFfmpeg: true,
      trusted: false,
    },
    ...{ places: new DecoderPlaces(2), samples: new SampleLibrary('/nowhere') },
    uploads: { get: () => ({ path: '/nowhere' }) } as unknown as SourceRules['uploads'],
    ...rules,
  });
}

async function start(openSource: OpenSource, url: string): Promise<TestClient> {
  const client = await TestClient.open((await startTestServer({ openSource })).url);
  client.send({ type: 'source.start', event_id: 's', source: { type: 'url', url }, pacing: 'fast' });
  return client;
}

test('a server that others can reach fetches nothing unless allowed', async () => {
  const client = await start(opener({}), 'http://127.0.0.1:1/a.mp4');
  expect(await client.next('error')).toMatchObject({ code: 'unauthorized' });
});

test.each(['http://user:hush@127.0.0.1:1/a.mp4', 'http://user:hush@169.254.169.254/latest/meta-data/'])(
  'with allowUrls alone %s is refused, the session goes on, and the password is in no message',
  async (url) => {
    const client = await start(opener({ allowUrls: true }), url);
    const error = await client.next('error');
    expect(error).toMatchObject({ code: 'source_failed', client_event_id: 's' });
    expect(error.message).toMatch(
      /^http:\/\/[\d.:]+\/\S+ is not fetched: it does not lead to a public address/,
    );
    client.send({ type: 'ping' });
    await client.next('pong');
    expect(JSON.stringify(client.received)).not.toContain('hush');
  },
);

test.each<[string, Partial<SourceRules>]>([
  ['with allowPrivateUrls', { allowUrls: true, allowPrivateUrls: true }],
  ['on a server that only this machine reaches', { trusted: true }],
])('%s a private address is watched, and no event tells the password', async (_, rules) => {
  await using pages = await HttpPages.listen(sendFile(clip));
  const client = await start(opener(rules), `${pages.base.replace('//', '//user:hush@')}/a.mp4?token=hush`);
  const opened = await client.next('source.opened');
  expect(opened).toMatchObject({ source: `${pages.base}/a.mp4`, info: { live: false } });
  await client.next('source.ended');
  expect(JSON.stringify(client.received)).not.toContain('hush');
});
