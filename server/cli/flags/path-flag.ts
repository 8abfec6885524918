import { InvalidArgumentError } from 'commander';

/**
 * A flag that names a file or a folder; an empty one is mostly an unset variable, and would mean the working
 * folder.
 */
export function namedPath(value: string): string {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('it is empty; for the working folder write .');
}
