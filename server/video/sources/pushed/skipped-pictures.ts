/** Counts pictures that were skipped because something was wrong with them. */
export class SkippedPictures {
  readonly #counts = new Map<SkipReason, { count: number; last: string }>();

  /** Counts one more; `message` says what was wrong with it. */
  add(reason: SkipReason, message: string): void {
    this.#counts.set(reason, { count: (this.#counts.get(reason)?.count ?? 0) + 1, last: message });
  }

  /** One line for each reason. */
  describe(): readonly string[] {
    return [...this.#counts].map(
      ([reason, { count, last }]) =>
        `skipped ${count} pictures that ${descriptions[reason]}; the last one: ${last}`,
    );
  }
}

/** Why a pushed picture was skipped. */
type SkipReason = 'broken' | 'time broken' | 'time out of order';

const descriptions: Readonly<Record<SkipReason, string>> = {
  broken: 'were broken',
  'time broken': 'had a time that no clock shows',
  'time out of order': 'had a time that was not above that of the picture before, or far above it',
};
