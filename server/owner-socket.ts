import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';

// A process that owns a folder answers on a socket in it, so that another one can tell what is in use from
// what a killed process left behind, even if process ids were reused or containers share the folder.

/** Path of the socket `name` in a folder; on Windows a pipe named after both. */
export function ownerSocketPath(folder: string, name: string): string {
  if (process.platform !== 'win32') return join(folder, name);
  return `\\\\.\\pipe\\${basename(folder)}${name === 'owner' ? '' : `-${name}`}`;
}

/** Answers at a path until it is closed; null where there can be no socket, as at too long a path. */
export async function answerAsOwner(path: string): Promise<Server | null> {
  const server = createServer((caller) => caller.end()).unref();
  try {
    server.listen(path);
    await once(server, 'listening');
    return server;
  } catch {
    return null;
  }
}

/** Whether an owner answers at a path: null, or the error code. */
export function callOwner(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? 'unknown');
    });
  });
}

/**
 * Removes the socket of an owner that is gone. `rm` would look at it first, and Node 20 and 22
 * follow no symbolic links any more after they have looked at a socket: modules that are imported later from
 * a linked node_modules are then loaded twice, and empty.
 */
export async function removeOwnerSocket(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}
