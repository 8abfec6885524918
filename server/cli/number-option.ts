import { InvalidArgumentError } from 'commander';

/** Reads a number of a flag. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
  };
}

/** Reads a whole number of a flag. */
export function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = numberBetween(least, most)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError('expected a whole number');
  };
}
