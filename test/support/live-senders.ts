import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { ffmpeg } from './clips.js';

/** What ffmpeg makes up and sends in real time: pictures and a tone. */
const picturesAndSound = [
  ...['-re', '-f', 'lavfi', '-i', 'testsrc=s=128x96:r=25', '-f', 'lavfi', '-i', 'sine'],
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-g',
    '25',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
  ],
];

/** An ffmpeg that sends or waits for a reader, until it is disposed of. */
export class FfmpegSender implements AsyncDisposable {
  readonly #child: ChildProcess;

  /** @param output ffmpeg's options for where the stream goes, such as `-f mpegts udp://...` */
  constructor(output: readonly string[], input: readonly string[] = picturesAndSound) {
    this.#child = spawn(ffmpeg.path, ['-v', 'quiet', '-nostdin', ...input, ...output], { stdio: 'ignore' });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Kills it with SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.isRunning) await once(this.#child, 'exit');
  }
}

/** Whether the tests' ffmpeg knows a protocol. */
export function knowsProtocol(name: string): boolean {
  const { stdout } = spawnSync(ffmpeg.path, ['-hide_banner', '-protocols'], { encoding: 'utf8' });
  return new RegExp(`^ +${name}$`, 'm').test(stdout);
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
