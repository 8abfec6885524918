/** Names of figures that read better than those of the files. */
const known: Readonly<Record<string, string>> = {
  in_span: 'In-span score',
  in_span_at_delivery: 'In-span score at delivery',
  turns: 'Turns',
  turns_dedup: 'Distinct turns',
  mean_iou: 'Mean IoU',
  ioU: 'IoU',
  pauc: 'PAUC',
};

/** A name for people of a name for programs: `n_judge_calls` and `nJudgeCalls` become "Judge calls". */
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
