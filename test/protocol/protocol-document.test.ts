import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorCodes } from '../../server/errors.js';
import { clientMessageSchema } from '../../server/protocol/client-messages.js';
import { closings } from '../../server/protocol/close-codes.js';
import { serverMessageSchema } from '../../server/protocol/server-messages.js';

const document = await readFile(new URL('../../server/protocol/PROTOCOL.md', import.meta.url), 'utf8');

const examples = [...document.matchAll(/```json\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .map((line) => [line]);

const clientTypes = clientMessageSchema.options.map((option) => option.shape.type.value);
const serverTypes = serverMessageSchema.options.map((option) => option.shape.type.value);

/** The first cell of every row of the document's tables. */
const rows = [...document.matchAll(/^\| ([^|]*?) +\| ?(.*)$/gm)].map(([, first = '', rest = '']) => ({
  first,
  rest,
}));

test('the document has examples of both directions', () => {
  expect(examples.length).toBeGreaterThan(6);
});

test.each(examples)('the example %s is a message of the protocol', (line) => {
  const message: unknown = JSON.parse(line);
  const schema = clientMessageSchema.safeParse(message).success ? clientMessageSchema : serverMessageSchema;
  expect(schema.parse(message)).toEqual(message);
});

test.each(clientTypes)('the client message %s is in the table, with all its fields', (type) => {
  const shape = clientMessageSchema.options.find((option) => option.shape.type.value === type)?.shape ?? {};
  const row = rows.find(({ first }) => first === `\`${type}\``);
  for (const field of Object.keys(shape).filter((name) => name !== 'type' && name !== 'event_id')) {
    expect(row?.rest).toMatch(new RegExp(`\`${field}\\??\``));
  }
  expect(row).toBeDefined();
});

test.each(serverTypes)('the server message %s is named with all its fields', (type) => {
  const shape = serverMessageSchema.options.find((option) => option.shape.type.value === type)?.shape ?? {};
  const row =
    rows.find(({ first }) => first === `\`${type}\``)?.rest ??
    new RegExp(`\`${type} \\{([^}]*)\\}\``).exec(document)?.[1];
  const known = ['type', 'seq', 'video_time', 'elapsed_ms'];
  for (const field of Object.keys(shape).filter((name) => !known.includes(name))) {
    expect(row).toMatch(new RegExp(`\\b${field}\\b`));
  }
});

test('the table of close codes matches the code', () => {
  const table = rows.filter(({ first }) => /^\d{4}$/.test(first));
  expect(
    table.map(({ first, rest }) => [Number(first), ...rest.split('|').map((cell) => cell.trim())]),
  ).toEqual(
    Object.values(closings).map(({ code, meaning, resumable, retryable }) => [
      code,
      meaning,
      resumable ? 'yes' : 'no',
      retryable ? 'yes' : 'no',
      '',
    ]),
  );
});

test.each(errorCodes)('the error code %s is listed', (code) => {
  expect(document).toContain(`\`${code}\``);
});
