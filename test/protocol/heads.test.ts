import { expect, test } from 'vitest';
import { settingSchemas, wireSettingSchemas } from '../../server/settings/schema.js';

test.each([
  ['the wire', wireSettingSchemas.heads],
  ['a manifest', settingSchemas.heads],
])('on %s a head counts once: naming it twice is refused, not added up', (_, schema) => {
  expect(schema.safeParse(['informative', 'relevance']).success).toBe(true);
  expect(schema.safeParse(['informative', 'informative']).error?.issues[0]?.message).toBe(
    'a head is named twice',
  );
  expect(schema.safeParse([]).success).toBe(false);
});
