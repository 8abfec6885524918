import { replaceNonFinite } from '../../finite-values.js';
import { formatValue } from '../../format-value.js';
import { html, type Insertable } from '../markup.js';

/** A readable name for a field: `n_judge_calls` and `nJudgeCalls` become "Judge calls". */
export function readableName(name: string): string {
  const own = Object.hasOwn(known, name) ? known[name] : undefined;
  if (own !== undefined) return own;
  if (/^[A-Z]/.test(name)) return name;
  const words = name
    .replaceAll(
      /([a-z0-9])([A-Z])/g,
      (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
    )
    .replaceAll('_', ' ')
    .replace(/^n /, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Better names for some figures than those in the files. */
const known: Readonly<Record<string, string>> = {
  in_span: 'In-span score',
  in_span_at_delivery: 'In-span score at delivery',
  turns: 'Turns',
  turns_dedup: 'Distinct turns',
  mean_iou: 'Mean IoU',
  ioU: 'IoU',
  pauc: 'PAUC',
};

/** Any plain value as HTML; never NaN. */
export function showValue(value: unknown): Insertable {
  if (value === null || value === undefined) return html`<span class="none">none</span>`;
  if (typeof value === 'number') return showNumber(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every(isSingle)) {
    return value.map((item, index) => [index === 0 ? '' : ', ', showValue(item)]);
  }
  return html`<code>${JSON.stringify(replaceNonFinite(value).value)}</code>`;
}

/** A number with up to four decimals; `n/a` if it is not finite. */
export function showNumber(value: number | null): string {
  return formatValue(value, 4)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0');
}

/** Whether a value fits into one cell of a table: anything single, or a list of such. */
export function isPlain(value: unknown): boolean {
  return isSingle(value) || (Array.isArray(value) && value.every(isSingle));
}

function isSingle(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}
