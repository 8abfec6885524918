import { expect, test } from 'vitest';
import { headsSchema as wireHeads } from '../../server/protocol/settings.js';
import { headsSchema as manifestHeads } from '../../server/runtime/settings.js';

test.each([
  ['the wire', wireHeads],
  ['a manifest', manifestHeads],
])('on %s a head counts once: naming it twice is refused, not added up', (_, schema) => {
  expect(schema.safeParse(['informative', 'relevance']).success).toBe(true);
  expect(schema.safeParse(['informative', 'informative']).error?.issues[0]?.message).toBe(
    'a head is named twice',
  );
  expect(schema.safeParse([]).success).toBe(false);
});
