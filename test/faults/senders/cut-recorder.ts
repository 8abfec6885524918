import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';

import { connectDuet } from '../../../client/sdk/connect-duet.js';
import { launchChromium } from '../../support/chromium.js';
import { Heard, reportOf, sessionFps, type OutagePlan, type OutageReport } from './watch-outage.js';

/**
 * Watches what the MediaRecorder of a Chromium records, over a socket that is cut once while the recorder
 * goes on: the bytes of those seconds are lost, and the session is resumed by the client.
 */
export async function watchCutRecorder(
  serverUrl: string,
  chromium: string,
  { outageSeconds, aroundSeconds }: OutagePlan,
): Promise<OutageReport & { readonly chunksLost: number }> {
  await using wire = await Wire.to(serverUrl);
  const browser = await launchChromium(chromium);
  const duet = connectDuet(`ws://127.0.0.1:${wire.port}/v1/duet`, { webSocket: WebSocket });
  try {
    const settings = { policy: { type: 'never' }, fps: sessionFps } as const;
    const { session_id: sessionId } = await duet.open({ settings });
    const heard = new Heard(duet);
    duet.startSource({ type: 'container', format: 'webm' });
    await heard.until('source.opened');
    const page = await browser.newPage();
    let chunksLost = 0;
    await page.exposeFunction('push', (base64: string) => {
      if (!duet.pushBytes(Buffer.from(base64, 'base64'))) chunksLost += 1;
    });
    const asked = performance.now();
    await page.evaluate(record);
    await heard.until('frame.scored');
    const firstFrameMs = performance.now() - asked;
    await sleep(aroundSeconds * 1000);
    wire.cut();
    await sleep(outageSeconds * 1000);
    wire.mend();
    const back = performance.now();
    await heard.until('frame.scored');
    const backAfterMs = performance.now() - back;
    await sleep(aroundSeconds * 1000);
    duet.stopSource();
    await heard.until('source.ended');
    const sameSession = duet.sessionId === sessionId;
    return { ...reportOf(heard.messages), outageSeconds, firstFrameMs, backAfterMs, sameSession, chunksLost };
  } finally {
    await browser.close();
    await duet.close();
  }
}

/** Runs in the page: records a canvas in chunks of 200 ms until the page is closed. */
function record(): void {
  const canvas = document.createElement('canvas');
  const paint = canvas.getContext('2d');
  const began = performance.now();
  setInterval(() => {
    paint?.clearRect(0, 0, canvas.width, canvas.height);
    paint?.fillText(String(performance.now() - began), 20, 40);
  }, 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs="vp8"' });
  recorder.ondataavailable = ({ data }) => {
    void data.arrayBuffer().then((buffer) => {
      const bytes = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
      const { push } = window as unknown as { push: (base64: string) => void };
      push(btoa(bytes.join('')));
    });
  };
  recorder.start(200);
}

/** A port that leads to a server, and can be cut. */
class Wire implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number) {
    this.#server = createServer((client) => {
      if (this.#isCut) {
        client.destroy();
        return;
      }
      const server = connect(port, '127.0.0.1');
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
      }
      client.pipe(server).pipe(client);
    });
  }

  static async to(serverUrl: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(serverUrl).port));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}
