import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A certificate for localhost that its own key has signed, as cameras have one, and its key, both in PEM.
 *
 * @param until year in two digits, month, day, hour, minute, second, and Z; default: 2049.
 */
export function selfSigned(until = '491231235959Z'): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = list(set(list(oid(commonName), field(0x0c, Buffer.from('localhost')))));
  const ecdsaWithSha256 = list(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const body = list(
    field(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ...[ecdsaWithSha256, name, list(time('200101000000Z'), time(until)), name],
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = field(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]));
  const der = list(body, ecdsaWithSha256, signature);
  const lines = (der.toString('base64').match(/.{1,64}/g) ?? []).join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const commonName = [0x55, 0x04, 0x03];

/** One value of ASN.1 in DER, which X.509 is written in. */
function field(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content]);
}

function list(...items: readonly Buffer[]): Buffer {
  return field(0x30, Buffer.concat(items));
}

function set(item: Buffer): Buffer {
  return field(0x31, item);
}

function oid(bytes: readonly number[]): Buffer {
  return field(0x06, Buffer.from(bytes));
}

/** Year in two digits, month, day, hour, minute, second. */
function time(utc: string): Buffer {
  return field(0x17, Buffer.from(utc));
}
