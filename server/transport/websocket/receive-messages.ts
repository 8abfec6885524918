import { setTimeout as wait } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { Inbox } from './inbox.js';
import type { MessageBudget } from './message-budget.js';
import { rest } from '../yield-to-event-loop.js';

/** One message of a client, whole. */
export interface IncomingMessage {
  readonly kind: 'text' | 'binary';
  readonly bytes: Uint8Array;
}

/** Whatever a client sends: messages, and the control frames that WebSocket itself answers. */
export interface IncomingFrame {
  readonly kind: IncomingMessage['kind'] | 'ping' | 'pong';
  readonly bytes: Uint8Array;
}

/**
 * Bytes that may wait in the socket before pings go unanswered: who does not read has no use for the answer.
 */
const pongLimit = 64 * 1024;

/**
 * Hands a client's messages to `handle`, one after another, until the socket is gone or `signal` aborts;
 * after that none is handled. However many come at once, other clients are served in between. A client that
 * sends faster than its budget allows is not read for a while, so TCP slows it down; one that keeps on is
 * given up as `too_fast`.
 */
export async function receiveMessages(
  socket: WebSocket,
  budget: MessageBudget,
  signal: AbortSignal,
  handle: (message: IncomingMessage) => Promise<void>,
): Promise<'gone' | 'too_fast'> {
  const inbox = new Inbox(socket, signal);
  for (;;) {
    const frame = await inbox.take();
    if (frame === undefined) return 'gone';
    budget.spend(frame);
    if (inbox.isOverfull || budget.isFlooded) return 'too_fast';
    if (!(await holdBack(socket, budget.holdMs, signal))) return 'gone';
    if (isMessage(frame)) await handle(frame);
    else if (frame.kind === 'ping' && socket.bufferedAmount < pongLimit) socket.pong(frame.bytes);
    await rest();
  }
}

function isMessage(frame: IncomingFrame): frame is IncomingMessage {
  return frame.kind === 'text' || frame.kind === 'binary';
}

/** Leaves the socket unread for a while; false when there is nobody left to hold back. */
async function holdBack(socket: WebSocket, holdMs: number, signal: AbortSignal): Promise<boolean> {
  if (holdMs === 0) return true;
  if (socket.readyState === socket.CLOSED) return false;
  socket.pause();
  return wait(holdMs, true, { signal }).catch(() => false);
}
