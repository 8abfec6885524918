import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { plainPicture } from '../../server/runtime/scripted/scripted-model.js';
import { eventsOf } from '../support/duet-session.js';
import { FakeStream } from '../support/fake-stream.js';
import { compileInPlace } from '../support/compile-in-place.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(join(root, 'docs', 'add-a-model.md'), 'utf8');
const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
const placed = join('server', 'runtime', 'change', 'change-model.ts');
const [, change = ''] = /```diff\n(.*?)```/s.exec(page) ?? [];

test('the whole example is a file and a line, less than 100 lines together', () => {
  expect(example).toContain('implements DuetModel');
  expect(example.split('\n').length + change.split('\n').length).toBeLessThan(100);
});

test('the line goes where the page says it goes', async () => {
  const [before = '', added = ''] = change.split('\n');
  const table = await readFile(join(root, 'server', 'runtime', 'find-model.ts'), 'utf8');
  expect(table).toContain(`\n${before.slice(1)}\n`);
  expect(added).toMatch(/^\+ {2}\['change', /);
});

test('the file compiles in its place, as strictly as the rest', () => {
  expect(compileInPlace(root, new Map([[join(root, placed), example]]))).toEqual([]);
});

test('a session with it speaks where the picture changes, and nowhere else', async () => {
  await using model = await exampleModel();
  const settings = sessionSettings(model.capabilities, 'default', { cooldown: 0 });
  await using session = await DuetSession.open({ id: 'change', model, settings, now: () => 0 });
  session.addUserText('Tell me when something changes.');
  await session.watch(new FakeStream(frames([9, 9, 200, 200, 200, 9, 9])), {
    ...{ source: 'test', samplingFps: 4, realtime: false, wholeBatches: true },
  });
  expect(eventsOf(session, 'frame.scored').map(({ fired }) => fired)).toEqual(
    [9, 9, 200, 200, 200, 9, 9].map((_, index) => index === 2 || index === 5),
  );
  expect(eventsOf(session, 'response.done').map(({ text, videoTime }) => [text, videoTime])).toEqual([
    ['The picture has changed.', 0.5],
    ['The picture has changed.', 1.25],
  ]);
});

async function* frames(values: readonly number[]) {
  for (const [index, value] of values.entries()) {
    yield { index, videoTime: index / 4, picture: plainPicture(value, 64) };
  }
  await Promise.resolve();
}

/** The model of the page, from a file elsewhere that imports the same modules. */
async function exampleModel(): Promise<DuetModel> {
  const folder = await mkdtemp(join(tmpdir(), 'add-a-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'change-model.ts');
  const here = dirname(join(root, placed));
  const text = example.replaceAll(/from '(\.[^']+)'/g, (_, target: string) => `from '${join(here, target)}'`);
  await writeFile(file, text);
  const { ChangeModel } = (await import(pathToFileURL(file).href)) as { ChangeModel: new () => DuetModel };
  return new ChangeModel();
}
