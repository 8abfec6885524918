import { rm } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { RunningServer } from '../../server/transport/serve.js';
import { buildPage } from '../support/built-page.js';
import { launchChromium } from '../support/chromium.js';
import { makeFile } from '../support/clips.js';
import { startPageServer, talkativeModel, type PageServerOptions } from '../support/page-server.js';

/** A clip that every browser and every ffmpeg reads: a moving picture with a tone. */
export function testClip(seconds = 7): string {
  return makeFile(
    [
      ...['-f', 'lavfi', '-i', `testsrc=s=320x180:r=25:d=${seconds}`],
      ...['-f', 'lavfi', '-i', `sine=440:d=${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'],
    ],
    'mp4',
  );
}

/** A clip of 4 s that ffmpeg reads and no browser shows. */
export function unplayableClip(): string {
  return makeFile(['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=4', '-c:v', 'mpeg4'], 'avi');
}

/** What a page is opened on; a desktop in light colours unless told otherwise. */
export type Screen = Pick<
  BrowserContextOptions,
  'viewport' | 'hasTouch' | 'isMobile' | 'colorScheme' | 'forcedColors' | 'reducedMotion'
>;

export const desktop: Screen = { viewport: { width: 1280, height: 720 } };
export const phone: Screen = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const phoneOnItsSide: Screen = {
  viewport: { width: 667, height: 375 },
  hasTouch: true,
  isMobile: true,
};

interface Given extends Pick<PageServerOptions, 'ingest' | 'model' | 'others' | 'records'> {
  readonly camera?: string;
}

/** A browser and a server with the page built from the sources as they are. */
export class PageWorld implements AsyncDisposable {
  readonly #folder: string;
  readonly #server: RunningServer;
  readonly #browser: Browser;

  private constructor(folder: string, server: RunningServer, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  /** @param given what the server has besides, and what the browser's webcam shows */
  static async create(chromium: string, { camera, ...given }: Given = {}): Promise<PageWorld> {
    const pageFolder = await buildPage();
    const server = await startPageServer({
      clips: { 'little-clip': testClip(), 'long-clip': testClip(120) },
      question: 'What <b>comes</b> into view?',
      pageFolder,
      model: talkativeModel(),
      ...given,
    });
    return new PageWorld(pageFolder, server, await launchChromium(chromium, camera));
  }

  /** Opens the page; the test fails when the page logs an error, breaks its security policy, or throws. */
  async open(size = { width: 1280, height: 800 }): Promise<Page> {
    const page = await this.blank({ viewport: size });
    await page.goto(this.#server.url);
    await page.waitForSelector('[data-sample]');
    return page;
  }

  /** Address of the page. */
  get url(): string {
    return this.#server.url;
  }

  /** A page that has gone nowhere yet, watched for faults as {@link open} says. */
  async blank(screen: Screen): Promise<Page> {
    const page = await this.#browser.newPage(screen);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      // Refusals and a server that is away are what some tests are about.
      const expected = /the server responded with a status of|ERR_CONNECTION_REFUSED/.test(line.text());
      if (line.type() === 'error' && !expected) faults.push(line.text());
    });
    onTestFinished(async () => {
      await page.close();
      expect(faults).toEqual([]);
    });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Chooses a sample, waits for its session, and starts the video. The long one does not end while a test
 * lasts.
 */
export async function startSample(
  page: Page,
  name: 'little-clip' | 'long-clip' = 'little-clip',
): Promise<void> {
  await page.click(`[data-sample="${name}"]`);
  await start(page);
}

/** Starts the chosen video once its session is ready. */
export async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForSelector('#stage[data-phase="running"]');
}
