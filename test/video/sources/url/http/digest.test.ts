import { describe, expect, test } from 'vitest';

import { parseChallenges } from '../../../../../server/video/sources/url/http/challenges.js';
import {
  digestAuthorization,
  toDigestChallenge,
} from '../../../../../server/video/sources/url/http/digest.js';
import { SignIn, SignIns, unsupportedSchemes } from '../../../../../server/video/sources/url/http/sign-in.js';
import { cpuMsOf } from '../../../../support/cpu-time.js';

const rfc7616 = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  counted: true,
};
const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const first = { target: '/dir/index.html', count: 1 };
const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

describe('the examples of the specifications', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616, 3.9.1, with %s', (algorithm, response) => {
    expect(digestAuthorization({ ...rfc7616, algorithm }, mufasa, { ...first, clientNonce })).toBe(
      'Digest username="Mufasa", realm="http-auth@example.org", ' +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
        `uri="/dir/index.html", response="${response}", algorithm=${algorithm}, ` +
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, ' +
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
    );
  });

  test('RFC 7616, 3.9.2 (as corrected), with SHA-512-256 and a name in UTF-8', () => {
    const challenge = {
      realm: 'api@example.org',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      algorithm: 'SHA-512-256',
      counted: true,
    };
    const user = { username: 'Jäsøn Doe', password: 'Secret, or not?' };
    const request = {
      target: '/doe.json',
      count: 1,
      clientNonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    };
    expect(digestAuthorization(challenge, user, request)).toContain(
      'response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"',
    );
  });

  const rfc2617 = {
    realm: 'testrealm@host.com',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    opaque: '5ccc069c403ebaf9f0171e9517f40e41',
  };

  test('RFC 2617, 3.5', () => {
    const user = { username: 'Mufasa', password: 'Circle Of Life' };
    expect(
      digestAuthorization({ ...rfc2617, counted: true }, user, { ...first, clientNonce: '0a4f113b' }),
    ).toContain('response="6629fae49393a05397450978507c4ef1"');
  });

  test('RFC 2069, 2.4 (as corrected), which counts nothing', () => {
    const user = { username: 'Mufasa', password: 'CircleOfLife' };
    const header = digestAuthorization({ ...rfc2617, counted: false }, user, {
      ...first,
      clientNonce: '0a4f113b',
    });
    expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(header).not.toMatch(/qop|nc=|cnonce|algorithm/);
  });
});

test('names are sent in UTF-8, with quotes escaped, unless a header cannot hold them', () => {
  const challenge = { ...rfc7616, realm: 'a "door"' };
  const request = { ...first, clientNonce };
  const header = digestAuthorization(challenge, { username: 'Jäsøn 猫', password: 'x' }, request) ?? '';
  expect(Buffer.from(header, 'latin1').toString('utf8')).toContain(
    String.raw`username="Jäsøn 猫", realm="a \"door\""`,
  );
  expect(
    digestAuthorization(challenge, { username: 'a\r\nHost: b', password: 'x' }, request),
  ).toBeUndefined();
});

describe("a server's challenges are parsed", () => {
  test.each<readonly [header: string, offered: readonly (readonly [string, Record<string, string>])[]]>([
    ['Basic realm="a"', [['basic', { realm: 'a' }]]],
    [
      'Negotiate, NTLM TlRMTVNTUAAC==, Digest realm="a, b=\\"c\\"", nonce="x==",qop="auth, auth-int" , Basic',
      [
        ['negotiate', {}],
        ['ntlm', {}],
        ['digest', { realm: 'a, b="c"', nonce: 'x==', qop: 'auth, auth-int' }],
        ['basic', {}],
      ],
    ],
    [
      ',, DIGEST Realm = cam  NONCE="1" algorithm="MD5",,stale=true;',
      [['digest', { realm: 'cam', nonce: '1', algorithm: 'MD5', stale: 'true;' }]],
    ],
    [
      'Digest realm="never closed, nonce=1',
      [
        ['digest', { realm: '"never' }],
        ['closed', { nonce: '1' }],
      ],
    ],
    ['realm="of nobody"', []],
    ['"=(,)', []],
    ['', []],
  ])('%s', (header, offered) => {
    expect(
      parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]),
    ).toEqual(offered);
  });

  test('a header of 64 KiB that is made to be slow to read', async () => {
    for (const piece of ['a="\\"', 'a ', 'a=', '"', ' ', 'a', '\\"', 'a="\\', 'a b=="']) {
      const header = `Digest ${piece.repeat(65536 / piece.length)}`;
      expect(await cpuMsOf(() => parseChallenges(header))).toBeLessThan(1000);
    }
  });
});

