import uPlot from 'uplot';
import type { Chart } from '../../../server/scoring/report/html/page-data.js';
import { make } from '../../common/element.js';
import { readPalette, type Palette } from '../../common/palette.js';
import type { ChartLook, LegendEntry } from './chart-look.js';
import { curveLook } from './curve-look.js';
import { histogramLook } from './histogram-look.js';

const height = 220;

/** The place of a chart on the page, drawn anew when it is resized or the colours change. */
export class ChartBox {
  readonly #box: HTMLElement;
  readonly #chart: Chart;
  #plot: uPlot | null = null;

  constructor(box: HTMLElement, chart: Chart) {
    this.#box = box;
    this.#chart = chart;
    new ResizeObserver(() => {
      this.#plot?.setSize({ width: this.#width(), height });
    }).observe(box);
    this.draw();
  }

  draw(): void {
    this.#plot?.destroy();
    const look = lookOf(this.#chart, readPalette());
    this.#box.replaceChildren();
    if (look.legend.length > 0) this.#box.append(legendList(look.legend));
    const { hooks, ...options } = look.options;
    const readout = this.#box.parentElement?.querySelector('.readout') ?? null;
    const setCursor = (plot: uPlot): void => {
      const { left = -1 } = plot.cursor;
      if (readout !== null) readout.textContent = left < 0 ? '' : look.readout(plot.posToVal(left, 'x'));
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

function legendList(entries: readonly LegendEntry[]): HTMLElement {
  const items = entries.map(({ shape, name, colour }) => {
    const swatch = make('span', { class: `swatch ${shape}` });
    swatch.style.color = colour;
    return make('li', { children: [swatch, make('span', { text: name })] });
  });
  return make('ul', { class: 'legend', attributes: { 'aria-hidden': 'true' }, children: items });
}
