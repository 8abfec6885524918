import type { Page } from 'playwright-core';
import type { ServerMessage } from '../../server/protocol/server-messages.js';

/**
 * A script that puts a socket which a test plays in the place of the page's own: nothing but the page costs
 * time.
 */
export const socketInThePage = `
  globalThis.WebSocket = class extends EventTarget {
    constructor() {
      super();
      this.bufferedAmount = 0;
      globalThis.playedSocket = this;
      setTimeout(() => this.dispatchEvent(new Event('open')));
    }
    send() {}
    close() {}
  };
  globalThis.playMessages = async (messages) => {
    const begun = performance.now();
    for (const data of messages) playedSocket.dispatchEvent(new MessageEvent('message', { data }));
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  };
`;

/** Plays messages on the page's socket; returns the milliseconds until they were shown. */
export async function emit(page: Page, messages: readonly ServerMessage[]): Promise<number> {
  await page.waitForFunction('globalThis.playedSocket !== undefined');
  const texts = JSON.stringify(messages.map((message) => JSON.stringify(message)));
  return page.evaluate<number>(`playMessages(${texts})`);
}
