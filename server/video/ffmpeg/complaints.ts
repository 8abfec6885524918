/** ffmpeg's first warnings and errors, without duplicates and harmless ones. */
export class Complaints {
  readonly #lines: string[] = [];

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes a line of level `warning` or worse. */
  read(line: string): void {
    // The level, and the object's address, which changes with every run, are noise.
    const text = line
      .replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '')
      .replace(/^\[(warning|error|fatal|panic)\] /, '')
      .trim();
    if (harmless.some((said) => said.test(text))) return;
    // The format that was recognised says more than the long list of accepted ones.
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

  /**
   * Drops warnings about streams that had not begun: a picture has arrived after all.
   *
   * @param all drops all warnings: who joins a live stream hears of everything before its next key frame.
   */
  forgetEarlyWarnings(all: boolean): void {
    if (all) this.#lines.length = 0;
    for (let at = this.#lines.length - 1; at >= 0; at -= 1) {
      if (earlyWarnings.test(this.#lines[at] ?? '')) this.#lines.splice(at, 1);
    }
  }
}

/** Complaints kept for messages; a broken file can cause thousands. */
const maxComplaints = 20;

/** What ffmpeg says about perfectly good videos. */
const harmless: readonly RegExp[] = [
  // The scaler, about every full-range video, which it handles well.
  /^deprecated pixel format used/,
  // Clocks that step back; our own warnings say how they are handled.
  /non monotonically increasing dts to muxer/,
  // Every JPEG, before it is decoded; a truncated one gets other complaints as well.
  /^EOI missing, emulating$/,
  // Cover pictures and DVD menus, which have no time.
  /^stream \d+, timescale not set$/,
  /^start time for stream \d+ is not set in estimate_timings_from_pts$/,
  // Raw DV, where every picture has the same number of bytes.
  /^Estimating duration from bitrate, this may be inaccurate$/,
  // Live streams that are examined briefly on purpose.
  /^Stream #\d+: not enough frames to estimate rate; consider increasing probesize$/,
];

/** What ffmpeg says about a stream that has not begun in the part of the file it probes. */
const earlyWarnings = /^Could not find codec parameters|no TS found at start of file, duration not set$/;
