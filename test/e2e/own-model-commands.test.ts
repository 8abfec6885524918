import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { enginePresetNames } from '../../server/runtime/remote/place/presets.js';
import { FakeEngine } from '../support/fake-engine.js';
import { runDuet } from './duet-process.js';

const page = new URL('../../docs/use-your-own-model.md', import.meta.url);
const commands = [
  ...(await readFile(page, 'utf8')).matchAll(/^npx duet (watch street --model (remote:\S+).*)$/gm),
];

test('every preset has a command', () => {
  const presets = commands.map(([, , place]) => /remote:([a-z]+)/.exec(place ?? '')?.[1]);
  expect(new Set(presets)).toEqual(new Set(enginePresetNames));
});

test.each(commands.map(([whole, args = '', place = '']) => ({ whole, args, place })))(
  '$whole watches, with the engine at another address',
  async ({ args, place }) => {
    await using engine = await FakeEngine.open();
    const words = args.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? [];
    const moved = words.map((word) => (word === place ? `${place}@${engine.url}` : word));
    const ended = await runDuet([...moved, '--max-frames', '2']);
    const said = expect.stringContaining(
      `pictures go to 127.0.0.1:${engine.port}, which decides by`,
    ) as string;
    expect([ended.exitCode, ended.stderr]).toEqual([0, said]);
    expect(engine.seen.length).toBeGreaterThan(1);
  },
);
