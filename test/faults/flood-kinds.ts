import type { WebSocket } from 'ws';

/** Ways to flood a server. */
export const floodKinds = [
  'update',
  'ping',
  'control-pings',
  'pongs',
  'tiny-binary',
  'tiny-text',
  'huge-json',
  'huge-text',
  'big-binary',
  'fragments',
  'open-spam',
  'text-spam',
  'resume-spam',
  'connections',
  'pipelining',
] as const;

/** One of {@link floodKinds}. */
export type FloodKind = (typeof floodKinds)[number];

export function isFloodKind(text: string): text is FloodKind {
  return floodKinds.some((kind) => kind === text);
}

/** What a flooder did, and what became of its connections. */
export interface FloodReport {
  readonly sent: number;
  /** Connections that the server ended, by close code and reason. */
  readonly closed: Readonly<Record<string, number>>;
}

const json = (message: object): string => JSON.stringify(message);
const update = json({
  type: 'session.update',
  settings: { cooldown: 1, policy: { type: 'sum', threshold: 3 } },
});
const userText = json({ type: 'user.text', text: 'What do you see now? '.repeat(20) });
const hugeJson = `{"type":"session.update","settings":{"heads":[${'1,'.repeat(60_000)}1]}}`;
const bigBinary = Buffer.alloc(8 * 1024 * 1024 - 1024, 1);

/** Sends one message of a kind that is sent over an open WebSocket. */
export const sendOne: Readonly<Partial<Record<FloodKind, (socket: WebSocket) => void>>> = {
  update: (socket) => {
    socket.send(update);
  },
  ping: (socket) => {
    socket.send('{"type":"ping"}');
  },
  'control-pings': (socket) => {
    socket.ping();
  },
  pongs: (socket) => {
    socket.pong();
  },
  'tiny-binary': (socket) => {
    socket.send(Buffer.of(1));
  },
  'tiny-text': (socket) => {
    socket.send('x');
  },
  'huge-json': (socket) => {
    socket.send(hugeJson);
  },
  'huge-text': (socket) => {
    socket.send(Buffer.alloc(4_000_000, 'x'), { binary: false });
  },
  'big-binary': (socket) => {
    socket.send(bigBinary);
  },
  fragments: (socket) => {
    socket.send(Buffer.of(1), { fin: false });
  },
  'open-spam': (socket) => {
    socket.send('{"type":"session.open"}');
  },
  'text-spam': (socket) => {
    socket.send(userText);
  },
};
