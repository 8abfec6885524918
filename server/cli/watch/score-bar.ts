const blocks = '▁▂▃▄▅▆▇█';

/** One character for a score between 0 and `most`. */
export function scoreBlock(score: number, most: number): string {
  const share = Math.min(Math.max(score / most, 0), 1);
  return blocks[Math.min(Math.floor(share * blocks.length), blocks.length - 1)] ?? '';
}

/** The newest scores as a bar of exactly `width` characters, older ones to the left. */
export function scoreBar(scores: readonly number[], most: number, width: number): string {
  return scores
    .slice(-width)
    .map((score) => scoreBlock(score, most))
    .join('')
    .padStart(width);
}