test.each([
  ['Digest nonce="1", algorithm=MD5-sess', true],
  ['Digest nonce="1", algorithm=sha-256-SESS, qop="auth-int,auth"', true],
  ['Digest nonce="1", qop=""', true],
  ['Digest nonce="1", qop="auth-int"', false],
  ['Digest nonce="1", algorithm=SHA-512-256', true],
  ['Digest nonce="1", algorithm=SHA-512', false],
  ['Digest nonce="1", algorithm=constructor', false],
  ['Digest realm="1"', false],
])('%s can be answered: %s', (header, can) => {
  const [challenge] = parseChallenges(header);
  expect(challenge && toDigestChallenge(challenge.parameters) !== undefined).toBe(can);
  expect(unsupportedSchemes(header) === undefined).toBe(can);
});

describe('a user who signs in', () => {
  const digest = (nonce: string, more = '') => `Digest realm="r", nonce="${nonce}", qop="auth"${more}`;

  test('sends nothing before being asked, and never the password if Digest is accepted', () => {
    const signIn = new SignIn(mufasa);
    expect(signIn.authorization('/')).toBeUndefined();
    expect(signIn.take(`Basic realm="r", ${digest('1')}`, 0)).toBe(true);
    expect(signIn.authorization('/')).toMatch(/^Digest .* nonce="1".* nc=00000001/);
    expect(signIn.authorization('/')).toMatch(/nonce="1".* nc=00000002/);
    signIn.renew('rspauth="x", nextnonce="2"');
    expect(signIn.authorization('/')).toMatch(/nonce="2".* nc=00000001/);
  });

  test('answers once, and once more if the nonce was stale', () => {
    const signIn = new SignIn(mufasa);
    expect(signIn.take(digest('1'), 0)).toBe(true);
    expect(signIn.take(digest('2'), 1)).toBe(false);
    expect(signIn.take(digest('2', ', stale="True"'), 1)).toBe(true);
    expect(signIn.take(digest('3', ', stale=true'), 2)).toBe(false);
  });

  test.each([
    ['Basic realm="r"', true],
    ['Digest nonce="1", algorithm=MD4, Basic realm="r"', true],
    [undefined, true],
    ['Bearer realm="r"', false],
    ['Digest nonce="1", algorithm=MD4', false],
  ])('is asked by %s for Basic: %s', (header, asked) => {
    const signIn = new SignIn(mufasa);
    expect(signIn.take(header, 0)).toBe(asked);
    expect(signIn.authorization('/')).toBe(asked ? 'Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl' : undefined);
  });

  test('is used at the origin of the address, and nowhere else', () => {
    const signIns = new SignIns();
    const mine = signIns.of(new URL('http://a:b@camera/list.m3u8'));
    expect(mine).toBeDefined();
    expect(signIns.of(new URL('http://camera/part.ts'))).toBe(mine);
    expect(signIns.of(new URL('http://a:b@camera/part.ts'))).toBe(mine);
    expect(signIns.of(new URL('http://c:d@camera/part.ts'))).not.toBe(mine);
    expect(signIns.of(new URL('http://camera/part.ts'))).toBe(mine);
    for (const other of ['http://camera:81/', 'https://camera/', 'http://camera.example/']) {
      expect(signIns.of(new URL(other))).toBeUndefined();
    }
  });
});
