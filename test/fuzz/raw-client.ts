import { connect } from 'node:net';

/**
 * Sends bytes as they are; tells the first line of the answer, `''` when the line was closed without one,
 * null when nothing happened in `patienceMs` milliseconds.
 */
export function sendRaw(port: number, bytes: string, patienceMs = 20_000): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const finish = (result: string | null): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(patienceMs, () => {
      finish(null);
    });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n')) finish(answer.split('\r\n', 1)[0] ?? '');
    });
    socket.on('close', () => {
      finish(answer);
    });
    socket.on('error', () => undefined);
  });
}
