import type { Page, WebSocketRoute } from 'playwright-core';
import type { ClientMessage } from '../../server/protocol/client-messages.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import {
  delta,
  done,
  frame,
  inserted,
  opened,
  sourceEnded,
  sourceOpened,
  started,
} from '../client/wire-events.js';
import type { PageWorld, Screen } from './page-world.js';

/** What the server answers to one message. */
export type Script = (message: ClientMessage, socket: ScriptedSocket) => void;

/** The server's end of the page's socket, played by a test. */
export class ScriptedSocket {
  readonly #route: WebSocketRoute;
  #seq = 0;

  constructor(route: WebSocketRoute) {
    this.#route = route;
  }

  /** Sends messages; those of the record are numbered on. */
  send(...messages: readonly ServerMessage[]): void {
    for (const message of messages) {
      this.#seq += 1;
      this.#route.send(JSON.stringify('seq' in message ? { ...message, seq: this.#seq } : message));
    }
  }

  close(code: number): void {
    void this.#route.close({ code });
  }
}

/** Opens a session and a video, and otherwise keeps silent. */
export const friendly: Script = (message, socket) => {
  if (message.type === 'session.open') socket.send(opened());
  if (message.type === 'source.start') socket.send(sourceOpened());
};

/** A page whose socket is played by a test; the rest is the real server. */
export async function openScripted(
  world: PageWorld,
  screen: Screen,
  script: Script = friendly,
): Promise<{ page: Page; socket: () => ScriptedSocket }> {
  const page = await world.blank(screen);
  let newest: ScriptedSocket | null = null;
  await page.routeWebSocket(/\/v1\/duet$/, (route) => {
    const socket = (newest = new ScriptedSocket(route));
    route.onMessage((data) => {
      script(JSON.parse(data.toString()) as ClientMessage, socket);
    });
  });
  await page.goto(world.url);
  await page.waitForSelector('[data-sample]');
  const socket = (): ScriptedSocket => {
    if (newest === null) throw new Error('the page has opened no socket yet');
    return newest;
  };
  return { page, socket };
}

/** A question and a finished reply, then one that is being written. */
export const someTalk: readonly ServerMessage[] = [
  inserted({ text: 'What comes into view?', video_time: 0.5 }),
  frame({ frame_index: 0, video_time: 0.5 }),
  frame({ frame_index: 1, video_time: 1, fired: true, reason: 'fired', informative_score: 0.9, score: 0.9 }),
  started({ response_id: 'r1', video_time: 1, frame_index: 1 }),
  done({ response_id: 'r1', video_time: 1, text: 'A red kite appears at the top.' }),
  frame({ frame_index: 2, video_time: 1.5 }),
  started({ response_id: 'r2', video_time: 1.5, frame_index: 2 }),
  delta({ response_id: 'r2', video_time: 1.5, delta: 'Two white boats' }),
];

/** How the talk and the video end. */
export const theEnd: readonly ServerMessage[] = [
  done({ response_id: 'r2', video_time: 1.5, text: 'Two white boats come into view.' }),
  sourceEnded({ video_time: 7, frames: 14 }),
];
