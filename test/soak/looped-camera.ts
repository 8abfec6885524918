import { spawn, type ChildProcess } from 'node:child_process';
import { HttpPages } from '../support/http-pages.js';
import { ffmpeg } from '../support/clips.js';

/** A camera that shows a clip again and again at its own pace, as MPEG-TS over HTTP, to whoever asks. */
export class LoopedCamera implements AsyncDisposable {
  readonly pages: HttpPages;
  readonly #senders: Set<ChildProcess>;

  private constructor(pages: HttpPages, senders: Set<ChildProcess>) {
    this.pages = pages;
    this.#senders = senders;
  }

  static async of(clip: string): Promise<LoopedCamera> {
    const senders = new Set<ChildProcess>();
    const pages = await HttpPages.listen((_request, response) => {
      const loop = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', clip, '-an', '-c', 'copy'];
      const sender = spawn(ffmpeg.path, [...loop, '-f', 'mpegts', '-'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      senders.add(sender);
      sender.on('exit', () => {
        senders.delete(sender);
        response.end();
      });
      response.writeHead(200, { 'content-type': 'video/mp2t' });
      sender.stdout.pipe(response);
      response.on('close', () => sender.kill('SIGKILL'));
    });
    return new LoopedCamera(pages, senders);
  }

  /** An address of the camera; each name is another address of the same picture. */
  address(name: string): string {
    return `${this.pages.base}/${name}.ts`;
  }

  /** How many it sends to now. */
  get senders(): number {
    return this.#senders.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const sender of this.#senders) sender.kill('SIGKILL');
    await this.pages[Symbol.asyncDispose]();
  }
}
