import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { buildPackage, packPackage } from '../../client/package/build-package.js';
import { protocolTypes } from '../../client/package/protocol-types.js';
import { DuetError } from '../../server/errors.js';
import { bundledSamples } from '../../server/main.js';
import { packageFolder } from '../../server/package-folder.js';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import type { Authenticate } from '../../server/transport/access/admit.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { startTestServer } from '../transport/test-server.js';
import { DuetProcess } from './duet-process.js';

// Compilers and installations take long on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const run = promisify(execFile);
const compiler = join(packageFolder, 'node_modules', 'typescript', 'bin', 'tsc');
const program = await readFile(join(packageFolder, 'samples', 'watch.ts'), 'utf8');
const [, firstProgram = ''] =
  /```ts\n(.*?)```/s.exec(await readFile(join(packageFolder, 'client', 'sdk', 'README.md'), 'utf8')) ?? [];

/** A folder outside of the repository in which nothing is but the packed client, installed offline. */
let app: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'duet-app-'));
  await buildPackage(join(folder, 'built'));
  const { path } = await packPackage(join(folder, 'built'), folder);
  app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"private": true, "type": "module"}');
  await run('npm', ['install', path, '--offline', '--no-audit', '--no-fund'], { cwd: app });
});

afterAll(() => rm(join(app, '..'), { recursive: true, force: true }));

/** Lends the folder packages of this repository, as if they had been installed there. */
async function lend(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const place = join(app, 'node_modules', name);
    onTestFinished(() => rm(place, { recursive: true }));
    await symlink(join(packageFolder, 'node_modules', name), place);
  }
}

async function compile(text: string, options: readonly string[], file = 'app.ts'): Promise<string> {
  await writeFile(join(app, file), text);
  const args = [compiler, '--strict', '--target', 'es2022', '--noEmitOnError', ...options, file];
  try {
    await run(process.execPath, args, { cwd: app });
    return '';
  } catch (thrown) {
    return (thrown as { stdout: string }).stdout;
  }
}

/** The address of a server, with duet-nano unless other flags are given. */
async function startServer(flags: readonly string[] = ['--model', 'duet-nano']): Promise<string> {
  const duet = new DuetProcess(['serve', ...flags, '--port', '0', '--workers', '1', '--record', 'off']);
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  return url;
}

