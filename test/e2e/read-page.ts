import type { Page } from 'playwright-core';

/** A turn as a person reads it: who, when, what, and what became of it. */
export interface ReadTurn {
  readonly kind: 'note' | 'question' | 'reply';
  readonly time: string;
  readonly text: string;
  readonly status: string;
}

/** The conversation as it stands on the page. */
export function readTurns(page: Page): Promise<ReadTurn[]> {
  return page.locator('.turn').evaluateAll((turns) =>
    turns.map((turn) => ({
      kind: turn.matches('.note') ? 'note' : turn.matches('.reply') ? 'reply' : 'question',
      time: turn.querySelector('.turn-time')?.textContent ?? '',
      text: turn.querySelector('p')?.textContent ?? '',
      status: turn.getAttribute('data-status') ?? '',
    })),
  );
}

/** Lets the browser draw this many pictures. */
export function picturesOfTheScreen(page: Page, count: number): Promise<void> {
  return page.evaluate(async (pictures) => {
    for (let drawn = 0; drawn < pictures; drawn += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, count);
}

/** How many different colours the plot shows. */
export function plotColours(page: Page): Promise<number> {
  return page.locator('#plot canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const colours = new Set<number>();
    for (let at = 0; at < pixels.length; at += 4) {
      // Half-transparent pixels are edges, not colours.
      if (pixels[at + 3] === 255)
        colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
    }
    return colours.size;
  });
}
