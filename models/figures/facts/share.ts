import { mean } from '../../../server/scoring/statistics/mean.js';

/** The share of the items for which a condition holds; null for no items. */
export function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : mean(items.map((item) => (holds(item) ? 1 : 0)));
}
