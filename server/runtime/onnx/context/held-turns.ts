import { DuetError } from '../../../errors.js';
import type { RowRange } from '../graphs/rows.js';
import type { TurnPart } from '../text/turn-parts.js';

/**
 * What a context holds, turn by turn, and where. A place is counted in tokens ever appended, so that evicting
 * does not change it; cutting back does, since places behind are used again.
 */
export class HeldTurns {
  #parts: HeldPart[] = [];
  #turn = 0;
  #end = 0;
  #rows = 0;

  /** The place behind everything. */
  get end(): number {
    return this.#end;
  }

  /** The place where the last turn begins. */
  get lastTurn(): number {
    return this.#parts.find(({ turn }) => turn === this.#turn)?.from ?? this.#end;
  }

  /** Appends parts of turns. A part that `begins` a turn belongs to a new one, any other to the last one. */
  append(parts: readonly TurnPart[]): void {
    for (const { kind, begins, rows } of parts) {
      if (begins) this.#turn += 1;
      this.#parts.push({ kind, turn: this.#turn, from: this.#end, to: this.#end + rows });
      this.#end += rows;
      this.#rows += rows;
    }
  }

  /**
   * Forgets everything behind `place` and returns how many rows are left. Throws 'internal' if it was
   * evicted.
   */
  cutBackTo(place: number): number {
    if (!this.#holds(place)) {
      throw new DuetError(
        'internal',
        `the place to cut back to (${place} of ${this.#end}) is no longer in the context`,
      );
    }
    for (;;) {
      const last = this.#parts.at(-1);
      if (last === undefined || last.to <= place) break;
      this.#parts.pop();
      this.#rows -= last.to - Math.max(last.from, place);
      if (last.from < place) this.#parts.push({ ...last, to: place });
    }
    this.#end = place;
    this.#turn = this.#parts.at(-1)?.turn ?? 0;
    return this.#rows;
  }

  /**
   * Forgets the contents between two places, and every turn but the last that has none left. Returns the rows
   * that held them, ascending and apart.
   */
  evict(from: number, to: number): RowRange[] {
    const inside = (part: HeldPart) => part.kind === 'content' && part.from >= from && part.to <= to;
    const kept = this.#parts.filter((part) => !inside(part));
    const filled = new Set(kept.flatMap(({ kind, turn }) => (isFilling(kind) ? [turn] : [])));
    filled.add(this.#turn);
    const left = kept.filter(({ turn }) => filled.has(turn));
    const dropped = rowsWithout(this.#parts, new Set(left));
    this.#parts = left;
    this.#rows -= dropped.reduce((sum, range) => sum + range.to - range.from, 0);
    return dropped;
  }

  /** Whether nothing was evicted on both sides of a place. */
  #holds(place: number): boolean {
    if (!Number.isInteger(place) || place < 0 || place > this.#end) return false;
    if (place === 0 || place === this.#end) return true;
    return this.#parts.some(({ from, to }) => from <= place && place <= to);
  }
}

/** A part of a turn in a context: places [from, to). */
interface HeldPart extends Pick<TurnPart, 'kind'> {
  /** Numbers the turns; those of one turn follow each other. */
  readonly turn: number;
  readonly from: number;
  readonly to: number;
}

function isFilling(kind: TurnPart['kind']): boolean {
  return kind === 'content' || kind === 'prompt';
}

function rowsWithout(parts: readonly HeldPart[], left: ReadonlySet<HeldPart>): RowRange[] {
  const ranges: { from: number; to: number }[] = [];
  let row = 0;
  for (const part of parts) {
    const behind = row + part.to - part.from;
    const last = ranges.at(-1);
    if (!left.has(part)) {
      if (last?.to === row) last.to = behind;
      else ranges.push({ from: row, to: behind });
    }
    row = behind;
  }
  return ranges;
}
