import { createHmac, randomBytes } from 'node:crypto';
import { DuetError } from '../errors.js';

/** The headers of a message as Standard Webhooks signs it: HMAC-SHA256 over id, time and body. */
export function signedHeaders(
  { id, body }: { readonly id: string; readonly body: string },
  key: Buffer,
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** The key in a secret. Throws 'invalid_request', with a new secret to use, for one that is none. */
export function signingKey(secret: string): Buffer {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.length >= 24 && key.length <= 64) return key;
  const fresh = `whsec_${randomBytes(32).toString('base64')}`;
  const message =
    'a webhook needs a secret of 24 to 64 bytes, with which the receiver checks who calls: set ' +
    `DUET_WEBHOOK_SECRET here and there, for example to ${fresh} (this one is new)`;
  throw new DuetError('invalid_request', message);
}
