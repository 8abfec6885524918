import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  process.env['DUET_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where a Chromium is installed, `DUET_CHROMIUM` before the common places; null where none is. */
export const chromiumPath: string | null =
  places.find((place) => place !== undefined && existsSync(place)) ?? null;

/** Why tests in a browser are skipped. */
export const withoutChromium =
  'skipped: no Chromium found; install one, or set DUET_CHROMIUM to the path of its executable';

/**
 * Starts a headless browser that talks to nobody but the pages it is given.
 * @param camera a video in Y4M or MJPEG that its webcam shows over and over; default: it has none
 */
export function launchChromium(path: string, camera?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(camera === undefined ? [] : fakeCamera(camera)),
    ],
  });
}

function fakeCamera(file: string): readonly string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}
