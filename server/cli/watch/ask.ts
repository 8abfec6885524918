import { InvalidArgumentError } from 'commander';

/** A text of the user, and when it is said: seconds on the media clock, or null for at once. */
export interface Ask {
  readonly text: string;
  readonly videoTime: number | null;
}

/** Collects `--ask TEXT`. */
export function collectAsk(text: string, earlier: readonly Ask[] = []): readonly Ask[] {
  if (text.trim() === '') throw new InvalidArgumentError('it is empty');
  return [...earlier, { text, videoTime: null }];
}

/** Collects `--ask-at SECONDS:TEXT`. */
export function collectAskAt(value: string, earlier: readonly Ask[] = []): readonly Ask[] {
  const [, seconds, text] = /^(\d+(?:\.\d+)?):(.*\S.*)$/s.exec(value) ?? [];
  if (seconds === undefined || text === undefined) {
    throw new InvalidArgumentError('expected SECONDS:TEXT, as in 4.5:"What is this?"');
  }
  return [...earlier, { text, videoTime: Number(seconds) }];
}
