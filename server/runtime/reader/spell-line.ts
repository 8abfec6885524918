/**
 * The text in a reader's output [steps, letters + 1], of which column 0 stands for no letter: the likeliest
 * letter of each step, told once for as long as it lasts. `letters` has the letter of each further column.
 */
export function spellLine(output: Float32Array, letters: readonly string[]): SpelledLine {
  const columns = letters.length + 1;
  let [text, sum, count, before] = ['', 0, 0, 0];
  for (let start = 0; start + columns <= output.length; start += columns) {
    let best = 0;
    for (let column = 1; column < columns; column += 1) {
      if ((output[start + column] ?? 0) > (output[start + best] ?? 0)) best = column;
    }
    if (best !== 0 && best !== before) {
      text += letters[best - 1] ?? '';
      sum += output[start + best] ?? 0;
      count += 1;
    }
    before = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

/** See {@link spellLine}. */
interface SpelledLine {
  readonly text: string;
  /** Mean probability of its letters; 0 for no text. */
  readonly confidence: number;
}
