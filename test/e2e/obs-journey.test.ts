import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../../server/package-folder.js';
import { chromiumPath } from '../support/chromium.js';
import { knowsProtocol } from '../support/live-senders.js';
import { playObsJourney } from './obs-journey.js';

const canPlay = chromiumPath !== null && knowsProtocol('rtmp');

test.skipIf(!canPlay)(
  'a newcomer streams from OBS, sees captions, and still does after a reload, in a second tab and after a restart',
  { timeout: 600_000 },
  async () => {
    const clip = join(packageFolder, 'samples', 'clips', 'street.mp4');
    const steps = await playObsJourney({ chromium: chromiumPath ?? '', clip });
    const caption = /^[A-Z].*\.$/;
    const expected: readonly (readonly [string, RegExp])[] = [
      ['the server listens', /^http:/],
      ['OBS streams', /^The video starts: live/],
      ['a caption is shown', caption],
      ['it is shown again after a reload', caption],
      ['a second tab shows it', caption],
      ['the server was killed, OBS streams again', /^The video starts: live/],
      ['the same overlay goes on', caption],
    ];
    expect(steps.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
    for (const [index, [, shown]] of expected.entries()) expect(steps[index]?.shown).toMatch(shown);
  },
);
