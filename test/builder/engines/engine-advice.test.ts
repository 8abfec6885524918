import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineAdvice } from '../../../server/builder/engines/engine-advice.js';
import { engineCommand } from '../../../server/builder/engines/engine-commands.js';
import { engineFamilies } from '../../../server/builder/engines/engine-families.js';
import { fixtureFolder } from '../support/parity-fixture.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function folderOf(config: object): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

test('a known family comes with the commands of each engine that runs it, and the model to name', async () => {
  const folder = await folderOf({
    architectures: ['Qwen3VLForConditionalGeneration'],
    model_type: 'qwen3_vl',
  });
  const advice = await engineAdvice(folder);
  if (advice?.kind !== 'known') throw new Error('it is known');
  expect(advice.commands.map(({ engine, model }) => [engine, model])).toEqual([
    ['vllm', 'remote:vllm/watcher@http://127.0.0.1:8000/v1'],
    ['sglang', 'remote:sglang/watcher@http://127.0.0.1:30000/v1'],
    ['llamacpp', 'remote:llamacpp/watcher@http://127.0.0.1:8080/v1'],
    ['ollama', 'remote:ollama/qwen3-vl'],
  ]);
  expect(advice.commands[0]?.serve).toEqual([`vllm serve ${folder} --served-model-name watcher --port 8000`]);
});

test('every family has an engine, and a name in the library of Ollama where that is one', () => {
  for (const [architecture, { engines, ollama }] of Object.entries(engineFamilies)) {
    expect(engines.length, architecture).toBeGreaterThan(0);
    expect(engines.includes('ollama'), architecture).toBe(ollama !== undefined);
  }
});

test('our own family is to be built or folded', async () => {
  expect(await engineAdvice(fixtureFolder('grid'))).toMatchObject({ kind: 'ours' });
});

test('an unknown class that sees is said to be unknown; one that does not see is refused', async () => {
  const seeing = await folderOf({ architectures: ['NewVLForCausalLM'], vision_config: {} });
  expect(await engineAdvice(seeing)).toMatchObject({ kind: 'unknown', architecture: 'NewVLForCausalLM' });
  const hostile = await folderOf({ architectures: ['__proto__'], vision_config: {} });
  expect(await engineAdvice(hostile)).toMatchObject({ kind: 'unknown' });
  const blind = await folderOf({ architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2' });
  await expect(engineAdvice(blind)).rejects.toThrow(/this is Qwen2ForCausalLM, .* nothing of pictures/);
});

test('a folder name that a shell would read as more is quoted', () => {
  expect(engineCommand('vllm', "a b'c; rm", null).serve[0]).toContain(`vllm serve 'a b'\\''c; rm' --served`);
});

test('a config that is no such thing is refused, and a folder without one has no advice', async () => {
  const long = await folderOf({ architectures: ['x'.repeat(300)] });
  await expect(engineAdvice(long)).rejects.toThrow(/config.json: field "architectures.0"/);
  expect(await engineAdvice(await temporaryFolder())).toBeNull();
});
