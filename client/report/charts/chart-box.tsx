import './charts.css';
import { render } from 'preact';
import uPlot from 'uplot';
import type { Chart } from '../../../server/scoring/report/html/page-data.js';
import { readPalette, type Palette } from '../../common/palette.js';
import type { ChartLook, LegendEntry } from './chart-look.js';
import { curveLook } from './curve-look.js';
import { histogramLook } from './histogram-look.js';

const height = 220;

/** The place of a chart on the page, drawn anew when it is resized or the colours change. */
export class ChartBox {
  readonly #box: HTMLElement;
  readonly #chart: Chart;
  readonly #legend = document.createElement('div');
  readonly #readout: Element | null;
  #plot: uPlot | null = null;

  constructor(box: HTMLElement, chart: Chart) {
    this.#box = box;
    this.#chart = chart;
    this.#readout = box.parentElement?.querySelector('.readout') ?? null;
    box.append(this.#legend);
    new ResizeObserver(() => {
      this.#plot?.setSize({ width: this.#width(), height });
    }).observe(box);
    this.draw();
  }

  draw(): void {
    this.#plot?.destroy();
    const look = lookOf(this.#chart, readPalette());
    render(<ChartLegend entries={look.legend} />, this.#legend);
    const { hooks, ...options } = look.options;
    const setCursor = (plot: uPlot): void => {
      const { left = -1 } = plot.cursor;
      if (this.#readout === null) return;
      this.#readout.textContent = left < 0 ? '' : look.readout(plot.posToVal(left, 'x'));
    };
    this.#plot = new uPlot(
      { ...options, hooks: { ...hooks, setCursor: [setCursor] }, width: this.#width(), height },
      look.data,
      this.#box,
    );
  }

  #width(): number {
    return Math.max(220, this.#box.clientWidth);
  }
}

function lookOf(chart: Chart, palette: Palette): ChartLook {
  switch (chart.type) {
    case 'histogram':
      return histogramLook(chart, palette);
    case 'curve':
      return curveLook(chart, palette);
  }
}

function ChartLegend({ entries }: { readonly entries: readonly LegendEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <ul class="legend" aria-hidden="true">
      {entries.map(({ shape, name, colour }) => (
        <li key={name}>
          <span class={`swatch ${shape}`} style={{ color: colour }} />
          <span>{name}</span>
        </li>
      ))}
    </ul>
  );
}
