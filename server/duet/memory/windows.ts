import type { ContextMark } from '../../runtime/model.js';

/**
 * What to forget, oldest first, so that `coming` more frames (and `more` besides) fit into the windows and
 * into the model's context. Frames go in blocks, since each eviction costs time. Standing texts never go; the
 * newest other texts go last, and only if the context has no room for what comes.
 */
export function outsideWindows(
  held: readonly Remembered[],
  windows: Windows,
  room: ContextRoom,
  { coming, more = 0 }: Coming,
): ReadonlySet<Remembered> {
  const { protectedTexts, recent } = divide(held, windows.sink);
  const gone = new Set(beyond(recent, windows.text));
  // Where the context is too small for what comes, texts must make room for it.
  const yielding = [...recent, ...protectedTexts].filter((text) => !gone.has(text));
  const freed = () => [...gone].reduce((sum, { size }) => sum + size, 0);
  const limit = () => frameLimit(windows, { ...room, other: room.other + more - freed() });
  while (limit().most < coming && yielding.length > 0) {
    const next = yielding.shift();
    if (next !== undefined) gone.add(next);
  }
  const { most, block } = limit();
  const frames = held.filter(({ type }) => type === 'frame');
  const excess = frames.length + coming - most;
  const count = excess > 0 ? Math.max(excess, block) : 0;
  return new Set([...gone, ...frames.slice(0, count)]);
}

/** How many frames may be appended before the next eviction is due; at least 1. */
export function framesUntilEviction(
  held: readonly Remembered[],
  windows: Windows,
  room: ContextRoom,
): number {
  const gone = outsideWindows(held, windows, room, { coming: 1 });
  const frames = (items: Iterable<Remembered>) => [...items].filter(({ type }) => type === 'frame').length;
  const texts = [...gone].reduce((sum, { type, size }) => sum + (type === 'frame' ? 0 : size), 0);
  const { most } = frameLimit(windows, { ...room, other: room.other - texts });
  return Math.max(1, most - frames(held) + frames(gone));
}

/** Something a context holds that may be forgotten on its own. */
export interface Remembered {
  readonly type: 'frame' | 'text' | 'reply';
  /** The place just after it. */
  readonly mark: ContextMark;
  /** Its size in the context. */
  readonly size: number;
  /** By which a text can be forgotten on its own. */
  readonly id?: string | undefined;
  /** Whether it is a standing text. */
  readonly stands?: boolean | undefined;
}

/** How much of each kind is kept. */
export interface Windows {
  /** Newest frames. */
  readonly frames: number;
  /** Size of the newest replies and texts beyond the sink. */
  readonly text: number;
  /** Size of standing and newest texts, without the system prompt. */
  readonly sink: number;
}

/** A context's room, in the unit of its capacity. */
interface ContextRoom {
  /** What frames and everything else may take together; the rest is for a reply and its markup. */
  readonly total: number;
  /** Size of a frame. */
  readonly frame: number;
  /** Size of everything held but frames. */
  readonly other: number;
}

interface Coming {
  /** Frames about to be appended. */
  readonly coming: number;
  /** Size of what else is. */
  readonly more?: number;
}

/**
 * Frames are evicted in blocks of this share of their window, and texts once they exceed theirs by as much.
 */
const blockShare = 1 / 8;

/** The newest texts that fit into the sink beside the standing ones, and everything else but frames. */
function divide(held: readonly Remembered[], sink: number) {
  const isStanding = ({ stands }: Remembered) => stands === true;
  const others = held.filter((item) => item.type !== 'frame' && !isStanding(item));
  const texts = others.filter(({ type }) => type === 'text');
  const standing = held.filter(isStanding).reduce((sum, { size }) => sum + size, 0);
  const protectedTexts = newestWithin(texts, sink - standing);
  return { protectedTexts, recent: others.filter((item) => !protectedTexts.includes(item)) };
}

/** What lies before the newest within `limit`, if all together exceed it by a block. */
function beyond(items: readonly Remembered[], limit: number): readonly Remembered[] {
  const size = items.reduce((sum, item) => sum + item.size, 0);
  if (size <= limit * (1 + blockShare)) return [];
  return items.slice(0, items.length - newestWithin(items, limit).length);
}

function newestWithin(items: readonly Remembered[], limit: number): readonly Remembered[] {
  let size = 0;
  const tooMany = items.findLastIndex((item) => (size += item.size) > limit);
  return items.slice(tooMany + 1);
}

/** Most frames to hold, and how many to evict at once. */
function frameLimit({ frames }: Windows, { total, frame, other }: ContextRoom) {
  const room = frame === 0 ? Infinity : Math.floor((total - other) / frame);
  const ofWindow = Math.ceil(frames * blockShare);
  if (frames + ofWindow <= room) return { most: frames + ofWindow, block: ofWindow };
  const most = Math.max(0, room);
  return { most, block: Math.ceil((most * blockShare) / (1 + blockShare)) };
}
