/**
 * What ffmpeg complains of: the first warnings and errors, without repetitions and without what is harmless.
 */
export class Complaints {
  readonly #lines: string[] = [];

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes a line of the level `warning` or worse. */
  read(line: string): void {
    // The address of ffmpeg's object, which differs at each run, and the level say nothing to a reader.
    const text = line
      .replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '')
      .replace(/^\[(warning|error|fatal|panic)\] /, '')
      .trim();
    if (harmless.some((said) => said.test(text))) return;
    // The name of the format that was recognised says more than the long list of those that are accepted.
    const refused = /^(?:\[(\S+) @ 0x[0-9a-f]+\] )+\[error\] Format not on whitelist/.exec(line)?.[1];
    if (refused !== undefined) {
      this.#add(`Format not on whitelist: ${refused}`);
      return;
    }
    this.#add(text);
  }

  #add(text: string): void {
    if (text === '' || this.#lines.includes(text)) return;
    if (this.#lines.length >= maxComplaints) this.#lines.splice(maxComplaints / 2, 1);
    this.#lines.push(text);
  }

  /** Takes back what is said of streams that have not begun: a picture came all the same. */
  forgetDoubts(): void {
    for (let at = this.#lines.length - 1; at >= 0; at -= 1) {
      if (doubts.test(this.#lines[at] ?? '')) this.#lines.splice(at, 1);
    }
  }
}

/** Complaints kept for messages; a broken file can cause thousands. */
const maxComplaints = 20;

/** What ffmpeg says of videos in which nothing is wrong. */
const harmless: readonly RegExp[] = [
  // Of every full-range video, by the scaler, which handles it well.
  /^deprecated pixel format used/,
  // Of clocks that step back; our own warnings say what becomes of those.
  /non monotonically increasing dts to muxer/,
  // Of every JPEG, before it is decoded; one that is cut off is complained of in other words, too.
  /^EOI missing, emulating$/,
  // Of cover pictures, and of the menus of a DVD, which have no time.
  /^stream \d+, timescale not set$/,
  /^start time for stream \d+ is not set in estimate_timings_from_pts$/,
  // Of raw DV, each picture of which has as many bytes as the others.
  /^Estimating duration from bitrate, this may be inaccurate$/,
];

/** What ffmpeg says of a stream that has not begun where it looks at the beginning of the file. */
const doubts = /^Could not find codec parameters|no TS found at start of file, duration not set$/;
