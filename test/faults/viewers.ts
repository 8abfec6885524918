/**
 * Four sessions of 2 frames a second on the server at the first argument, for the seconds of the second: two
 * watch a sample, two push pictures.
 */
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { encodePictureMessage } from '../../server/protocol/picture-message.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';

/** What the sessions got of what was due. */
export interface ViewersReport {
  /** Frames that should have been scored, and were. */
  readonly due: number;
  readonly scored: number;
  readonly dropped: number;
  /** By how much the last score of the slowest session came too late. */
  readonly lateMs: number;
  /** Close codes of sessions that did not last. */
  readonly lost: readonly number[];
}

const fps = 2;
const [url = '', seconds = '10'] = process.argv.slice(2);
const frames = Math.max(2, Math.floor(Number(seconds) * fps));
const reports = await Promise.all([watchSample(), pushPictures(), watchSample(), pushPictures()]);
const total = (of: (report: ViewersReport) => number): number =>
  reports.reduce((sum, report) => sum + of(report), 0);
const report: ViewersReport = {
  due: total(({ due }) => due),
  scored: total(({ scored }) => scored),
  dropped: total(({ dropped }) => dropped),
  lateMs: Math.max(...reports.map(({ lateMs }) => lateMs)),
  lost: reports.flatMap(({ lost }) => lost),
};
process.stdout.write(JSON.stringify(report));

async function watchSample(): Promise<ViewersReport> {
  return watch({ source: { type: 'sample', name: 'street' }, pacing: 'realtime', max_frames: frames }, () =>
    Promise.resolve(),
  );
}

async function pushPictures(): Promise<ViewersReport> {
  const create = { width: 160, height: 120, channels: 3, background: '#c86432' } as const;
  const bytes = await sharp({ create }).jpeg().toBuffer();
  return watch({ source: { type: 'pictures' } }, async (socket) => {
    const start = performance.now();
    for (let index = 0; index < frames && socket.readyState === WebSocket.OPEN; index += 1) {
      await wait(Math.max(0, start + (index * 1000) / fps - performance.now()));
      socket.send(encodePictureMessage({ kind: 'encoded', videoTime: index / fps, bytes }));
    }
  });
}

async function watch(start: object, feed: (socket: WebSocket) => Promise<void>): Promise<ViewersReport> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1');
  const lost: number[] = [];
  const scores: number[] = [];
  let dropped = 0;
  const done = new Promise<void>((resolve) => {
    socket.on('close', (code) => {
      if (scores.length < frames) lost.push(code);
      resolve();
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type === 'session.opened')
        socket.send(JSON.stringify({ type: 'source.start', fps, ...start }));
      if (message.type === 'source.opened') void feed(socket);
      if (message.type === 'frame.scored') scores.push(performance.now());
      if (message.type === 'source.ended') ({ dropped_frames: dropped } = message);
      if (scores.length >= frames) resolve();
    });
    socket.on('error', () => undefined);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'session.open', settings: { policy: { type: 'never' } } }));
    });
  });
  await Promise.race([done, wait(Number(seconds) * 1000 + 20_000, undefined, { ref: false })]);
  socket.terminate();
  const [first = 0] = scores;
  const lateMs = Math.round((scores.at(-1) ?? 0) - first - ((scores.length - 1) * 1000) / fps);
  return { due: frames, scored: scores.length, dropped, lateMs, lost };
}
