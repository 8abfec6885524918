import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A value that changes over time; listeners hear of every change. */
export class Observed<Value> {
  readonly #listeners = new Set<() => void>();
  #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set value(value: Value) {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/**
 * Part of an observed value, in a component that is rendered anew whenever that part changes. `select`
 * returns a plain value, or an object that is the same as long as nothing changes.
 */
export function useObserved<Value, Part>(observed: Observed<Value>, select: (value: Value) => Part): Part {
  const [, setRenders] = useState(0);
  const part = select(observed.value);
  const newest = useRef({ select, part });
  newest.current = { select, part };
  useLayoutEffect(
    () =>
      observed.subscribe(() => {
        const { current } = newest;
        if (current.select(observed.value) !== current.part) setRenders((renders) => renders + 1);
      }),
    [observed],
  );
  return part;
}
