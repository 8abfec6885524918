import type { Picture } from '../../../video/frame.js';
import { overlapOf, type Box } from '../../detector/detection.js';
import { cutLine, lookOf, looksAlike, type CutLine } from '../../reader/cut-line.js';
import { plainText } from '../../reader/plain-text.js';
import type { ReadLine } from '../../reader/read-line.js';
import type { TurnedBox } from '../../reader/smallest-box.js';
import { spellLine } from '../../reader/spell-line.js';
import { textBoxes } from '../../reader/text-boxes.js';
import { Graph, type GraphOptions } from '../graphs/graph.js';
import { readerWeights } from './reader-weights.js';

/** PP-OCRv4 on the current thread: one graph finds lines of text, another reads each. */
export class OnnxReader implements AsyncDisposable {
  readonly #detection: Graph;
  readonly #recognition: Graph;
  readonly #letters: readonly string[];

  private constructor(detection: Graph, recognition: Graph, letters: readonly string[]) {
    this.#detection = detection;
    this.#recognition = recognition;
    this.#letters = letters;
  }

  /** Loads the graphs; throws 'model_failed' when ONNX Runtime refuses them. */
  static async load(options: GraphOptions): Promise<OnnxReader> {
    const { detection, recognition, letters } = readerWeights();
    const finds = await Graph.load(detection, options);
    return new OnnxReader(finds, await Graph.load(recognition, options), letters);
  }

  /**
   * The lines of text in a picture, the largest first, {@link mostLines} at most. One that looks as it did in
   * `known` is not read again.
   */
  async read(picture: Picture, known: readonly ReadLine[]): Promise<readonly ReadLine[]> {
    const boxes = (await this.#find(picture)).slice(0, mostLines);
    const lines: ReadLine[] = [];
    for (const turned of boxes) {
      const [box, look] = [uprightBox(turned, picture), lookOf(picture, turned)];
      const before = known.find((each) => overlapOf(each.box, box) >= sameBox && looksAlike(each.look, look));
      const read = before ?? (await this.#spellSurest(cutLine(picture, turned, lineHeight)));
      lines.push({ text: read.text, confidence: read.confidence, box, look });
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#detection[Symbol.asyncDispose]();
    await this.#recognition[Symbol.asyncDispose]();
  }

  async #find(picture: Picture): Promise<readonly TurnedBox[]> {
    const [width, height] = [toMultiple(picture.width, 32), toMultiple(picture.height, 32)];
    const x = { data: planesOf(picture, width, height), shape: [1, 3, height, width] };
    const outputs = await this.#detection.run({ x }, [detectionOutput]);
    const boxes = textBoxes({ map: outputs.floats(detectionOutput, width * height), width, height });
    return boxes.filter(({ x: right, y: down }) => right < picture.width && down < picture.height);
  }

  /** Of the ways in which a line may be read, that which gives the surest reading. */
  async #spellSurest(ways: readonly CutLine[]): Promise<Pick<ReadLine, 'text' | 'confidence'>> {
    let surest = { text: '', confidence: 0 };
    for (const way of ways) {
      const spelled = await this.#spell(way);
      if (spelled.confidence > surest.confidence) surest = spelled;
    }
    return surest;
  }

  async #spell(line: CutLine): Promise<Pick<ReadLine, 'text' | 'confidence'>> {
    const width = Math.max(narrowestLine, toMultiple(line.width, 8));
    const x = { data: linePlanes(line, width), shape: [1, 3, lineHeight, width] };
    const outputs = await this.#recognition.run({ x }, [recognitionOutput]);
    const steps = width / 8;
    const spelled = spellLine(
      outputs.floats(recognitionOutput, steps * (this.#letters.length + 1)),
      this.#letters,
    );
    return { ...spelled, text: plainText(spelled.text) };
  }
}

/** Lines that are read of one picture: with all of them new, a third of a second of one core. */
const mostLines = 24;

const detectionOutput = 'sigmoid_0.tmp_0';
const recognitionOutput = 'softmax_11.tmp_0';

/** Pixels; the reading graph was trained on lines of this height, and on none that are narrower. */
const lineHeight = 48;
const narrowestLine = 320;

/** Overlap from which a box is taken for that of the same line. */
const sameBox = 0.6;

function toMultiple(size: number, of: number): number {
  return Math.ceil(size / of) * of;
}

/** Three planes (blue, green, red), normalised as in training; what lies beyond the picture is grey. */
function planesOf({ rgb, width, height }: Picture, paddedWidth: number, paddedHeight: number): Float32Array {
  const planes = new Float32Array(paddedWidth * paddedHeight * 3);
  for (let colour = 0; colour < 3; colour += 1) {
    const to = colour * paddedWidth * paddedHeight;
    const [mean, scale] = [means[colour] ?? 0, 1 / (255 * (deviations[colour] ?? 1))];
    const shift = mean * 255 * scale;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        planes[to + y * paddedWidth + x] = (rgb[(y * width + x) * 3 + 2 - colour] ?? 0) * scale - shift;
      }
    }
  }
  return planes;
}

const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

/** The same from -1 to 1; the rest of the width is 0. */
function linePlanes({ bgr, width, height }: CutLine, paddedWidth: number): Float32Array {
  const planes = new Float32Array(paddedWidth * height * 3);
  for (let colour = 0; colour < 3; colour += 1) {
    for (let y = 0; y < height; y += 1) {
      const to = (colour * height + y) * paddedWidth;
      for (let x = 0; x < width; x += 1)
        planes[to + x] = (bgr[(y * width + x) * 3 + colour] ?? 0) / 127.5 - 1;
    }
  }
  return planes;
}

/** The upright box around a turned one, in shares of the picture. */
function uprightBox(turned: TurnedBox, picture: Picture): Box {
  const [cos, sin] = [Math.cos(turned.angle), Math.abs(Math.sin(turned.angle))];
  const reachX = (turned.width * cos + turned.height * sin) / 2;
  const reachY = (turned.width * sin + turned.height * cos) / 2;
  const share = (value: number, size: number): number => Math.min(Math.max(value / size, 0), 1);
  return {
    x1: share(turned.x - reachX, picture.width),
    y1: share(turned.y - reachY, picture.height),
    x2: share(turned.x + reachX, picture.width),
    y2: share(turned.y + reachY, picture.height),
  };
}
