/** What ffmpeg prints about its input before decoding: the container and its streams. */
export class InputHeader {
  /** Names of the container's format, as ffmpeg lists them; empty until known. */
  format = '';
  /** Seconds; null if the container states none. */
  duration: number | null = null;
  /** When the first stream begins, in seconds on the container's clock. */
  start = 0;
  readonly #streams = new Map<string, string[]>();
  #described: string[] = [];
  #mapped: string | undefined;

  /** Takes a line of level `info`, without the level. */
  read(text: string): void {
    // Lines after the mapping describe the output.
    if (this.#mapped !== undefined) return;
    this.#readStream(text);
    this.format ||= /^ Input #0, (\S+), from /.exec(text)?.[1] ?? '';
    this.#mapped ??= /^\s+Stream #0:(\d+) -> #0:0 /.exec(text)?.[1];
    const start = /^ {3}Duration: .*?, start: (-?\d+\.\d+),/.exec(text)?.[1];
    if (start !== undefined) this.start = Number(start);
    const duration = /^ {3}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?),/.exec(text);
    if (duration !== null && this.duration === null) {
      this.duration = Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3]);
    }
  }

  /** The line of a stream, or a more deeply indented one that belongs to the stream above it. */
  #readStream(text: string): void {
    const stream = /^ {2,4}Stream #0:(\d+)(.*?: Video: )?/.exec(text.slice(1));
    if (stream?.[1] === undefined) {
      if (this.#described.length < maxStreamLines) this.#described.push(text);
      return;
    }
    this.#described = [text];
    if (stream[2] !== undefined && !this.#streams.has(stream[1]))
      this.#streams.set(stream[1], this.#described);
  }

  /** The lines of the decoded stream: its own, then those below it. */
  get streamLines(): readonly string[] {
    return (this.#mapped === undefined ? undefined : this.#streams.get(this.#mapped)) ?? [];
  }
}

/** Lines kept below a stream; there can be many titles and other metadata. */
const maxStreamLines = 200;
