import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultConfigFile, readConfigFile, type ConfigFile } from './config-file.js';
import { DuetError } from './errors.js';
import { packageFolder } from './package-folder.js';
import { isLoopback } from './transport/access/access-rules.js';

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

const models = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'expected the name or the path of a model, or a list of them',
});

/**
 * Every setting of the server, with its default. Environment and flags bring strings, a file may bring
 * numbers.
 */
export const configSchema = z.strictObject({
  /** Address to listen on; anything but loopback is for those who know who can reach it. */
  host: z.string().min(1).default('127.0.0.1'),
  port: whole(0, 65_535).default(8787),
  /** Where models are: names of bundled models, or folders of others. The first is the default. */
  model: models.default('duet-nano'),
  /** Worker threads that run the model; each holds a copy of it. */
  workers: whole(1, 64).default(() => Math.min(64, availableParallelism())),
  /** Folders from which clients may name files, besides the samples. */
  allowRoots: list.default([]),
  /**
   * Origins of other pages that may connect, as in `https://example.org`; the server's own page always may.
   */
  allowOrigins: list.default([]),
  /** Names by which the server may be called; addresses and localhost are always allowed. */
  allowHosts: list.default([]),
  /** Whether clients may name URLs for the server to fetch; while it listens on loopback they always may. */
  allowUrls: flag.default(false),
  /**
   * Whether those URLs may lead to this machine and to private networks; while it listens on loopback they
   * always may.
   */
  allowPrivateUrls: flag.default(false),
  /** Whether the bundled ffmpeg of 2018 may decode videos of strangers. */
  allowBundledFfmpeg: flag.default(false),
  maxSessions: whole(1, 1000).default(8),
  /** Seconds for which a session outlives its connection. */
  graceSeconds: number.pipe(z.number().min(0).max(86_400)).default(60),
  /** Seconds for which a session may stay open without anything watched or said. */
  idleSeconds: number.pipe(z.number().min(1).max(86_400)).default(600),
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

/** Where the configured models are, the default first. */
export function modelPlaces({ model }: Pick<Config, 'model'>): readonly string[] {
  return [model].flat();
}

/** Where the one model is that a command without clients uses. */
export function defaultModel(config: Pick<Config, 'model'>): string {
  const [first] = modelPlaces(config);
  if (first === undefined) throw new DuetError('internal', 'the configuration names no model');
  return first;
}

type Setting = keyof Config;
const settings = Object.keys(configSchema.shape).filter((key): key is Setting => key in configSchema.shape);

/** Where the configuration comes from; each overrides what follows it. */
interface ConfigSources {
  /** Settings named like {@link Config}'s keys, from the command line. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** `DUET_` and the setting's name in capitals, as in `DUET_MAX_SESSIONS`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A JSON file; without one `duet.config.json` of the working folder is read where it exists. */
  readonly file?: string | undefined;
  /** Hears of the file that was read, by its absolute path. */
  readonly onFile?: (path: string) => void;
}

/**
 * Flags over environment over file over defaults.
 * @throws DuetError 'invalid_request' that names the setting, where it comes from, and what is expected; also
 * for a file that nobody named and that opens more than the defaults do.
 */
export async function loadConfig(sources: ConfigSources = {}): Promise<Config> {
  const environment = sources.environment ?? {};
  const layers = [
    await fromFile(sources.file ?? environment['DUET_CONFIG'], sources.onFile),
    check(fromEnvironment(environment), environmentName),
    check(withoutUndefined(sources.flags ?? {}), (key) => `--${kebabCase(key)}`),
  ];
  return configSchema.parse(Object.assign({}, ...layers));
}

/** The environment variable of a setting. */
export function environmentName(setting: string): string {
  return `DUET_${kebabCase(setting).replaceAll('-', '_').toUpperCase()}`;
}

/** Checks one layer on its own, so that a fault is blamed on where it was written. */
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

/** A value as a message shows it; one from a file may be of any length. */
function short(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}

/**
 * A partial parse fills in defaults, which would hide the layers beneath: keep only what the layer itself
 * says.
 */
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
  if (!file.named) requireClosed(file, layer);
  return layer;
}

/** Starting Duet in a stranger's unpacked folder must not open this machine to others. */
function requireClosed({ path }: ConfigFile, layer: Readonly<Record<string, unknown>>): void {
  const opening = Object.entries(layer).find(([setting, value]) => opens(setting, value));
  if (!opening) return;
  throw new DuetError(
    'invalid_request',
    `${path} sets ${opening[0]} to ${short(JSON.stringify(opening[1]))}, ` +
      'which a file that nobody named may not do: ' +
      `start with --config ${defaultConfigFile} if you mean it, else take ${opening[0]} out of the file`,
  );
}

/**
 * Whether a value lets in more than the defaults do: an address that others reach, anything that is
 * "allowed", or a model that is not ours and may have come with the file.
 */
function opens(setting: string, value: unknown): boolean {
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
