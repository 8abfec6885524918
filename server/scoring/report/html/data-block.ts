import { replaceNonFinite } from '../finite-values.js';
import { Markup } from './markup.js';

/**
 * A value as a data block of a page. No `<` is left in it, so that neither `</script>` nor `<!--` of a stranger can end
 * or change the block; NaN becomes null.
 */
export function dataBlock(kind: 'charts' | 'example', value: unknown): Markup {
  const json = JSON.stringify(replaceNonFinite(value).value).replaceAll('<', '\\u003c');
  return new Markup(`<script type="application/json" data-block="${kind}">${json}</script>\n`);
}