/** A page that has the installed modules beside it; resolves with its origin. */
async function servePackage(): Promise<string> {
  const pages = createServer((request, response) => {
    const [module] = /^\/[\w-]+\.js$/.exec(request.url ?? '') ?? [];
    const type = module === undefined ? 'text/html' : 'text/javascript';
    const text = module === undefined ? '' : readFile(join(app, 'node_modules', 'duet-client', module));
    void Promise.resolve(text).then((body) => response.setHeader('content-type', type).end(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void pages.close());
  await once(pages, 'listening');
  return `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
}

/** What a page runs: the client is imported there, and watches a clip. */
const watching = (url: string): string => `(async () => {
  const { connectDuet } = await import('/duet-client.js');
  const duet = connectDuet('${url}');
  await duet.open();
  duet.startSource({ type: 'sample', name: 'kitchen' }, { pacing: 'fast' });
  duet.say('What is happening?', 5);
  const said = [];
  for await (const event of duet) {
    if (event.type === 'user.text.inserted') said.push('you: ' + event.text);
    if (event.type === 'response.done') said.push('duet: ' + event.text);
    if (event.type === 'source.ended') break;
  }
  const transcript = await fetch('${url}/v1/sessions/' + duet.sessionId + '/transcript.json');
  await duet.close();
  return [...said, transcript.status + ' ' + Object.keys(await transcript.json())];
})()`;

test('the package has modules, types, README and licence, and nothing else', async () => {
  const installed = join(app, 'node_modules', 'duet-client');
  const files = await readdir(installed);
  expect(files).toContain('react.d.ts');
  const kinds = new Set(files.map((file) => file.replace(/^.*?(?=\.d\.ts$|\.js$)/, '')));
  expect([...kinds].sort()).toEqual(['.d.ts', '.js', 'LICENSE', 'README.md', 'package.json']);
  for (const file of files) {
    const text = await readFile(join(installed, file), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export)\b[^'"]*from ['"]([^'"]+)['"]/gm)];
    if (/\.(js|d\.ts)$/.test(file))
      expect(imports.filter(([, name = '']) => !/^\.\//.test(name) && file !== 'react.d.ts')).toEqual([]);
  }
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  expect(dependencies).toBeUndefined();
});

test.each([
  ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['nodenext', ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--exactOptionalPropertyTypes']],
  ['an older lib', ['--module', 'nodenext', '--lib', 'es2022,dom']],
])('a program without other types is checked strictly (%s)', async (_name, options) => {
  const withPlayer = `${firstProgram}
    import 'duet-client/player';
    document.querySelector('duet-player')?.say('Hello.');`;
  expect(await compile(withPlayer, ['--noEmit', ...options])).toBe('');
  const wrong = withPlayer
    .replace("type: 'sample'", "type: 'simple'")
    .replace('video_time', 'videoTime')
    .replace("say('Hello.')", 'say(1)');
  const faults = await compile(wrong, ['--noEmit', ...options]);
  expect(faults).toMatch(/error TS\d+: .*"simple"/);
  expect(faults).toMatch(/'videoTime' does not exist/);
  expect(faults).toMatch(/Argument of type 'number'/);
});

test('the element is typed in JSX of React', async () => {
  await lend('@types', 'csstype');
  const component = `
    import type {} from 'duet-client/react';
    export const player = (token: string) => (
      <duet-player sample="gallery" ask="Is there a cat?" threshold={0.5} token={token} style={{ width: 320 }}
        ref={(element) => element?.say('Hello.')} onduet={({ detail }) => console.log(detail.type)} />
    );`;
  const options = ['--noEmit', '--jsx', 'react-jsx', '--module', 'nodenext', '--types', 'react'];
  expect(await compile(component, options, 'app.tsx')).toBe('');
  const wrong = component.replace('sample=', 'simple=').replace('detail.type', 'detail.kind');
  const faults = await compile(wrong, options, 'app.tsx');
  expect(faults).toMatch(/'simple' does not exist/);
  expect(faults).toMatch(/'kind' does not exist/);
});

test('the messages of the package are those of the protocol', async () => {
  await writeFile(join(app, 'written.ts'), await protocolTypes());
  const sameTypes = `
    import type * as written from './written.js';
    import type { ClientMessage, ServerMessage, WireSource } from '${packageFolder}/client/sdk/protocol.js';
    declare let of: { sent: ClientMessage; got: ServerMessage; source: WireSource };
    declare let by: { sent: written.ClientMessage; got: written.ServerMessage; source: written.WireSource };
    by = of;
    of = by;`;
  const options = ['--noEmit', '--module', 'nodenext', '--exactOptionalPropertyTypes', '--skipLibCheck'];
  expect(await compile(sameTypes, options)).toBe('');
});

test.each(['the WebSocket of the package ws', 'a WebSocket of its own'])(
  'the sample program runs in an empty folder, with %s',
  async (which) => {
    await lend('@types', 'undici-types', ...(which.endsWith('ws') ? ['ws'] : []));
    expect(await compile(program, ['--module', 'nodenext', '--types', 'node', '--skipLibCheck'])).toBe('');
    const url = await startServer();
    const needsFlag = which.endsWith('own') && !('WebSocket' in globalThis);
    const flags = needsFlag ? ['--experimental-websocket'] : [];
    const { stdout } = await run(process.execPath, [...flags, 'app.js', url], { cwd: app });
    expect(stdout).toMatch(/^5\.\d you: {2}What is happening\?$/m);
    expect(stdout).toMatch(/^\d+\.\d duet: \w.*$/m);
  },
);

test('the first program of the README is told of the cat by a server as it comes', async () => {
  await lend('ws');
  const url = await startServer([]);
  await writeFile(join(app, 'first.js'), firstProgram.replace('http://127.0.0.1:8787', url));
  const { stdout } = await run(process.execPath, ['first.js'], { cwd: app });
  expect(stdout).toMatch(/^\d+\.\d duet: .*\bcat\b/m);
});

test('without a WebSocket the error says what to do', async () => {
  const text =
    "import { connectDuet } from 'duet-client'; delete globalThis.WebSocket; connectDuet('http://127.0.0.1:1');";
  await writeFile(join(app, 'none.js'), text);
  const failing = run(process.execPath, ['none.js'], { cwd: app });
  await expect(failing).rejects.toThrow('install the package "ws" beside duet-client');
});

/** A page with the element, in which the video plays; resolves with what the element shows and dispatches. */
const playing = (url: string, attributes: Readonly<Record<string, string>> = {}): string => `(async () => {
  await import('/duet-player.js');
  const player = document.createElement('duet-player');
  Object.assign(player, { id: 'player' });
  const attributes = ${JSON.stringify({ server: url, sample: 'kitchen', threshold: '0.05', ...attributes })};
  for (const [name, value] of Object.entries(attributes)) player.setAttribute(name, value);
  const seen = [];
  player.addEventListener('duet', ({ detail }) => seen.push(detail.type));
  document.body.append(player);
  const [captions, input, button] = ['p', 'input', 'button'].map((tag) => player.shadowRoot.querySelector(tag));
  input.value = 'What is happening?';
  button.click();
  const until = async (holds) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await until(() => captions.textContent !== '');
  const shown = captions.textContent;
  const { width, height } = captions.getBoundingClientRect();
  player.remove();
  await until(() => seen.length === 0 || seen.includes('session.closed'));
  return [width > 0 && height > 0 ? shown : 'nothing is seen', ...new Set(seen)];
})()`;

/** A server that lets nobody open a session without the token, which it is offered as a subprotocol. */
async function startServerWithToken(token: string, origin: string): Promise<string> {
  const authenticate: Authenticate = ({ headers, url = '' }) => {
    const offered = headers['sec-websocket-protocol']?.split(/, */) ?? [];
    if (url.startsWith('/v1/samples/') || offered.includes(token)) return null;
    throw new DuetError('unauthorized', 'The token is not known here: ask for another one');
  };
  const { url } = await startTestServer({
    access: { allowOrigins: [origin], allowHosts: [], authenticate },
    model: new ScriptedModel({
      scores: [{ informative: 1, relevance: 1 }],
      replies: ['A pan is on the stove.'],
    }),
    samples: bundledSamples,
    stream: () => new FakeStream(fakeFrames([1, 2, 3])),
  });
  return url;
}

/** A page of an origin that has the installed modules. */
async function openPage(): Promise<{ page: Page; origin: string }> {
  const origin = await servePackage();
  const browser = await launchChromium(chromiumPath ?? '');
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(origin);
  return { page, origin };
}

if (chromiumPath === null) console.log(`The client in a browser: ${withoutChromium}`);

test.skipIf(chromiumPath === null)(
  'the installed modules run in a browser, on a page of an allowed origin',
  async () => {
    const { page, origin } = await openPage();
    const url = await startServer(['--model', 'duet-nano', '--allow-origin', origin]);
    const said = await page.evaluate<readonly string[]>(watching(url));
    expect(said).toContain('you: What is happening?');
    expect(said.at(-1)).toBe('200 transcript');
    expect(said.some((line) => /^duet: \w/.test(line))).toBe(true);
    const [caption, ...seen] = await page.evaluate<readonly string[]>(playing(url));
    expect(caption).toMatch(/^\w/);
    expect(seen).toEqual(expect.arrayContaining(['user.text.inserted', 'frame.scored', 'response.done']));
  },
);

test.skipIf(chromiumPath === null)(
  'the element plays with the token of its server; with a wrong one, or one that cannot be, it says what to look at',
  async () => {
    const { page, origin } = await openPage();
    const url = await startServerWithToken('right-one', origin);
    const shows = (token: string) => page.evaluate<readonly string[]>(playing(url, { token }));
    expect(await shows('wrong-one')).toEqual([expect.stringMatching(/^No connection to .* token/)]);
    expect(await shows('two words')).toEqual([expect.stringMatching(/^The token has letters that/)]);
    const [caption, ...seen] = await shows('right-one');
    expect(caption).toBe('A pan is on the stove.');
    expect(seen).toContain('response.done');
  },
);
