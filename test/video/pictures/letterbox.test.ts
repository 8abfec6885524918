import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import { expect, test } from 'vitest';
import { z } from 'zod';

import type { Picture } from '../../../server/video/frame.js';
import { letterbox } from '../../../server/video/pictures/letterbox.js';

const golden = z
  .object({
    cases: z.array(
      z.object({
        width: z.number(),
        height: z.number(),
        side: z.number(),
        crc32: z.number(),
        rgb: z.array(z.number()).optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../golden/letterbox/letterbox.json', import.meta.url), 'utf8')));

/** The same random picture as in make-letterbox-golden.py. */
function noise(width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  let state = (width * 65537 + height) >>> 0;
  for (let i = 0; i < rgb.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgb[i] = state >>> 24;
  }
  return { width, height, rgb };
}

test.each(golden.cases)(
  'a picture of $width x $height in a square of $side is what OpenCV makes of it, in every bit',
  (known) => {
    const { width, height, rgb } = letterbox(noise(known.width, known.height), known.side);
    expect([width, height]).toEqual([known.side, known.side]);
    if (known.rgb !== undefined) expect([...rgb]).toEqual(known.rgb);
    expect(crc32(rgb)).toBe(known.crc32);
  },
);
