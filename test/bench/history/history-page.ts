import { html, Markup, nothing } from '../../../server/scoring/report/html/markup.js';
import type { BenchRun } from './history.js';

/**
 * A history as one page that needs nothing else: every figure with its newest value, the range of its samples
 * and how it went on machines of that kind; and the commands to measure it again.
 */
export function historyPage(runs: readonly BenchRun[]): string {
  const machines = grouped(runs, machineOf);
  const sections = [...machines].map(([machine, ofMachine]) => machineSection(machine, ofMachine));
  return html`${new Markup('<!doctype html>\n')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>How fast Duet is</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <h1>How fast Duet is</h1>
        <p>
          ${runs.length === 1 ? 'One run' : `${runs.length} runs`}. A value is a median; beside it stands what
          the samples of that run were between. Values of different machines are not compared.
        </p>
        ${sections}
      </body>
    </html>`.text;
}

type Figure = BenchRun['measurements'][number];

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function machineOf({ machine: { cpu, cores, memoryGb } }: BenchRun): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB`;
}

function machineSection(machine: string, runs: readonly BenchRun[]): Markup {
  const figures = grouped(
    runs.flatMap((run) => run.measurements.map((figure) => ({ run, figure }))),
    ({ figure }) => figure.name,
  );
  const rows = [...figures.values()].map((measured) => figureRow(measured));
  const commands = [...new Set(runs.map(({ command }) => command))];
  return html`<section>
    <h2>${machine}</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Newest</th>
            <th scope="col">Between</th>
            <th scope="col">Aim</th>
            <th scope="col">Measured</th>
            <th scope="col">So far</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p>Measured with:</p>
    <ul>
      ${commands.map((command) => html`<li><code>${command}</code></li>`)}
    </ul>
  </section>`;
}

function figureRow(measured: readonly { readonly run: BenchRun; readonly figure: Figure }[]): Markup {
  const newest = measured.at(-1);
  if (newest === undefined) return nothing;
  const { figure, run } = newest;
  const { range } = figure;
  const between =
    range && range.samples > 1 ? `${short(range.low)} - ${short(range.high)} (${range.samples})` : '';
  const note = figure.note === undefined ? nothing : html`<small>${figure.note}</small>`;
  return html`<tr>
    <th scope="row">${figure.name}${note}</th>
    <td class="number">${short(figure.value)} ${figure.unit}</td>
    <td class="number">${between}</td>
    <td>${figure.aim ?? ''}</td>
    <td>${run.at.slice(0, 10)}, ${run.commit}${run.changed ? ' with changes' : ''}, Node ${run.node}</td>
    <td>${curve(measured.map(({ figure: { value } }) => value))}</td>
  </tr>`;
}

/** The values in their order, from zero to the largest; nothing for one alone. */
function curve(values: readonly (number | null)[]): Markup {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return nothing;
  const most = Math.max(...known, Number.MIN_VALUE);
  const points = known.map((value, index) => {
    const x = (index / (known.length - 1)) * 118 + 1;
    return `${x.toFixed(1)},${(31 - (Math.max(0, value) / most) * 30).toFixed(1)}`;
  });
  const label = `${known.length} values, from ${short(known[0] ?? null)} to ${short(known.at(-1) ?? null)}`;
  return html`<svg viewBox="0 0 120 32" role="img" aria-label="${label}">
    <polyline points="${points.join(' ')}" />
  </svg>`;
}

function short(value: number | null): string {
  return value === null ? 'not measured' : String(Number(value.toPrecision(4)));
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid #8884; }
th[scope='row'] { font-weight: 600; min-width: 12rem; max-width: 24rem; }
small { display: block; font-weight: 400; opacity: 0.75; }
td { white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; }
svg { width: 120px; height: 32px; }
polyline { fill: none; stroke: currentColor; stroke-width: 1.5; }
code { overflow-wrap: anywhere; }`;
