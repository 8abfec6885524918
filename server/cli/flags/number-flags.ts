import { InvalidArgumentError } from 'commander';

/** A decimal number, and none of the other forms that JavaScript accepts, such as 0x10 or an empty text. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A number as people write it; NaN for everything else. */
export function plainNumber(text: string): number {
  return decimal.test(text) ? Number(text) : NaN;
}

/** Reads a number of a flag. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = plainNumber(text);
    if (value >= least && value <= most) return value;
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

/** Reads a whole number of a flag, of nine digits at most. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

/** Reads any number of a flag. */
export function finiteNumber(text: string): number {
  const value = plainNumber(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number');
}
