import { once } from 'node:events';
import { Command } from 'commander';
import type { Config } from '../../config.js';
import { toDuetError } from '../../errors.js';
import type { DuetServer } from '../../main.js';
import { whereTo, type ModelCapabilities } from '../../runtime/capabilities.js';
import { isLoopback } from '../../transport/access/access-rules.js';
import { RateLimitedLog } from '../../transport/log.js';
import { locateFfmpeg } from '../../video/ffmpeg/binary.js';
import { addModelOptions, addServerOptions, configOf } from '../flags/config-flags.js';
import { oneLine } from '../terminal/exit-code.js';
import { onInterruption } from '../terminal/interruption.js';
import { logLine } from '../terminal/log-line.js';
import { keepServing } from './uncaught-errors.js';

/** `duet serve`: the page, the WebSocket and the HTTP side, until Ctrl-C. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('serve the page and the duet WebSocket until Ctrl-C')
    .addHelpText('after', '\nExample:\n  duet serve --port 8787\n  then open http://127.0.0.1:8787');
  return addServerOptions(addModelOptions(command, 'several')).action(
    async (flags: Record<string, unknown>) => {
      await run(await configOf(flags));
    },
  );
}

async function run(config: Config): Promise<void> {
  // Imported here, so that help does not wait for the server.
  const { startServer } = await import('../../main.js');
  const interruption = onInterruption();
  using limited = new RateLimitedLog(logLine);
  const guard = keepServing(limited.log);
  const end = AbortSignal.any([interruption.signal, guard.signal]);
  const server = await startServer(config, limited.log, end);
  try {
    process.stdout.write(await introduction(server, config));
    if (!end.aborted) await once(end, 'abort');
    process.stdout.write('duet is stopping\n');
  } finally {
    await server.close();
    guard.stop();
    interruption.stop();
  }
}

async function introduction(server: DuetServer, config: Config): Promise<string> {
  const { url, otherUrls, models } = server;
  return [
    `duet is listening on ${url}`,
    ...otherUrls.map((other) => `  also    ${other}`),
    ...models.capabilities.map((model, index) => `  model   ${describeModel(model, index === 0)}`),
    `  ffmpeg  ${await describeFfmpeg(config)}`,
    `  record  ${describeRecord(config)}`,
    ...describeIngest(server, config),
    '  Ctrl-C stops it\n',
  ].join('\n');
}

function describeModel(model: ModelCapabilities, isLoaded: boolean): string {
  const { name, version, precision } = model;
  const where = whereTo(model);
  const kind = precision === null ? '' : ` (${precision})`;
  const named = where === null ? `${name} ${version}${kind}` : `${name}: ${where}`;
  return `${named}${isLoaded ? '' : ', loaded when it is first asked for'}`;
}

/** Conversations are kept by default, so it is said where. */
function describeRecord({ record, recordDays }: Config): string {
  if (record === 'off') return 'off: conversations are gone with the server';
  return `${oneLine(record)} (what is seen and said, for ${recordDays} days; --record off keeps nothing)`;
}

function describeIngest({ rtmpAddress }: DuetServer, { ingestSrt }: Config): readonly string[] {
  const rtmp = rtmpAddress === undefined ? [] : [rtmpAddress];
  const srt = ingestSrt === 'off' ? [] : [`srt://${ingestSrt} and the following ports`];
  return [...rtmp, ...srt].map((place) => `  ingest  ${place}, with a key for each source`);
}

async function describeFfmpeg({ host, allowBundledFfmpeg }: Config): Promise<string> {
  const where = { environment: 'DUET_FFMPEG', path: 'found on the PATH', bundled: 'bundled, of 2018' };
  try {
    const { path, version, origin } = await locateFfmpeg();
    const restricted = origin === 'bundled' && !allowBundledFfmpeg && !isLoopback(host);
    const limits = restricted ? ': for the samples only; install ffmpeg 5 or newer for other videos' : '';
    return `${version} (${path}, ${where[origin]})${limits}`;
  } catch (thrown) {
    return `none, so only pushed pictures can be watched: ${oneLine(toDuetError(thrown).message)}`;
  }
}
