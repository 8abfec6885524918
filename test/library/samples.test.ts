import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../../server/package-folder.js';
import { SampleLibrary } from '../../server/library/samples.js';
import { temporaryFolder } from '../transport/test-server.js';

test('clips come in the order of the annotations, those without by name after them', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'clips'));
  await mkdir(join(folder, 'annotations'));
  for (const name of ['ant', 'bee', 'cow', 'dog']) await writeFile(join(folder, 'clips', `${name}.mp4`), '');
  const annotated = ['dog', 'gone', 'bee', 'dog'].map((name) => ({
    video: `${name}.mp4`,
    conversation: [{ role: 'user', content: 'What is there?', time: 0 }],
  }));
  await writeFile(join(folder, 'annotations', 'magqa.json'), JSON.stringify(annotated));
  const names = (await new SampleLibrary(folder).list()).map(({ name }) => name);
  expect(names).toEqual(['dog', 'bee', 'ant', 'cow']);
});

test('a clip shows the real world unless footage.json says that it was drawn', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'clips'));
  for (const name of ['ant', 'bee']) await writeFile(join(folder, 'clips', `${name}.mp4`), '');
  const library = new SampleLibrary(folder);
  expect((await library.list()).map(({ footage }) => footage)).toEqual(['real', 'real']);
  await writeFile(join(folder, 'footage.json'), '{"bee": "rendered"}');
  expect((await library.list()).map(({ footage }) => footage)).toEqual(['real', 'rendered']);
  await writeFile(join(folder, 'footage.json'), '{"bee": "painted"}');
  await expect(library.list()).rejects.toThrow('"rendered"');
});

test('the bundled clip to try first is listed first', async () => {
  const [first] = await new SampleLibrary(join(packageFolder, 'samples')).list();
  expect(first).toMatchObject({
    ...{ name: 'gallery', footage: 'real' },
    questions: [{ text: 'What is happening?' }, {}, {}, {}, {}],
  });
});
