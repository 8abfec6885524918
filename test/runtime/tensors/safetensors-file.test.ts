import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SafetensorsFile } from '../../../server/runtime/tensors/safetensors-file.js';
import { float32Tensor, safetensorsBytes, withHeader } from '../../builder/support/safetensors-bytes.js';
import { temporaryFolder } from '../../builder/support/temporary-folder.js';

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'weights.safetensors');
  await writeFile(path, bytes);
  return path;
}

const entry = (value: object) => withHeader(JSON.stringify({ weight: value }), [new Uint8Array(16)]);

test('a tensor is read whole or in part, whatever comes before and after it', async () => {
  const half = { dtype: 'F16', shape: [1], bytes: Uint8Array.of(0, 0x3c) };
  const path = await file(
    safetensorsBytes({
      odd: half,
      matrix: float32Tensor([2, 3], [1, 2, 3, 4, 5, 6]),
      empty: float32Tensor([0], []),
    }),
  );
  await using weights = await SafetensorsFile.open(path);
  expect([...weights.tensors.keys()]).toEqual(['odd', 'matrix', 'empty']);
  expect(weights.tensors.get('matrix')?.shape).toEqual([2, 3]);
  expect([...(await weights.read('matrix', 0, 6))]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...(await weights.read('matrix', 4, 2))]).toEqual([5, 6]);
  expect([...(await weights.read('odd', 0, 1))]).toEqual([1]);
  await expect(weights.read('absent', 0, 1)).rejects.toThrow(/no tensor "absent"/);
});

test.each([
  ['a file too short for a header', Buffer.from([1, 2, 3]), /3 bytes, too few/],
  [
    'a header longer than the file',
    Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 123, 125]),
    /claims 200 bytes of a file of 10/,
  ],
  ['an absurd header length', Buffer.alloc(16, 255), /claims 18446744073709551615 bytes/],
  ['a header that is not JSON', withHeader('{"weight": '), /not a JSON object/],
  ['a header that is a list', withHeader('[]'), /not a JSON object/],
  ['an entry without offsets', entry({ dtype: 'F32', shape: [4] }), /entry of tensor "weight" is malformed/],
  [
    'a negative size',
    entry({ dtype: 'F32', shape: [-4], data_offsets: [0, 16] }),
    /entry of tensor "weight" is malformed/,
  ],
  [
    'a shape that does not fit its bytes',
    entry({ dtype: 'F32', shape: [5], data_offsets: [0, 16] }),
    /shape \[5\] takes 20 bytes, not 16/,
  ],
  [
    'a tensor behind the end',
    entry({ dtype: 'F32', shape: [5], data_offsets: [0, 20] }),
    /ends at byte \d+ of a file of \d+/,
  ],
  [
    'offsets that run backwards',
    entry({ dtype: 'F32', shape: [4], data_offsets: [16, 0] }),
    /takes 16 bytes, not -16/,
  ],
])('%s is refused by name', async (_, bytes, message) => {
  await expect(SafetensorsFile.open(await file(bytes))).rejects.toThrow(message);
});

test('an unsupported element type is named, with a remedy', async () => {
  const bytes = entry({ dtype: 'I8', shape: [16], data_offsets: [0, 16] });
  await expect(SafetensorsFile.open(await file(bytes))).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/"weight" .* has type I8; convert the checkpoint/) as string,
  });
});

test('a missing file is named', async () => {
  await expect(SafetensorsFile.open('/nowhere/x.safetensors')).rejects.toMatchObject({ code: 'not_found' });
});
