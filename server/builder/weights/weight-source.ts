/** Named weights of a model, whatever they come from. Names are those of the published checkpoints. */
export interface WeightSource {
  readonly names: ReadonlySet<string>;
  /** Throws `DuetError` 'invalid_request' naming the tensor when there is none. */
  shape(name: string): readonly number[];
  /** `count` elements from element `start` on, row-major, as float32. */
  read(name: string, start: number, count: number): Promise<Float32Array>;
}
