import { expect, onTestFinished, test } from 'vitest';

import { SourceHandler } from '../../../../../server/video/sources/handler.js';
import { retryLive } from '../../../../../server/video/sources/retry.js';
import { FfmpegSender, freePort } from '../../../../support/live-senders.js';
import { clipOptions } from '../../../../support/open-clip.js';

const tone = ['-re', '-f', 'lavfi', '-i', 'sine', '-c:a', 'aac'];

test(
  'a stream that has only sound at first is opened once it has pictures',
  { timeout: 60_000 },
  async () => {
    const to = ['-f', 'mpegts', `udp://127.0.0.1:${await freePort()}?pkt_size=1316`];
    const url = to[2]?.replace(/[?].*/, '') ?? '';
    const senders = [new FfmpegSender(to, tone)];
    const stop = () => Promise.all(senders.map((sender) => sender[Symbol.asyncDispose]()));
    onTestFinished(async () => {
      await stop();
    });
    const heard: string[] = [];
    await using handler = await SourceHandler.open({
      source: { type: 'url', url },
      options: { ...clipOptions, sampler: undefined, pacing: 'realtime', maxFrames: 2 },
      retry: (failure) => (retryLive()(failure) === null ? null : 5),
      hear: (notice) => {
        if (notice.type !== 'source.reconnecting') return;
        heard.push(notice.message);
        void stop().then(() => senders.push(new FfmpegSender(to)));
      },
    });
    expect(heard).toEqual([expect.stringContaining('has no video stream (audio alone')]);
    expect(handler.info).toMatchObject({ width: 128, height: 96, live: true });
  },
);
