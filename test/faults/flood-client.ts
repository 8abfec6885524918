/**
 * Floods the server at the first argument in the way of the second, for the seconds of the third, over as
 * many connections as the fourth says.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { sendOne, type FloodKind, type FloodReport } from './flood-kinds.js';

const [url = '', kindText = '', seconds = '10', connections = '1'] = process.argv.slice(2);
const kind = kindText as FloodKind;
const until = performance.now() + Number(seconds) * 1000;
/** Messages a second, all of them at once, and bytes that may wait in this process. */
const rate = 10_000;
const waitingBytes = 16 * 1024 * 1024;
const closed: Record<string, number> = {};
let sent = 0;

await Promise.all(Array.from({ length: Number(connections) }, () => flood()));
const report: FloodReport = { sent, closed };
process.stdout.write(JSON.stringify(report));
process.exit(0);

async function flood(): Promise<void> {
  while (performance.now() < until) {
    if (kind === 'pipelining') await pipeline();
    else if (kind === 'connections') await Promise.all(Array.from({ length: 20 }, comeAndGo));
    else await floodOnce();
    await wait(5);
  }
}

async function open(): Promise<WebSocket | null> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1');
  socket.on('error', () => undefined);
  socket.on('message', () => undefined);
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve(socket);
    });
    socket.once('close', () => {
      resolve(null);
    });
  });
}

async function floodOnce(): Promise<void> {
  const socket = await open();
  if (!socket) {
    note('refused');
    return;
  }
  socket.once('close', (code, reason) => {
    note(`${code} ${reason.toString()}`);
  });
  const ended = once(socket, 'close');
  let sessionId = '';
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    sessionId = /"session_id":"([^"]+)"/.exec(text)?.[1] ?? sessionId;
  });
  if (kind !== 'open-spam') socket.send('{"type":"session.open","settings":{"policy":{"type":"never"}}}');
  const send =
    sendOne[kind] ??
    ((): void => {
      socket.send(`{"type":"session.resume","session_id":"${sessionId}","after_seq":0}`);
    });
  while (performance.now() < until && socket.readyState === WebSocket.OPEN) {
    for (let count = 0; count < rate && socket.bufferedAmount < waitingBytes; count += 1) {
      send(socket);
      sent += 1;
    }
    await Promise.race([wait(1000), ended]);
  }
  socket.terminate();
}

async function comeAndGo(): Promise<void> {
  const socket = await open();
  sent += 1;
  if (!socket) {
    note('refused');
    return;
  }
  socket.send('{"type":"session.open"}');
  await wait(2);
  socket.terminate();
}

/** Thousands of requests written at once on one keep-alive connection. */
async function pipeline(): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.resume();
  const requests = `GET /v1/protocol.json HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`.repeat(2000);
  socket.write(requests);
  sent += 2000;
  await wait(1000);
  socket.destroy();
}

function note(what: string): void {
  closed[what] = (closed[what] ?? 0) + 1;
}
