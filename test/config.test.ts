import { execFile } from 'node:child_process';
import { mkdir, readFile, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { configSchema, environmentName, loadConfig, modelPlaces } from '../server/config.js';
import { temporaryFolder } from './transport/test-server.js';

const run = promisify(execFile);

async function configFile(content: string): Promise<string> {
  const path = join(await temporaryFolder(), 'duet.json');
  await writeFile(path, content);
  return path;
}

test('by default the server is for this machine only', async () => {
  expect(await loadConfig()).toMatchObject({
    host: '127.0.0.1',
    port: 8787,
    model: ['duet-sight', 'duet-nano'],
    allowRoots: [],
  });
});

test('flags override the environment, which overrides the file', async () => {
  const file = await configFile('{"port": 1, "host": "::1", "maxSessions": 3}');
  const environment = { DUET_PORT: '2', DUET_MAX_SESSIONS: '4' };
  const config = await loadConfig({ flags: { port: '5', host: undefined }, environment, file });
  expect(config).toMatchObject({ port: 5, host: '::1', maxSessions: 4 });
});

test('a default in one source never hides a value from another', async () => {
  const file = await configFile('{"workers": 7, "allowRoots": ["/videos"], "allowUrls": true}');
  const config = await loadConfig({ flags: { port: '1' }, environment: { DUET_HOST: 'localhost' }, file });
  expect(config).toMatchObject({ workers: 7, allowRoots: ['/videos'], allowUrls: true });
});

test('the environment writes lists with commas and switches as words', async () => {
  const environment = { DUET_ALLOW_ROOTS: '/a, /b,', DUET_ALLOW_BUNDLED_FFMPEG: 'yes' };
  expect(await loadConfig({ environment })).toMatchObject({
    allowRoots: ['/a', '/b'],
    allowBundledFfmpeg: true,
  });
});

test.each(Object.keys(configSchema.shape))('the setting %s has an environment variable', (setting) => {
  expect(environmentName(setting)).toMatch(/^DUET_[A-Z]+(_[A-Z]+)*$/);
});

test.each([
  [{ flags: { port: 'x' } }, '--port is "x": expected a number'],
  [{ flags: { port: '70000' } }, '--port is "70000"'],
  [{ flags: { workers: '1.5' } }, '--workers is "1.5"'],
  [{ environment: { DUET_GRACE_SECONDS: '-1' } }, 'DUET_GRACE_SECONDS is "-1"'],
  [{ environment: { DUET_ALLOW_URLS: 'perhaps' } }, 'DUET_ALLOW_URLS is "perhaps": expected true or false'],
  [{ file: '/no/such/file.json' }, '/no/such/file.json'],
])('%j is refused and blamed on where it was written', async (sources, message) => {
  await expect(loadConfig(sources)).rejects.toThrow(message);
});

test.each([
  ['{"colour": "red"}', 'colour'],
  ['{"port": "many"}', 'port is "many"'],
  ['[1]', 'JSON object'],
  ['{', 'JSON object'],
])('a config file %s is refused', async (content, message) => {
  await expect(loadConfig({ file: await configFile(content) })).rejects.toThrow(message);
});

test('a config file may begin with the mark that editors on Windows write', async () => {
  const config = await loadConfig({ environment: {}, file: await configFile('\ufeff{"port": 1}') });
  expect(config.port).toBe(1);
});

test.each(['a b', 'https://example.org', 'example.org:8787', 'example.org/page', '*', 'user@example.org'])(
  '%j is no name of a server',
  async (name) => {
    const refusal = loadConfig({ environment: {}, flags: { allowHosts: [name] } });
    await expect(refusal).rejects.toThrow('--allow-host is ');
    await expect(refusal).rejects.toThrow('expected names without a scheme, a port or a path');
  },
);

/** Makes what must not be read as settings; each gets a path at which nothing lies yet. */
const strangeFiles: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'named pipe without a writer': (path) => run('mkfifo', [path]),
  folder: (path) => mkdir(path),
  'link to an endless device': (path) => symlink('/dev/zero', path),
  'file of a gigabyte': async (path) => {
    await writeFile(path, '{}');
    await truncate(path, 1024 ** 3);
  },
};

test.runIf(process.platform !== 'win32').each(Object.entries(strangeFiles))(
  'a %s is refused as a config file at once, found by chance or named',
  async (_kind, make) => {
    const path = await fileFoundByChance({});
    await rm(path);
    await make(path);
    for (const file of [undefined, path]) {
      const refusal = loadConfig({ environment: {}, file });
      await expect(refusal).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(refusal).rejects.toThrow(`${path} cannot be read as a JSON object: it `);
    }
  },
);

