import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { DuetError } from '../../../server/errors.js';
import { passthroughOptions, locateFfmpeg, searchFfmpeg } from '../../../server/video/ffmpeg/binary.js';
import type { FfmpegSearch } from '../../../server/video/ffmpeg/binary.js';
import { requireAllowedFfmpeg } from '../../../server/video/ffmpeg/binary.js';

/** Shortened output of `ffmpeg -version`. */
function answer(version: string, libavcodec: string): string {
  return (
    `ffmpeg version ${version} Copyright (c) the FFmpeg developers\nbuilt with gcc\n` +
    `libavutil      1.  2.100 /  1.  2.100\nlibavcodec     ${libavcodec} / ${libavcodec}\n`
  );
}

const answers = {
  debian: answer('5.1.9-0+deb12u1', '59. 37.100'),
  five: answer('5.0', '59. 18.100'),
  ubuntu: answer('4.4.2-0ubuntu0.22.04.1', '58.134.100'),
  nightly: answer('N-121001-gadc66f30ee-20250913', '62. 15.100'),
  bundled: answer('N-47683-g0e8eb07980-static', '58. 42.100'),
};

/** A machine on which these commands give these answers. */
function machine(programs: Record<string, string>, environment: Record<string, string> = {}): FfmpegSearch {
  return {
    environment,
    askVersion: (command) => {
      const found = programs[command];
      return found === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(found);
    },
    findBundled: () =>
      'bundled' in programs ? Promise.resolve('bundled') : Promise.reject(new Error('no package')),
  };
}

describe('the search for ffmpeg', () => {
  test.each([
    [
      'takes the PATH',
      machine({ ffmpeg: answers.debian, bundled: answers.bundled }),
      'path',
      '5.1.9-0+deb12u1',
      59,
    ],
    ['takes ffmpeg 5.0', machine({ ffmpeg: answers.five }), 'path', '5.0', 59],
    [
      'takes a new build named after a commit',
      machine({ ffmpeg: answers.nightly }),
      'path',
      'N-121001-gadc66f30ee-20250913',
      62,
    ],
    [
      'passes an old one on the PATH over',
      machine({ ffmpeg: answers.ubuntu, bundled: answers.bundled }),
      'bundled',
      'N-47683-g0e8eb07980-static',
      58,
    ],
    [
      'passes an old build named after a commit over',
      machine({ ffmpeg: answers.bundled, bundled: answers.bundled }),
      'bundled',
      'N-47683-g0e8eb07980-static',
      58,
    ],
    [
      'takes the bundled one when there is no other',
      machine({ bundled: answers.bundled }),
      'bundled',
      'N-47683-g0e8eb07980-static',
      58,
    ],
    [
      'takes what DUET_FFMPEG names, however old',
      machine({ ffmpeg: answers.debian, '/opt/old': answers.ubuntu }, { DUET_FFMPEG: '/opt/old' }),
      'environment',
      '4.4.2-0ubuntu0.22.04.1',
      58,
    ],
    [
      'ignores an empty DUET_FFMPEG',
      machine({ ffmpeg: answers.debian }, { DUET_FFMPEG: '' }),
      'path',
      '5.1.9-0+deb12u1',
      59,
    ],
  ] as const)('%s', async (_, search, origin, version, major) => {
    expect(await searchFfmpeg(search)).toMatchObject({ origin, version, libavcodec: { major } });
  });

  test.each([
    ['nothing', machine({}), /no ffmpeg was found on the PATH.*apt install ffmpeg.*DUET_FFMPEG/],
    [
      'only an old one',
      machine({ ffmpeg: answers.ubuntu }),
      /the ffmpeg on the PATH is 4\.4\.2-0ubuntu0\.22\.04\.1, too old/,
    ],
    [
      'a wrong DUET_FFMPEG',
      machine({ ffmpeg: answers.debian }, { DUET_FFMPEG: '/nowhere' }),
      /DUET_FFMPEG names \/nowhere/,
    ],
    [
      'a DUET_FFMPEG that is another program',
      machine({ '/bin/ls': 'ls (GNU coreutils) 9.1' }, { DUET_FFMPEG: '/bin/ls' }),
      /DUET_FFMPEG names \/bin\/ls/,
    ],
  ])('says what to do with %s', async (_, search, message) => {
    const failed = await searchFfmpeg(search).catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(DuetError);
    expect(failed).toMatchObject({ code: 'unsupported', message: expect.stringMatching(message) as string });
  });

  test('finds one on this machine and caches the result', async () => {
    const found = await locateFfmpeg();
    expect(await locateFfmpeg()).toBe(found);
    expect(execFileSync(found.path, ['-version']).toString()).toContain(found.version);
  });
});

test.each([
  [answers.debian, ['-fps_mode', 'passthrough']],
  [answers.nightly, ['-fps_mode', 'passthrough']],
  [answers.five, ['-vsync', '0']],
  [answers.bundled, ['-vsync', '0']],
])('frames pass through unchanged with the option of each release', async (program, options) => {
  expect(
    passthroughOptions(await searchFfmpeg(machine({ ffmpeg: program }, { DUET_FFMPEG: 'ffmpeg' }))),
  ).toEqual(options);
});

describe('the bundled ffmpeg', () => {
  const bundled = {
    path: 'bundled',
    version: 'N-47683',
    libavcodec: { major: 58, minor: 42 },
    origin: 'bundled',
  } as const;

  test('is refused for videos of unknown origin, with the remedy', () => {
    const refused = () => {
      requireAllowedFfmpeg(bundled, { trustedSource: false, allowBundled: false });
    };
    expect(refused).toThrow(/build of 2018 \(N-47683\).*install ffmpeg 5 or newer/);
  });

  test.each([
    { trustedSource: true, allowBundled: false },
    { trustedSource: false, allowBundled: true },
  ])('may be used with %o', (policy) => {
    expect(() => {
      requireAllowedFfmpeg(bundled, policy);
    }).not.toThrow();
  });

  test.each(['environment', 'path'] as const)('does not restrict one from the %s', (origin) => {
    expect(() => {
      requireAllowedFfmpeg({ ...bundled, origin }, { trustedSource: false, allowBundled: false });
    }).not.toThrow();
  });
});
