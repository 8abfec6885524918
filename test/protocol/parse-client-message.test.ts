import { expect, test } from 'vitest';
import { maxTextMessageBytes } from '../../server/protocol/limits.js';
import { parseClientMessage } from '../../server/protocol/parse-client-message.js';
import { maxTextBytes } from '../../server/settings/session-settings.js';

const parse = (text: string) => parseClientMessage(new TextEncoder().encode(text));

test('a message of the protocol is understood', () => {
  expect(parse('{"type":"ack","seq":7}')).toEqual({ ok: true, message: { type: 'ack', seq: 7 } });
});

test.each([
  ['', 'not JSON'],
  ['{', 'not JSON'],
  ['\u0000', 'not JSON'],
  ['null', 'expected object'],
  ['[]', 'expected object'],
  ['"ping"', 'expected object'],
  ['{"type":"nothing"}', 'Invalid'],
])('%j is refused, saying why', (text, message) => {
  const parsed = parse(text);
  expect(parsed).toMatchObject({ ok: false, fault: { code: 'invalid_message', eventId: null } });
  expect(parsed.ok ? '' : parsed.fault.message).toContain(message);
});

test('bytes that are not UTF-8 are not JSON', () => {
  expect(parseClientMessage(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({
    fault: { code: 'invalid_message', param: null },
  });
});

test('a message that is too large is refused unread', () => {
  const padding = ' '.repeat(maxTextMessageBytes);
  expect(parse(`{"type":"ping","event_id":"e"}${padding}`)).toMatchObject({
    fault: { code: 'too_large', eventId: null, param: null },
  });
  expect(parse('{"type":"ping"}'.padEnd(maxTextMessageBytes))).toMatchObject({ ok: true });
});

test.each([
  ['{"type":"session.update","event_id":"e","settings":{"colour":1}}', 'settings.colour'],
  [
    '{"type":"session.update","event_id":"e","settings":{"policy":{"type":"sum"}}}',
    'settings.policy.threshold',
  ],
  ['{"type":"user.text","event_id":"e"}', 'text'],
  ['{"type":"ping","event_id":"e","extra":1}', 'extra'],
])('%s names the field and the message at fault', (text, param) => {
  expect(parse(text)).toMatchObject({ fault: { code: 'invalid_message', param, eventId: 'e' } });
});

test('a text that is too long is refused as too large, and not repeated', () => {
  const parsed = parse(JSON.stringify({ type: 'user.text', text: 's3cret'.repeat(maxTextBytes) }));
  expect(parsed).toMatchObject({ fault: { code: 'too_large' } });
  const text = JSON.stringify({ type: 'user.text', text: 's3cret'.repeat(maxTextBytes / 4) });
  expect(parse(text)).toMatchObject({ fault: { code: 'too_large', param: 'text' } });
  expect(JSON.stringify(parse(text))).not.toContain('s3cret');
});

test.each(['7', '""', `"${'x'.repeat(129)}"`, 'null'])(
  'an invalid event_id %s is not returned',
  (eventId) => {
    expect(parse(`{"type":"nothing","event_id":${eventId}}`)).toMatchObject({ fault: { eventId: null } });
  },
);
