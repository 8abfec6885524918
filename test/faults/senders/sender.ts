import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import type { WireSource } from '../../../server/protocol/client-messages.js';
import { ffmpeg, makeClip } from '../../support/clips.js';
import { FfmpegSender, freePort } from '../../support/live-senders.js';
import { RtspServer } from '../../support/rtsp-server.js';

/** A real sender that goes away and comes back. */
export interface Sender {
  readonly source: WireSource;
  /** Begins to send; a sender that pushes into the server is told where, once that waits for it. */
  start(place: PushPlace | null): Promise<void>;
  /** Goes away as if it were killed. */
  kill(): Promise<void>;
  /** Puts away what outlives its outages. */
  close(): Promise<void>;
}

/** Where a sender pushes its stream, as `source.waiting` told. */
interface PushPlace {
  readonly url: string;
  readonly key: string;
}

/** Every kind of sender, by the name under which it is reported. */
export const senders: Readonly<Record<string, () => Promise<Sender>>> = {
  'RTSP over TCP': () => rtsp('tcp'),
  'RTSP over UDP': () => rtsp('udp'),
  RTMP: async () => sent(`rtmp://127.0.0.1:${await freePort()}/live/key`, ['-f', 'flv', '-listen', '1']),
  SRT: async () => sent(`srt://127.0.0.1:${await freePort()}`, ['-f', 'mpegts'], '?mode=listener'),
  'MPEG-TS over UDP': async () =>
    sent(`udp://127.0.0.1:${await freePort()}`, ['-f', 'mpegts'], '?pkt_size=1316'),
  HLS: hls,
  'MJPEG camera': camera,
  'RTMP pushed': () => pushed('rtmp', ({ url, key }) => ['-f', 'flv', `${url}/${key}`]),
  'SRT pushed': () => pushed('srt', ({ url }) => ['-f', 'mpegts', url]),
};

/** As OBS does, it tries again while it is turned away. */
function pushed(protocol: 'rtmp' | 'srt', output: (place: PushPlace) => readonly string[]): Promise<Sender> {
  let sender: FfmpegSender | undefined;
  let retrying: ReturnType<typeof setInterval> | undefined;
  return Promise.resolve({
    source: { type: 'ingest', protocol },
    start: (place) => {
      if (place === null) throw new Error(`the server has not told where to push by ${protocol}`);
      const push = (): FfmpegSender => new FfmpegSender(['-tune', 'zerolatency', ...output(place)]);
      sender = push();
      retrying = setInterval(() => {
        if (sender?.isRunning === false) sender = push();
      }, 1000);
      return Promise.resolve();
    },
    kill: async () => {
      clearInterval(retrying);
      await sender?.[Symbol.asyncDispose]();
    },
    close: () => Promise.resolve(),
  });
}

async function rtsp(transport: 'tcp' | 'udp'): Promise<Sender> {
  const clip = makeClip({ frames: 1500, rate: '25', output: ['-c:v', 'libx264', '-bf', '0', '-g', '25'] });
  const port = await freePort();
  let server: RtspServer | undefined;
  const kill = async () => server?.[Symbol.asyncDispose]();
  return {
    source: { type: 'url', url: `rtsp://127.0.0.1:${port}/camera`, transport },
    start: async () => {
      server = await RtspServer.start({ clip, port });
    },
    ...{ kill, close: () => Promise.resolve() },
  };
}

/** What ffmpeg sends to an address, or offers there. */
function sent(url: string, output: readonly string[], query = ''): Sender {
  let sender: FfmpegSender | undefined;
  return {
    source: { type: 'url', url },
    start: () => {
      sender = new FfmpegSender([...output, url + query]);
      return Promise.resolve();
    },
    kill: async () => sender?.[Symbol.asyncDispose](),
    close: () => Promise.resolve(),
  };
}

/** ffmpeg writes the stream into a folder without a break; what goes away is the web server before it. */
async function hls(): Promise<Sender> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-hls-'));
  const segments = ['-hls_time', '1', '-hls_list_size', '6', '-hls_flags', 'delete_segments'];
  const sender = new FfmpegSender(['-an', '-f', 'hls', ...segments, join(folder, 'live.m3u8')]);
  while (!existsSync(join(folder, 'live.m3u8'))) await new Promise((resolve) => setTimeout(resolve, 100));
  return served('/live.m3u8', sendFileOf(folder), async () => {
    await sender[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
}

function sendFileOf(folder: string): RequestListener {
  return (request, response) => {
    const file = createReadStream(join(folder, basename(new URL(request.url ?? '/', 'http://it').pathname)));
    file.on('error', () => response.writeHead(404).end());
    file.pipe(response);
  };
}

/** A network camera: JPEGs between boundaries, to whoever asks. */
function camera(): Promise<Sender> {
  const encoders = new Set<ChildProcess>();
  const show: RequestListener = (_request, response) => {
    const input = ['-re', '-f', 'lavfi', '-i', 'testsrc=s=128x96:r=10', '-f', 'mpjpeg', 'pipe:1'];
    const encoder = spawn(ffmpeg.path, ['-v', 'quiet', ...input], { stdio: ['ignore', 'pipe', 'ignore'] });
    encoders.add(encoder);
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=ffmpeg' });
    encoder.stdout.pipe(response);
    response.on('close', () => encoder.kill('SIGKILL'));
  };
  return served('/video', show, () => {
    for (const encoder of encoders) encoder.kill('SIGKILL');
    return Promise.resolve();
  });
}

async function served(path: string, listener: RequestListener, close: Sender['close']): Promise<Sender> {
  const port = await freePort();
  let server: Server | undefined;
  return {
    source: { type: 'url', url: `http://127.0.0.1:${port}${path}` },
    start: async () => {
      server = createServer(listener).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    kill: async () => {
      server?.closeAllConnections();
      server?.close();
      if (server) await once(server, 'close');
    },
    close,
  };
}
