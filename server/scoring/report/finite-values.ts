/** A value fit for JSON, and how many of its numbers were replaced. */
interface FiniteValue {
  readonly value: unknown;
  readonly replaced: number;
}

/**
 * Replaces NaN and infinities by null, at any depth, and counts them; JSON would hide them as null silently.
 */
export function replaceNonFinite(value: unknown): FiniteValue {
  let replaced = 0;
  const visit = (item: unknown): unknown => {
    if (typeof item === 'number') {
      if (Number.isFinite(item)) return item;
      replaced += 1;
      return null;
    }
    if (Array.isArray(item)) return item.map(visit);
    if (item !== null && typeof item === 'object') {
      return Object.fromEntries(Object.entries(item).map(([key, member]) => [key, visit(member)]));
    }
    return item;
  };
  return { value: visit(value), replaced };
}
