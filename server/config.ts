import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultConfigFile, readConfigFile, type ConfigFile } from './config-file.js';
import { DuetError } from './errors.js';
import { packageFolder } from './package-folder.js';
import { defaultRecordFolder } from './records/record-folder.js';
import { isHostName, isLoopback, isOrigin } from './transport/access/access-rules.js';
import { isListenAddress } from './transport/ingest/listen-address.js';

const decimal = z
  .string()
  .regex(/^\s*\d+(\.\d+)?\s*$/)
  .transform(Number);
const number = z.union([z.number(), decimal], { error: 'expected a number' });
const whole = (least: number, most: number) => number.pipe(z.int().min(least).max(most));
const flag = z.union([z.boolean(), z.stringbool()], { error: 'expected true or false' });
const separated = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const list = z.union([z.array(z.string().min(1)), separated], { error: 'expected a comma-separated list' });

const origins = list.refine((origins) => origins.every(isOrigin), {
  error:
    'expected origins as browsers send them, without a path, as in https://example.org or http://localhost:3000; ' +
    'null and * would let any page in',
});

const hosts = list.refine((hosts) => hosts.every(isHostName), {
  error: 'expected names without a scheme, a port or a path, as in duet.example.org',
});

const models = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'expected the name or the path of a model, or a list of them',
});

const listenAddress = z.string().refine(isListenAddress, {
  error: 'expected an address and a port, as in 127.0.0.1:1935, or off',
});

/**
 * Every server setting with its default. Environment and flags provide strings, a file may provide numbers.
 */
export const configSchema = z.strictObject({
  /** Address to listen on; with anything but loopback, make sure that you know who can reach it. */
  host: z.string().min(1).default('127.0.0.1'),
  port: whole(0, 65_535).default(8787),
  /** Names of bundled models, or paths of other model folders. The first is the default. */
  model: models.default(['duet-sight', 'duet-nano']),
  /** Most dollars for what is asked of each model behind an API until the command ends, or `none`. */
  budget: z
    .union([z.literal('none'), number.pipe(z.number().min(0).max(1_000_000))], {
      error: 'expected dollars, as in 2.5, or none',
    })
    .default('none'),
  /** Worker threads that run the model; each holds a copy of it. */
  workers: whole(1, 64).default(() => Math.min(64, availableParallelism())),
  /** Folders in which clients may name files, besides the samples. */
  allowRoots: list.default([]),
  /**
   * Origins of other pages that may connect and read, as in `https://example.org`; the server's own page
   * always may.
   */
  allowOrigins: origins.default([]),
  /** Host names under which the server may be reached; addresses and localhost are always allowed. */
  allowHosts: hosts.default([]),
  /** Whether clients may name URLs for the server to fetch; always allowed while it listens on loopback. */
  allowUrls: flag.default(false),
  /**
   * Whether those URLs may lead to this machine and to private networks; always allowed while it listens on
   * loopback.
   */
  allowPrivateUrls: flag.default(false),
  /** Whether the bundled ffmpeg of 2018 may decode untrusted videos. */
  allowBundledFfmpeg: flag.default(false),
  /** Where senders, such as OBS, push streams by RTMP: an address and a port, or `off`. */
  ingestRtmp: listenAddress.default('off'),
  /** The same for SRT: the port is the first of `maxSessions`, one for each sender. */
  ingestSrt: listenAddress.default('off'),
  /** Address that is told of everything that is said in sessions, or `off`; `webhookSecret` signs it. */
  webhook: z.string().min(1).default('off'),
  /**
   * The secret that the receiver checks: `whsec_` and 24 to 64 bytes in base64. Never a flag, which others
   * see.
   */
  webhookSecret: z.string().default(''),
  maxSessions: whole(1, 1000).default(8),
  /**
   * How late 99 of 100 frames may be scored, in milliseconds: a source in real time that would make others
   * later is refused.
   */
  maxLatenessMs: whole(10, 600_000).default(1000),
  /** Seconds that a session outlives its connection. */
  graceSeconds: number.pipe(z.number().min(0).max(86_400)).default(60),
  /** Longest that a client may have its session go on without it, in seconds. */
  keepSeconds: number.pipe(z.number().min(0).max(1_000_000)).default(3600),
  /** Seconds that a session may stay open without anything watched or said. */
  idleSeconds: number.pipe(z.number().min(1).max(86_400)).default(600),
  /** Folder in which the record of every session is kept, or `off`. */
  record: z
    .string()
    .min(1)
    .default(() => defaultRecordFolder({ env: process.env, platform: process.platform, home: homedir() })),
  /** Days that a record is kept after its session has ended. */
  recordDays: number.pipe(z.number().min(0).max(36_500)).default(30),
  /** Megabytes (10^6 bytes) of all records, and of one; beyond that the oldest goes. */
  recordTotalMegabytes: whole(1, 10_000_000).default(4000),
  recordSessionMegabytes: whole(1, 1_000_000).default(500),
  /** Connections that may follow sessions without controlling them, all together. */
  maxFollowers: whole(0, 100_000).default(100),
  /** Largest upload in megabytes (10^6 bytes), and how many are kept. */
  maxUploadMegabytes: whole(1, 100_000).default(1000),
  maxUploads: whole(1, 10_000).default(32),
  /**
   * Megabytes of all uploads, and how many one address may have; this machine's own address is not limited.
   */
  maxUploadTotalMegabytes: whole(1, 10_000_000).default(10_000),
  maxUploadsPerAddress: whole(1, 10_000).default(8),
});

