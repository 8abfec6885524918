import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { McpHost } from './mcp-host.js';
import { addTools } from './tools.js';
import { transcriptText } from './transcript-text.js';
import { Watches } from './watches.js';

/**
 * A server's sessions as Model Context Protocol: tools to watch, ask, wait, list and stop, and the transcript
 * of each watch as a resource that can be subscribed to. The caller connects it to a transport.
 */
export function createMcpServer(host: McpHost): McpServer {
  const server = new McpServer(
    { name: 'duet', version: host.version },
    { capabilities: { resources: { subscribe: true, listChanged: true } }, instructions },
  );
  const subscribed = new Set<string>();
  const watches = new Watches(host.openSession, (id) => {
    const uri = transcriptUri(id);
    // A client that is gone hears nothing more.
    if (subscribed.has(uri)) server.server.sendResourceUpdated({ uri }).catch(() => undefined);
  });
  addTools(server, watches, host);
  addTranscripts(server, watches);
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    watches.get(idIn(uri));
    subscribed.add(uri);
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });
  return server;
}

const instructions =
  'Duet watches videos and live streams with a small video language model that speaks by itself when it sees ' +
  'something worth telling. Start with `watch`; use `wait_for` to be told when something happens, `ask` for a ' +
  'question about what is to be seen now.';

function addTranscripts(server: McpServer, watches: Watches): void {
  const list = (): { resources: { uri: string; name: string; mimeType: string }[] } => ({
    resources: watches.list().map(({ id, source }) => {
      return { uri: transcriptUri(id), name: `Transcript of ${source}`, mimeType: 'text/plain' };
    }),
  });
  const template = new ResourceTemplate('duet://watches/{id}/transcript', { list });
  const description =
    'What was said in a watch, with the times of the video; subscribe to hear when it grows';
  server.registerResource(
    'transcript',
    template,
    { description, mimeType: 'text/plain' },
    async ({ href }) => {
      const text = await transcriptText(watches.get(idIn(href)));
      return { contents: [{ uri: href, mimeType: 'text/plain', text }] };
    },
  );
}

function transcriptUri(id: string): string {
  return `duet://watches/${id}/transcript`;
}

function idIn(uri: string): string {
  return /^duet:\/\/watches\/([^/]+)\/transcript$/.exec(uri)?.[1] ?? uri;
}
