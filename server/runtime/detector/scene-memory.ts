import { valueAt } from './value-at.js';

/** What is remembered of the whole picture. */
export interface SceneMemory {
  /** When the video began, and when it was last cut. */
  readonly start: number;
  readonly cut: number;
  /** Mean change of the grid of colours since the frame before, and since the oldest that is remembered. */
  readonly change: number;
  readonly longChange: number;
  /** The grids of the newest frames, newest first. */
  readonly grids: readonly Float64Array[];
  readonly brightness: number;
  readonly sharpness: number;
}

/** The memory before the first frame: as if its picture had been there all the time. */
export function noSceneYet(scene: ArrayLike<number>, time: number): SceneMemory {
  const grids = Array.from({ length: gridsKept }, () => gridOf(scene));
  return { start: time, cut: time, change: 0, longChange: 0, grids, brightness: 0, sharpness: 0 };
}

/** The memory after a frame. */
export function watchScene(before: SceneMemory, scene: ArrayLike<number>, time: number): SceneMemory {
  const grid = gridOf(scene);
  const change = meanChange(grid, before.grids[0]);
  const longChange = meanChange(grid, before.grids[gridsKept - 1]);
  const cut =
    change > changeOfCut || (longChange > changeOfFade && time - before.cut > 1) ? time : before.cut;
  return {
    ...{ start: before.start, cut, change, longChange },
    grids: [grid, ...before.grids.slice(0, -1)],
    brightness: valueAt(scene, gridSize),
    sharpness: valueAt(scene, gridSize + 1),
  };
}

/** Whether the frame at `time` begins a new scene. */
export function isCut({ cut, start }: SceneMemory, time: number): boolean {
  return cut === time && start !== time;
}

const gridsKept = 4;
const gridSize = 48;
const changeOfCut = 0.09;
const changeOfFade = 0.13;

function gridOf(scene: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: gridSize }, (_, cell) => valueAt(scene, cell));
}

function meanChange(grid: Float64Array, before: ArrayLike<number> = grid): number {
  let sum = 0;
  for (const [cell, value] of grid.entries()) sum += Math.abs(value - valueAt(before, cell));
  return sum / gridSize;
}
