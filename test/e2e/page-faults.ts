import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe has to complain of, a line each. */
export async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // As text: the name belongs to the page, not to this file.
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What is pressed and is smaller than 44 px either way. A label counts for the field inside it. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.locator('button, a[href], input, select, textarea, label.drop').evaluateAll((controls) =>
    controls.flatMap((control) => {
      const target = control.matches('.segments input, #file') ? control.closest('label') : control;
      if (target === null || !target.checkVisibility() || control.matches('.skip')) return [];
      const { width, height } = target.getBoundingClientRect();
      // Less than a rounding of the screen is nothing.
      return Math.min(width, height) > 43.9
        ? []
        : [`${target.outerHTML.slice(0, 60)}: ${width.toFixed()}x${height.toFixed()}`];
    }),
  );
}

/** Whether all of an element is on the screen without scrolling, and nothing lies over it. */
export async function expectInSight(page: Page, selector: string): Promise<void> {
  const seen = await page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const inside = left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
      const bare =
        onTop !== null &&
        (element.contains(onTop) || onTop.contains(element) || onTop.closest('.card, .screen') !== null);
      return { inside, bare, place: [left, top, right, bottom].map(Math.round).join(' ') };
    });
  expect({ selector, ...seen }).toMatchObject({ selector, inside: true, bare: true });
}
