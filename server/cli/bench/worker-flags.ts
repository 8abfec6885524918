/** Flags of `duet bench worker`. */
export interface WorkerFlags extends Readonly<Record<string, unknown>> {
  readonly queue: string | true;
  readonly videos?: readonly string[];
  readonly jobs: number;
}
