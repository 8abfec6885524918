/**
 * Floods a server beside four sessions of 2 frames a second and measures what they feel.
 *
 *     npx tsx test/faults/flooder.ts [--seconds 20] [--kinds update,pings] [--floods 1] [--json]
 *
 * The server runs in this process, so that its event loop can be measured; viewers and flooders are processes
 * of their own. Each kind of flood is sent for `--seconds`, over `--floods` connections that come back when
 * they are closed. All of it ends by itself.
 */
import { parseArgs } from 'node:util';
import { configSchema } from '../../server/config.js';
import { startServer, type DuetServer } from '../../server/main.js';
import { floodKinds, isFloodKind, type FloodKind, type FloodReport } from './flood-kinds.js';
import { LoopDelay } from './loop-delay.js';
import { runClient } from './run-client.js';
import type { ViewersReport } from './viewers.js';

/** What one kind of flood did to the server and to those who watched beside it. */
interface FloodResult {
  readonly kind: FloodKind | 'none';
  /** Delay of the event loop beyond the sampling interval, in milliseconds. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly viewers: ViewersReport;
  readonly flood: FloodReport | null;
  /** Lines and characters that the server logged. */
  readonly log: { readonly lines: number; readonly characters: number };
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    kinds: { type: 'string', default: ['none', ...floodKinds].join(',') },
    floods: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const logged: string[] = [];
const config = configSchema.parse({
  ...{ model: 'duet-nano', port: 0, workers: 2 },
  ...{ maxSessions: 8, graceSeconds: 0 },
});
const server = await startServer(
  config,
  (message, cause) => logged.push(`${message} ${cause instanceof Error ? String(cause.stack) : ''}`),
  new AbortController().signal,
);
try {
  const seconds = Math.min(120, Number(values.seconds));
  for (const kind of values.kinds.split(',')) {
    if (kind !== 'none' && !isFloodKind(kind)) throw new Error(`there is no flood ${kind}`);
    const result = await measure(server, kind, seconds, Number(values.floods));
    process.stdout.write(`${values.json ? JSON.stringify(result) : describe(result)}\n`);
  }
} finally {
  await server.close();
}

async function measure(
  { url }: DuetServer,
  kind: FloodResult['kind'],
  seconds: number,
  floods: number,
): Promise<FloodResult> {
  logged.length = 0;
  const delay = new LoopDelay();
  const flooding =
    kind === 'none' ? null : runClient<FloodReport>('flood-client.ts', [url, kind, seconds, floods]);
  const viewers = await runClient<ViewersReport>('viewers.ts', [url, seconds]);
  const loop = delay.stop();
  const log = { lines: logged.length, characters: logged.join('\n').length };
  return { kind, loop, viewers, flood: await flooding, log };
}

function describe({ kind, loop, viewers, flood, log }: FloodResult): string {
  const sent = flood === null ? '' : `, ${flood.sent} sent, closed ${JSON.stringify(flood.closed)}`;
  return (
    `${kind.padEnd(14)} loop p50 ${loop.p50} p99 ${loop.p99} max ${loop.max} ms; ` +
    `frames ${viewers.scored} of ${viewers.due}, dropped ${viewers.dropped}, ${viewers.lateMs} ms late; ` +
    `log ${log.lines} lines, ${log.characters} characters${sent}`
  );
}
