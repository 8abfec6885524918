import { expect, onTestFinished, test } from 'vitest';
import { openObsCaptions } from '../../../server/cli/send/obs-captions.js';
import type { CaptionSink } from '../../../server/cli/send/caption-sink.js';
import { ObsServer } from '../../support/obs-server.js';

const signal = new AbortController().signal;

async function openCaptions(address: string, password: string | null = null): Promise<CaptionSink> {
  const sink = await openObsCaptions(address, password);
  onTestFinished(() => sink[Symbol.asyncDispose]());
  return sink;
}

test.each([null, 'correct horse'])(
  'OBS with the password %j shows captions, and clears them',
  async (password) => {
    const obs = await ObsServer.start({ password });
    const captions = await openCaptions(obs.address, password);
    await captions.show(['A red kite appears at the', 'top and drifts to the left.'], signal);
    await captions.show([], signal);
    expect(obs.captions).toEqual(['A red kite appears at the\ntop and drifts to the left.', '']);
  },
);

test.each([null, 'wrong'])('the password %j is refused with a remedy, and not repeated', async (password) => {
  const obs = await ObsServer.start({ password: 'right' });
  const refused = openObsCaptions(obs.address, password);
  await expect(refused).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(refused).rejects.toThrow(/DUET_OBS_PASSWORD/);
  await expect(refused).rejects.not.toThrow(/wrong|right/);
});

test('OBS may be started, and started again, at any time', async () => {
  const first = await ObsServer.start();
  const { port, address } = first;
  await first[Symbol.asyncDispose]();
  const captions = await openCaptions(address);
  await expect(captions.show(['One.'], signal)).rejects.toThrow(/cannot be reached.*ECONNREFUSED.*Enable/);
  {
    await using second = await ObsServer.start({ port });
    await captions.show(['Two.'], signal);
    expect(second.captions).toEqual(['Two.']);
  }
  const third = await ObsServer.start({ port });
  const shown = (): Promise<string[]> =>
    captions.show(['Three.'], signal).then(
      () => third.captions,
      () => [],
    );
  await expect.poll(shown, { timeout: 20_000 }).toContain('Three.');
});

test('without a stream OBS takes none, and says so', async () => {
  const obs = await ObsServer.start();
  obs.isStreaming = false;
  const captions = await openCaptions(obs.address);
  await expect(captions.show(['One.'], signal)).rejects.toThrow(
    /only while it streams: press Start Streaming/,
  );
  obs.isStreaming = true;
  await captions.show(['Two.'], signal);
  expect(obs.captions).toEqual(['Two.']);
});

test('a connection that breaks in the middle of a caption is no end', async () => {
  const obs = await ObsServer.start();
  const captions = await openCaptions(obs.address);
  obs.breaks = true;
  await expect(captions.show(['One.'], signal)).rejects.toThrow(/cannot be reached/);
  obs.breaks = false;
  await captions.show(['Two.'], signal);
  expect(obs.captions).toEqual(['Two.']);
});

test.each(['obs://', 'obs://host:port', 'http://127.0.0.1:4455'])(
  '%s is no address of OBS',
  async (address) => {
    await expect(openObsCaptions(address, null)).rejects.toThrow(
      /is no address of OBS: write one such as obs:/,
    );
  },
);
