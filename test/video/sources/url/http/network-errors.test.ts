import { describe, expect, test } from 'vitest';

import { fetchFailed } from '../../../../../server/video/sources/url/http/http-get.js';
import { describeNetworkError } from '../../../../../server/video/sources/url/http/network-errors.js';

const failing = (code: string) => Object.assign(new Error('10.0.0.7 says no'), { code });

describe('an address that cannot be fetched', () => {
  test.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ABORT_ERR'],
    ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'EMFILE', 'ERR_STREAM_PREMATURE_CLOSE'],
  ])('may be there later: %s', (code) => {
    expect(fetchFailed({ name: 'it' }, 'fails', failing(code)).retryable).toBe(true);
  });

  test.each([
    ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'CERT_UNTRUSTED', 'HOSTNAME_MISMATCH'],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'INVALID_CA'],
    ...['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'HPE_INVALID_CONSTANT', 'HPE_HEADER_OVERFLOW', 'ENOTFOUND'],
  ])('will not: %s', (code) => {
    expect(fetchFailed({ name: 'it' }, 'fails', failing(code)).retryable).toBe(false);
  });

  test('will not where no error of the network is its cause', () => {
    expect(fetchFailed({ name: 'it' }, 'fails').retryable).toBe(false);
    expect(fetchFailed({ name: 'it' }, 'fails', new RangeError('too far')).retryable).toBe(false);
  });
});

test.each([
  ['ECONNREFUSED', 'the connection was refused; is its server running?'],
  ['CERT_HAS_EXPIRED', 'its certificate is not valid (CERT_HAS_EXPIRED)'],
  ['CERT_NOT_YET_VALID', 'its certificate is not valid (CERT_NOT_YET_VALID)'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its certificate is not valid (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)'],
  ['HPE_INVALID_CONSTANT', 'its server does not answer in HTTP'],
  ['HPE_HEADER_OVERFLOW', 'its server sends more than 64 KiB of headers'],
  ['EPROTO', 'the connection failed (EPROTO)'],
])('%s is told without the address that it names', (code, told) => {
  expect(describeNetworkError(failing(code))).toBe(told);
});
