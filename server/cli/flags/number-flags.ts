import { InvalidArgumentError } from 'commander';

/** A decimal number, without other forms that JavaScript accepts, such as 0x10 or an empty string. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Parses a decimal number; NaN for anything else. */
export function plainNumber(text: string): number {
  return decimal.test(text) ? Number(text) : NaN;
}

/** Parses a flag as a number in a range. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = plainNumber(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a number from ${least} to ${most}`);
  };
}

/** Parses a flag as a whole number in a range. */
export function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = numberBetween(least, most)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError('expected a whole number');
  };
}

/** Parses a flag as a whole number of at most nine digits. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
}

/** Parses a flag as any finite number. */
export function finiteNumber(text: string): number {
  const value = plainNumber(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number');
}
