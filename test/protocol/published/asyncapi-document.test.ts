import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { asyncApiDocument } from '../../../server/protocol/published/asyncapi-document.js';
import { clientMessageSchema } from '../../../server/protocol/client-messages.js';
import { serverMessageSchema } from '../../../server/protocol/server-messages.js';

const document = asyncApiDocument();

/** What a reference points to, `#/components/schemas/Pong`. */
function found(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>(
    (place, step) => (place as Record<string, unknown> | undefined)?.[step],
    document,
  );
}

test('the published document is AsyncAPI', async () => {
  const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
  const schema = JSON.parse(await readFile(path, 'utf8')) as object;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  validate({ ...document, channels: { duet: { adress: '/' } } });
  expect(validate.errors).not.toEqual([]);
});

test('every reference leads to something', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => found(reference) === undefined)).toEqual([]);
});

test('every message of the protocol goes in its direction', () => {
  const sent = (operation: string): unknown[] => {
    const { messages } = found(`#/operations/${operation}`) as { messages: readonly { $ref: string }[] };
    return messages.map(({ $ref }) => {
      const { $ref: message } = found($ref) as { $ref: string };
      return (found(message) as { name: string }).name;
    });
  };
  const typesOf = (options: readonly { shape: { type: { value: string } } }[]): string[] =>
    options.map(({ shape }) => shape.type.value);
  expect(sent('receive')).toEqual([...typesOf(clientMessageSchema.options), 'binary']);
  expect(sent('send')).toEqual(typesOf(serverMessageSchema.options));
});
