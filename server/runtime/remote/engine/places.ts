import { refuseIfAborted } from '../../../errors.js';

/** Places for requests that may be out at once; whoever waits longest comes first. */
export class Places {
  #free: number;
  #waiting: readonly (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /**
   * A place, once there is one, to be given back; null if there is none within `mostMs`. Throws 'cancelled'
   * when `signal` aborts.
   */
  async take(mostMs: number, signal?: AbortSignal): Promise<Disposable | null> {
    refuseIfAborted(signal);
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#wait(mostMs, signal))) {
      refuseIfAborted(signal);
      return null;
    }
    return {
      [Symbol.dispose]: () => {
        this.#giveBack();
      },
    };
  }

  /** Resolves to whether a place was passed on. */
  async #wait(mostMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const end = (got: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#waiting = this.#waiting.filter((each) => each !== pass);
        resolve(got);
      };
      const pass = (): void => {
        end(true);
      };
      const giveUp = (): void => {
        end(false);
      };
      const timer = setTimeout(giveUp, mostMs);
      signal?.addEventListener('abort', giveUp);
      this.#waiting = [...this.#waiting, pass];
    });
  }

  #giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }
}
