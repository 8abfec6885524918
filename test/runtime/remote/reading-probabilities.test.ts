import { expect, test } from 'vitest';
import { labelProbability } from '../../../server/runtime/remote/deciders/label-logprobs.js';
import { speechProbability } from '../../../server/runtime/remote/deciders/silence-token.js';
import { contentOf } from '../../../server/runtime/remote/picture-url.js';

const yesOrNo = (label: string): 'yes' | 'no' | null => (label === 'yes' || label === 'no' ? label : null);

test('case and spaces of a label do not matter, and its mass is that of all variants', () => {
  const tokens = [
    { token: 'Yes', probability: 0.3 },
    { token: ' yes', probability: 0.1 },
    { token: '▁YES', probability: 0.05 },
    { token: 'No', probability: 0.15 },
    { token: 'Yesterday', probability: 0.2 },
  ];
  const read = labelProbability(tokens, yesOrNo);
  expect(read?.value).toBeCloseTo(0.75, 9);
  expect(read?.mass).toBeCloseTo(0.6, 9);
  expect(labelProbability([{ token: 'Maybe', probability: 1 }], yesOrNo)).toBeNull();
  const hardly = { token: 'Yes', probability: 0.04 };
  expect(labelProbability([hardly, { token: 'Maybe', probability: 0.9 }], yesOrNo)).toBeNull();
});

test('every beginning of a silence counts as silence, and nothing else does', () => {
  const tokens = [
    { token: 'NO', probability: 0.5 },
    { token: 'N', probability: 0.1 },
    { token: ' NO', probability: 0.1 },
    { token: 'No', probability: 0.2 },
    { token: ' ', probability: 0.05 },
  ];
  expect(speechProbability(tokens, ['NO REPLY']).value).toBeCloseTo(0.3, 9);
  expect(speechProbability(tokens, ['NO REPLY']).mass).toBeCloseTo(0.95, 9);
});

test('the bars of a letterboxed picture are cut off, and a dark picture is left whole', () => {
  const picture = (width: number, height: number, isBar: (x: number, y: number) => boolean) => {
    const rgb = new Uint8Array(width * height * 3);
    for (let at = 0; at < width * height; at++) {
      if (!isBar(at % width, Math.floor(at / width))) rgb.fill(9, at * 3, at * 3 + 3);
    }
    return { width, height, rgb };
  };
  const cut = (isBar: (x: number, y: number) => boolean) => contentOf(picture(8, 8, isBar));
  expect(cut((_, y) => y < 2 || y > 5)).toEqual({ left: 0, top: 2, width: 8, height: 4 });
  expect(cut((x) => x < 2 || x > 4)).toEqual({ left: 2, top: 0, width: 3, height: 8 });
  expect(cut((_, y) => y < 3)).toEqual({ left: 0, top: 0, width: 8, height: 8 });
  expect(cut(() => true)).toEqual({ left: 0, top: 0, width: 8, height: 8 });
});
