import { Option, type Command } from 'commander';
import { loadConfig, type Config } from '../../config.js';
import { oneLine } from '../terminal/exit-code.js';

/** The setting that each flag sets. */
const settingOfFlag = {
  host: 'host',
  port: 'port',
  model: 'model',
  budget: 'budget',
  workers: 'workers',
  allowRoot: 'allowRoots',
  allowOrigin: 'allowOrigins',
  allowHost: 'allowHosts',
  allowUrls: 'allowUrls',
  allowPrivateUrls: 'allowPrivateUrls',
  allowBundledFfmpeg: 'allowBundledFfmpeg',
  ingestRtmp: 'ingestRtmp',
  ingestSrt: 'ingestSrt',
  webhook: 'webhook',
  maxSessions: 'maxSessions',
  maxLatenessMs: 'maxLatenessMs',
  graceSeconds: 'graceSeconds',
  keepSeconds: 'keepSeconds',
  idleSeconds: 'idleSeconds',
  record: 'record',
  recordDays: 'recordDays',
  recordTotalMegabytes: 'recordTotalMegabytes',
  recordSessionMegabytes: 'recordSessionMegabytes',
  maxFollowers: 'maxFollowers',
  maxUploadMegabytes: 'maxUploadMegabytes',
  maxUploads: 'maxUploads',
  maxUploadTotalMegabytes: 'maxUploadTotalMegabytes',
  maxUploadsPerAddress: 'maxUploadsPerAddress',
} as const satisfies Record<string, keyof Config>;

/** Adds the flags that choose and run one model, or several. */
export function addModelOptions(command: Command, howMany: 'one' | 'several' = 'one'): Command {
  return command
    .addOption(modelOption(howMany))
    .option('--budget <dollars>', 'most that a model behind an API may cost until the command ends')
    .option('--workers <number>', 'worker threads that run the model')
    .option('--config <file>', 'configuration file (default: duet.config.json, where there is one)')
    .option('--allow-bundled-ffmpeg', 'let the bundled ffmpeg of 2018 decode any video');
}

function modelOption(howMany: 'one' | 'several'): Option {
  const what =
    'name of a bundled model, path of a folder as in ./my-model, or remote:PRESET/MODEL for one behind an API';
  if (howMany === 'one') return new Option('--model <model>', what);
  const repeatable = `${what}; give it again for more models, the first is the default`;
  return new Option('--model <model>', repeatable).argParser<string | string[] | undefined>(
    (value, before) => (before === undefined ? value : [before, value].flat()),
  );
}

/** Adds the flags of a server. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on')
    .option('--port <number>', 'port to listen on; 0 picks a free one')
    .option('--allow-root <folder...>', 'folders from which clients may name files')
    .option('--allow-origin <origin...>', 'other pages that may connect, as in https://example.org')
    .option('--allow-host <name...>', 'names by which the server may be called')
    .option('--allow-urls', 'let clients on other machines name public URLs to fetch')
    .option('--allow-private-urls', 'let those URLs lead into your own networks and to this machine')
    .option('--ingest-rtmp <address>', 'take streams pushed by RTMP here, as in 127.0.0.1:1935')
    .option('--ingest-srt <address>', 'take streams pushed by SRT here and at the following ports')
    .option('--webhook <address>', 'tell this address of everything that is said; needs DUET_WEBHOOK_SECRET')
    .option('--max-sessions <number>', 'most sessions at once')
    .option('--max-lateness-ms <number>', 'how late frames may be before further sources are refused')
    .option('--grace-seconds <number>', 'how long a session outlives its connection')
    .option('--keep-seconds <number>', 'how long clients may leave sessions running without them')
    .option('--idle-seconds <number>', 'how long a session stays open with nothing watched or said')
    .option('--record <folder>', 'keep the record of every session in this folder; off keeps none')
    .option('--record-days <number>', 'how long a record is kept after its session has ended')
    .option('--record-total-megabytes <number>', 'most megabytes of all records')
    .option('--record-session-megabytes <number>', 'most megabytes of one record')
    .option('--max-followers <number>', 'most connections that only follow sessions')
    .option('--max-upload-megabytes <number>', 'largest upload')
    .option('--max-uploads <number>', 'most uploads kept')
    .option('--max-upload-total-megabytes <number>', 'most megabytes of all uploads')
    .option('--max-uploads-per-address <number>', 'most uploads of one address, other than this machine');
}

/**
 * The configuration of a command: flags override the environment, which overrides the file. Prints the file's
 * path to stderr.
 */
export function configOf(flags: Readonly<Record<string, unknown>>): Promise<Config> {
  const named = new Map(Object.entries(settingOfFlag).map(([flag, setting]) => [setting, flags[flag]]));
  const file = typeof flags['config'] === 'string' ? flags['config'] : undefined;
  const onFile = (path: string): void => {
    process.stderr.write(`duet: settings are read from ${oneLine(path)}\n`);
  };
  return loadConfig({ flags: Object.fromEntries(named), environment: process.env, file, onFile });
}