/** The effective configuration. */
export type Config = z.infer<typeof configSchema>;

/**
 * Names or paths of the configured models. A server's clients choose among them and get the first without a
 * word; commands that use one take the first that suits the video.
 */
export function modelPlaces({ model }: Pick<Config, 'model'>): readonly string[] {
  return [model].flat();
}

/** The budget of a configuration in dollars; undefined for none. */
export function budgetOf({ budget }: Pick<Config, 'budget'>): number | undefined {
  return budget === 'none' ? undefined : budget;
}

type Setting = keyof Config;
const settings = Object.keys(configSchema.shape).filter((key): key is Setting => key in configSchema.shape);

/** Where the configuration comes from; earlier sources override later ones. */
interface ConfigSources {
  /** Settings from the command line, named like {@link Config}'s keys. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** `DUET_` and the setting's name in capitals, as in `DUET_MAX_SESSIONS`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A JSON file; by default `duet.config.json` in the working folder, if it exists. */
  readonly file?: string | undefined;
  /** Called with the absolute path of the file that was read. */
  readonly onFile?: (path: string) => void;
}

/**
 * Merges the sources: flags override the environment, which overrides the file, which overrides defaults.
 * @throws DuetError 'invalid_request' naming the setting, its source and what is expected; also when a file
 * that was not named opens the server further than the defaults do.
 */
export async function loadConfig(sources: ConfigSources = {}): Promise<Config> {
  const environment = sources.environment ?? {};
  const layers = [
    await fromFile(sources.file ?? environment['DUET_CONFIG'], sources.onFile),
    check(fromEnvironment(environment), environmentName),
    check(withoutUndefined(sources.flags ?? {}), flagName),
  ];
  return configSchema.parse(Object.assign({}, ...layers));
}

/** The environment variable of a setting. */
export function environmentName(setting: string): string {
  return `DUET_${kebabCase(setting).replaceAll('-', '_').toUpperCase()}`;
}

/** Flags that take several values are named for one of them. */
function flagName(setting: string): string {
  return `--${kebabCase(setting).replace(/^(allow-(?:root|origin|host))s$/, '$1')}`;
}

/** Checks one source by itself, so that an error names where the value was written. */
function check(layer: Record<string, unknown>, nameOf: (key: string) => string): Record<string, unknown> {
  const parsed = configSchema.partial().safeParse(layer);
  if (parsed.success) return pickGiven(parsed.data, layer);
  const issue = parsed.error.issues[0];
  const key = String(issue?.code === 'unrecognized_keys' ? issue.keys[0] : (issue?.path[0] ?? ''));
  const value = short(JSON.stringify(layer[key]));
  const known = issue?.code === 'unrecognized_keys' ? `; known settings: ${settings.join(', ')}` : '';
  throw new DuetError(
    'invalid_request',
    `${nameOf(key)} is ${value}: ${issue?.message ?? 'invalid'}${known}`,
  );
}

/** A value shortened for a message; one from a file may have any length. */
function short(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}

/** A partial parse fills in defaults, which would hide other sources: keep only what this one sets. */
function pickGiven(parsed: Record<string, unknown>, layer: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => Object.hasOwn(layer, key)));
}

async function fromFile(
  named: string | undefined,
  onFile: ConfigSources['onFile'],
): Promise<Record<string, unknown>> {
  const file = await readConfigFile(named);
  if (file === null) return {};
  onFile?.(file.path);
  const layer = check(file.settings, (key) => `${named ?? defaultConfigFile}: ${key}`);
  if (!file.named) requireNoOpening(file, layer);
  return layer;
}

/** Starting Duet in a folder unpacked from elsewhere must not open this machine to others. */
function requireNoOpening({ path }: ConfigFile, layer: Readonly<Record<string, unknown>>): void {
  const opening = Object.entries(layer).find(([setting, value]) => opensAccess(setting, value));
  if (!opening) return;
  throw new DuetError(
    'invalid_request',
    `${path} sets ${opening[0]} to ${short(JSON.stringify(opening[1]))}, ` +
      'which only a file named with --config may do: ' +
      `start with --config ${defaultConfigFile} if you mean it, or remove ${opening[0]} from the file`,
  );
}

/**
 * Whether a value opens the server further than the defaults do: another port, an address that others can
 * reach, anything that is "allowed", or a model that is not bundled and may have come with the file.
 */
function opensAccess(setting: string, value: unknown): boolean {
  if (setting === 'record' || setting.startsWith('ingest')) return value !== 'off';
  if (setting === 'host') return !isLoopback(String(value));
  if (setting === 'model') return ![value].flat().every((model) => isBundled(String(model)));
  if (!setting.startsWith('allow')) return false;
  return Array.isArray(value) ? value.length > 0 : value !== false;
}

function isBundled(model: string): boolean {
  return /^[\w.-]*\w$/.test(model) && existsSync(join(packageFolder, 'models', model, 'manifest.json'));
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const values = Object.fromEntries(
    settings.map((setting) => [setting, environment[environmentName(setting)]]),
  );
  const { model } = values;
  return withoutUndefined({ ...values, model: model?.includes(',') ? separated.parse(model) : model });
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function kebabCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
