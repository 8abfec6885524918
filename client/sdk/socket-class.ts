import { DuetClientError } from './client-error.js';
import type { SocketConstructor } from './options.js';

/**
 * The WebSocket class of this JavaScript engine or, on Node 20, which has none, that of the package `ws` if
 * the program has it. Throws DuetClientError 'unsupported' where there is neither.
 */
export function defaultSocketClass(): SocketConstructor {
  // Node 20 has no WebSocket, whatever the types of newer releases say.
  const found = 'WebSocket' in globalThis ? globalThis.WebSocket : installedSocketClass();
  if (found !== null) return found;
  throw new DuetClientError(
    'unsupported',
    'This JavaScript engine has no WebSocket: install the package "ws" beside duet-client, use Node 22 or ' +
      'newer, or pass a class as the option webSocket',
  );
}

/** Asked for at run time, so that no bundler looks for `ws` where it is not needed. */
function installedSocketClass(): SocketConstructor | null {
  if (!('process' in globalThis)) return null;
  const { createRequire } = process.getBuiltinModule('node:module');
  // From where the client lies, or from where the program was started, if it was bundled.
  for (const place of [import.meta.url, `${process.cwd()}/`]) {
    try {
      const ws = createRequire(place)('ws') as { readonly WebSocket: SocketConstructor };
      return ws.WebSocket;
    } catch {
      // It is not installed there.
    }
  }
  return null;
}
