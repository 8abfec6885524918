import { WebSocket } from 'ws';
import type { ServerMessage } from '../../server/protocol/server-messages.js';

/** What one session saw of its source. */
export interface WatchedSession {
  /** When each of its frames was scored, in seconds of the video and in milliseconds of the session. */
  readonly scored: readonly { readonly videoTime: number; readonly elapsedMs: number }[];
  readonly replies: number;
  readonly dropped: number;
  /** The message with which its source was refused; null if it was watched. */
  readonly refused: string | null;
}

/**
 * Opens a session on the server at `url`, adds so many questions, and watches a source for so many seconds,
 * or until it ends.
 */
export async function watchSession(
  url: string,
  start: object,
  seconds: number,
  questions = 0,
): Promise<WatchedSession> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1');
  const events: ServerMessage[] = [];
  let refused: string | null = null;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('error', reject);
    socket.on('close', finish);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'session.open' }));
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      events.push(message);
      if (message.type === 'session.opened') {
        for (let number = 1; number <= questions; number++) {
          socket.send(JSON.stringify({ type: 'question.add', text: `Tell me when number ${number} comes.` }));
        }
        socket.send(JSON.stringify({ type: 'source.start', ...start }));
      }
      if (message.type === 'error') refused = message.message;
      if (message.type === 'error' || message.type === 'source.ended') finish();
    });
  });
  socket.terminate();
  return { ...seenIn(events), refused };
}

function seenIn(events: readonly ServerMessage[]): Omit<WatchedSession, 'refused'> {
  const scored = events.flatMap((event) =>
    event.type === 'frame.scored' ? [{ videoTime: event.video_time, elapsedMs: event.elapsed_ms }] : [],
  );
  const replies = events.filter(({ type }) => type === 'response.done').length;
  const dropped = events.reduce(
    (most, event) => ('dropped_frames' in event ? Math.max(most, event.dropped_frames) : most),
    0,
  );
  return { scored, replies, dropped };
}

/** How late frames were against the most punctual one of their session, in milliseconds. */
export function latenessOf(sessions: readonly WatchedSession[]): readonly number[] {
  return sessions.flatMap(({ scored }) => {
    const ends = scored.map(({ videoTime, elapsedMs }) => elapsedMs - 1000 * videoTime);
    const punctual = Math.min(...ends);
    return ends.map((end) => end - punctual);
  });
}

/** The value that this share of `values` does not exceed (nearest rank); NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
