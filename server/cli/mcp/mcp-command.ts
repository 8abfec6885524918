import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { toDuetError } from '../../errors.js';
import type { DuetServer } from '../../main.js';
import { packageFolder } from '../../package-folder.js';
import { addModelOptions, addServerOptions, configOf } from '../flags/config-flags.js';
import { onInterruption } from '../terminal/interruption.js';
import { logLine } from '../terminal/log-line.js';

const details = `
An assistant starts this command by itself. It is a server of its own, on a free port of this machine unless --port names
one; its page shows what is watched. Files may only be named below the folders of --allow-root.

Example, in the configuration of an assistant:
  { "mcpServers": { "duet": { "command": "duet", "args": ["mcp", "--allow-root", "/home/me/videos"] } } }`;

/** `duet mcp`: a server for an assistant that starts it and speaks to it by its standard input and output. */
export function mcpCommand(): Command {
  const command = new Command('mcp')
    .description('let an assistant watch videos: Model Context Protocol on standard input and output')
    .addHelpText('after', details);
  return addServerOptions(addModelOptions(command, 'several')).action(serveAssistant);
}

async function serveAssistant(flags: Record<string, unknown>): Promise<void> {
  const config = await configOf({ port: '0', ...flags });
  // Imported here, so that help does not wait for the server.
  const { bundledSamples, startServer } = await import('../../main.js');
  const { createMcpServer } = await import('../../mcp/mcp-server.js');
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const interruption = onInterruption();
  const gone = new AbortController();
  const end = AbortSignal.any([interruption.signal, gone.signal]);
  const leave = (): void => {
    gone.abort();
  };
  process.stdin.once('end', leave).once('close', leave);
  // Assistants wait for the first answer for seconds only, and a model may take longer to load.
  const starting = startServer(config, logLine, end);
  starting.then(({ url }) => {
    // Standard output belongs to the protocol.
    logLine(`duet serves an assistant; its page is ${url}`);
  }, leave);
  const mcp = createMcpServer({
    version: packageVersion(),
    openSession: async (footage) => (await starting).openSession(footage),
    samples: () => bundledSamples.list(),
  });
  // A line that is too long ends the connection, and nothing more is read: not even the end of the input.
  mcp.server.onclose = () => {
    if (!end.aborted) logLine('duet stops: a message of the assistant was longer than 10 MiB');
    leave();
  };
  await mcp.connect(new StdioServerTransport());
  try {
    if (!end.aborted) await once(end, 'abort');
    await mcp.close();
  } finally {
    interruption.stop();
    await close(starting, end);
  }
}

/** Throws why the server could not be started, unless it was not wanted any more. */
async function close(starting: Promise<DuetServer>, end: AbortSignal): Promise<void> {
  try {
    await (await starting).close();
  } catch (thrown) {
    if (toDuetError(thrown).code !== 'cancelled' || !end.aborted) throw thrown;
  }
}

function packageVersion(): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
