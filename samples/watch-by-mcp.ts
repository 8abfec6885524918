// What an assistant does with `duet mcp`: watches a bundled clip, waits until something happens, reads what was said.
// Run: npx tsx samples/watch-by-mcp.ts
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const client = new Client({ name: 'sample', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command: 'npx', args: ['duet', 'mcp', '--workers', '1'] }));

async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const options = { timeout: 120_000 };
  const { content } = await client.callTool({ name, arguments: args }, undefined, options);
  return JSON.parse((content as { text: string }[])[0]?.text ?? '') as Record<string, unknown>;
}

const { watch_id, transcript } = await call('watch', { source: 'kitchen' });
console.log(
  'told:',
  await call('wait_for', { watch_id, question: 'What is happening?', timeout_seconds: 60 }),
);
const { contents } = await client.readResource({ uri: String(transcript) });
console.log('transcript:', contents[0]);
await call('stop', { watch_id });
await client.close();
