import uPlot from 'uplot';
import { onPaletteChange, readPalette, type Palette } from '../../common/palette.js';
import type { DuetView } from '../state/view.js';
import { drawMarks, drawThresholdAhead, drawTried } from './draw-marks.js';
import {
  nearestIndex,
  plotColumns,
  plotMarks,
  scoreCeiling,
  sameMarks,
  sumCeiling,
  visibleRange,
  type PlotColumns,
  type PlotMark,
  type TimeRange,
} from './plot-data.js';
import { columnNames, plotOptions } from './plot-options.js';

/** The canvas on which the scores are drawn, with the lines that lie over it. */
export class ScoreCanvas {
  readonly #box: HTMLElement;
  readonly #playhead = overlay('plot-playhead');
  readonly #highlight = overlay('plot-picked');
  readonly #point: (frame: number | null) => void;
  #palette: Palette = readPalette();
  #plot: uPlot | null = null;
  #columns: PlotColumns = plotColumns([]);
  #marks: readonly PlotMark[] = [];
  #range: TimeRange = { from: 0, to: 1 };
  #heads = 1;
  #sum = false;
  /** Threshold of the settings, drawn ahead of the frames. */
  #level: number | null = null;
  #highlighted: number | null = null;
  #shown: DuetView | null = null;
  /** When it would have spoken under the settings that are tried out; null where none are. */
  #tried: readonly number[] | null = null;

  /**
   * @param point is told the index of the frame that is pointed at, or null
   * @param pick is told the moment that is clicked
   */
  constructor(box: HTMLElement, point: (frame: number | null) => void, pick: (videoTime: number) => void) {
    this.#box = box;
    this.#point = point;
    new ResizeObserver(() => {
      this.#plot?.setSize(this.#size());
      this.#placeHighlight();
    }).observe(box);
    onPaletteChange(() => {
      this.#palette = readPalette();
      this.#build();
    });
    box.addEventListener('click', ({ clientX }) => {
      const left = this.#plot?.over.getBoundingClientRect().left;
      if (this.#plot && left !== undefined) pick(this.#plot.posToVal(clientX - left, 'x'));
    });
    this.#build();
  }

  /** @param tried when it would have spoken under the settings that are tried out */
  show(view: DuetView, tried: readonly number[] | null): void {
    // A reply that grows changes the turns many times a second, but nothing that is drawn here.
    const marks = plotMarks(view.turns);
    const isSame = this.#shown !== null && looksTheSame(view, this.#shown) && tried === this.#tried;
    if (isSame && sameMarks(marks, this.#marks)) return;
    this.#shown = view;
    this.#tried = tried;
    const settings = view.triedOut ?? view.settings;
    const sum = settings?.policy.type === 'sum';
    this.#columns = plotColumns(view.frames);
    this.#marks = marks;
    this.#range = visibleRange(view);
    this.#heads = settings?.heads.length ?? 1;
    this.#level = settings !== null && 'threshold' in settings.policy ? settings.policy.threshold : null;
    if (sum !== this.#sum) {
      this.#sum = sum;
      this.#build();
    } else this.#plot?.setData(this.#data());
    this.#placeHighlight();
  }

  /** Moves the line that shows where the video is. */
  movePlayhead(videoTime: number): void {
    this.#place(this.#playhead, videoTime);
  }

  /** Highlights a moment; null none. */
  highlight(videoTime: number | null): void {
    this.#highlighted = videoTime;
    this.#placeHighlight();
  }

  /** The level at this height of the screen, as the settings count it; null without a plot. */
  levelAt(clientY: number): number | null {
    const top = this.#plot?.over.getBoundingClientRect().top;
    if (this.#plot === null || top === undefined) return null;
    return this.#plot.posToVal(clientY - top, this.#sum ? 'sum' : 'score');
  }

  /** Points at the frame nearest to a time, as the mouse would. */
  pointAt(videoTime: number): void {
    const index = nearestIndex(this.#columns.times, videoTime);
    const time = index === null ? undefined : this.#columns.times[index];
    if (time === undefined || this.#plot === null) return;
    this.#plot.setCursor({ left: this.#plot.valToPos(time, 'x'), top: 10 });
  }

  #build(): void {
    this.#plot?.destroy();
    this.#plot = new uPlot(
      plotOptions({
        palette: this.#palette,
        sum: this.#sum,
        ...this.#size(),
        timeRange: () => [this.#range.from, this.#range.to],
        scoreRange: () => [0, scoreCeiling(this.#columns, this.#heads)],
        sumRange: () => [0, Math.max(sumCeiling(this.#columns), 1.15 * (this.#level ?? 0))],
        draw: (plot) => {
          this.#draw(plot);
        },
        point: this.#point,
      }),
      this.#data(),
      this.#box,
    );
    this.#plot.over.append(this.#highlight, this.#playhead);
  }

  #draw(plot: uPlot): void {
    if (this.#level !== null) {
      const last = this.#columns.times.at(-1) ?? this.#range.from;
      const from = this.#tried === null ? last : this.#range.from;
      drawThresholdAhead(plot, from, this.#level, this.#sum ? 'sum' : 'score', this.#palette);
    }
    drawMarks(plot, this.#marks, this.#palette);
    if (this.#tried !== null) drawTried(plot, this.#tried, this.#palette);
  }

  #data(): uPlot.AlignedData {
    return [[...this.#columns.times], ...columnNames.map((name) => [...this.#columns[name]])];
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(200, this.#box.clientWidth), height: Math.max(100, this.#box.clientHeight) };
  }

  #placeHighlight(): void {
    this.#highlight.hidden = this.#highlighted === null;
    if (this.#highlighted !== null) this.#place(this.#highlight, this.#highlighted);
  }

  #place(line: HTMLElement, videoTime: number): void {
    if (this.#plot === null) return;
    const x = Math.min(this.#plot.over.clientWidth, Math.max(0, this.#plot.valToPos(videoTime, 'x')));
    line.style.transform = `translateX(${x.toFixed(1)}px)`;
  }
}

function overlay(name: string): HTMLElement {
  const line = document.createElement('div');
  line.className = name;
  return line;
}

function looksTheSame(one: DuetView, other: DuetView): boolean {
  return (
    one.frames === other.frames &&
    one.settings === other.settings &&
    one.triedOut === other.triedOut &&
    one.source === other.source &&
    one.phase === other.phase
  );
}