test('a long value from a config file is cut short in the message', async () => {
  const file = await configFile(JSON.stringify({ port: 'x'.repeat(100_000) }));
  const refusal: unknown = await loadConfig({ file }).catch((thrown: unknown) => thrown);
  expect(String(refusal)).toContain('port is "xxx');
  expect(String(refusal).length).toBeLessThan(1000);
});

/** Makes a fresh folder the working folder, with a `duet.config.json` in it; returns that file's path. */
async function fileFoundByChance(content: object): Promise<string> {
  const before = process.cwd();
  const folder = await realpath(await temporaryFolder());
  process.chdir(folder);
  onTestFinished(() => {
    process.chdir(before);
  });
  const path = join(folder, 'duet.config.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

test.each([
  [{ flags: { model: 'one' } }, ['one']],
  [{ flags: { model: ['one', './two,three'] } }, ['one', './two,three']],
  [{ environment: { DUET_MODEL: 'one, ./two' } }, ['one', './two']],
  [{ environment: { DUET_MODEL: 'one' } }, ['one']],
  [{}, ['duet-sight', 'duet-nano']],
])('%j names the models %j, the default first', async (sources, places) => {
  const config = await loadConfig({ environment: {}, ...sources });
  expect(modelPlaces(config)).toEqual(places);
});

test.each([[''], [[]], [['']], [7]])('a model may not be %j', async (model) => {
  await expect(loadConfig({ environment: {}, flags: { model } })).rejects.toThrow(
    `--model is ${JSON.stringify(model)}: `,
  );
});

const allowing = Object.keys(configSchema.shape).filter((setting) => setting.startsWith('allow'));

const valuesOf: Readonly<Record<string, readonly string[]>> = {
  allowRoots: ['/'],
  allowOrigins: ['https://x.y'],
  allowHosts: ['x.y'],
};

test.each([
  ['host', '0.0.0.0'],
  ['host', '::'],
  ['host', '192.168.1.5'],
  ['host', 'example.org'],
  ['allowRoots', '/'],
  ['allowUrls', 'yes'],
  ['model', './a-model-that-came-with-it'],
  ['model', 'a-model-that-came-with-it'],
  ['model', '/elsewhere/duet-nano'],
  ['model', '..'],
  ['model', ['duet-nano', './a-model-that-came-with-it']],
  ...allowing.map((setting) => [setting, valuesOf[setting] ?? true]),
])('a file that was not named may not set %s to %j', async (setting, value) => {
  const path = await fileFoundByChance({ port: 1, [String(setting)]: value });
  const refusal = loadConfig({ environment: {} });
  await expect(refusal).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(refusal).rejects.toThrow(`${path} sets ${String(setting)} to `);
  await expect(refusal).rejects.toThrow('--config duet.config.json');
  expect(Object.keys(await loadConfig({ file: 'duet.config.json' }))).toContain(setting);
  expect(Object.keys(await loadConfig({ environment: { DUET_CONFIG: path } }))).toContain(setting);
});

test('a file that was not named may set what opens nothing, and is reported', async () => {
  const harmless = {
    host: 'localhost',
    port: 7,
    model: 'duet-nano',
    allowUrls: false,
    allowRoots: [],
    maxUploads: 3,
  };
  const path = await fileFoundByChance(harmless);
  const read: string[] = [];
  expect(await loadConfig({ onFile: (file) => read.push(file) })).toMatchObject(harmless);
  expect(read).toEqual([path]);
});

test('the documented settings, variables and defaults match the code', async () => {
  const document = await readFile(new URL('../docs/serving.md', import.meta.url), 'utf8');
  const documented = [
    ...document.matchAll(/^\| `(\w+)` +\| (?:`--([\w-]+)`|no flag) +\| `(DUET_\w+)` +\| (\S.*?) +\|$/gm),
  ];
  const defaults = await loadConfig({ flags: { workers: '1' } });
  expect(documented.map(([, setting]) => setting)).toEqual(Object.keys(configSchema.shape));
  for (const [, setting = '', , variable, text = ''] of documented) {
    expect(variable).toBe(environmentName(setting));
    const value: unknown = Object.entries(defaults).find(([key]) => key === setting)?.[1];
    if (setting !== 'workers' && setting !== 'record')
      expect(text.replaceAll('`', '')).toBe(String(value) === '' ? 'none' : String(value));
  }
});
