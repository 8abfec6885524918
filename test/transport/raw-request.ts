import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection on which a test writes a request by hand; closed when the test ends. */
export class RawRequest {
  readonly socket: Socket;
  /** Everything received, once the server has closed the connection. */
  readonly ended: Promise<string>;
  #received = '';

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.on('data', (data) => {
      this.#received += data.toString('latin1');
    });
    this.socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve(this.#received);
      });
    });
    onTestFinished(() => {
      this.socket.destroy();
    });
  }

  /** Everything received so far. */
  get received(): string {
    return this.#received;
  }

  /** The headers of an upload and of its one part; the body may follow. */
  startUpload(fileName: string, announced: number | 'chunked', more = ''): void {
    const length = announced === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${announced}`;
    this.socket.write(
      'POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n' +
        `${length}\r\n${more}\r\n`,
    );
    const part = `--x\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`;
    this.write(part, announced);
  }

  /** More of the body, as a chunk if its length was not announced. */
  write(bytes: string | Buffer, announced: number | 'chunked' = 0): void {
    if (announced !== 'chunked') this.socket.write(bytes);
    else this.socket.write(`${Buffer.byteLength(bytes).toString(16)}\r\n${bytes.toString()}\r\n`);
  }
}
