import type { Picture } from '../../../video/frame.js';
import { associate, type Association } from '../../detector/association.js';
import { detectionShape, sceneSize } from '../../detector/detection.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph } from '../graphs/graph.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { VisionGraph } from '../graphs/vision-graph.js';

/** Detects things in each picture by itself and follows them from picture to picture. */
export class DetectorEyes {
  readonly #vision: VisionGraph;
  /** Seconds between pictures that say no time. */
  readonly #interval: number;

  constructor(vision: Graph, { picture, recommended }: Manifest, queue: RunQueue) {
    this.#vision = new VisionGraph(vision, picture, queue, detectorOutputs);
    this.#interval = 1 / recommended.default.fps;
  }

  /**
   * What is followed after each of `pictures`. Throws 'invalid_request' for a picture of another size, and
   * what `refuseIfAborted` throws, which is called before every model call.
   */
  async follow(
    pictures: readonly Picture[],
    before: Association | null,
    refuseIfAborted: () => void,
  ): Promise<readonly Association[]> {
    const seen = await this.#vision.encode(pictures, refuseIfAborted);
    const followed: Association[] = [];
    for (const [index, numbers] of seen.entries()) {
      const last = followed.at(-1) ?? before;
      const time = pictures[index]?.videoTime ?? (last === null ? 0 : last.time + this.#interval);
      const detections = numbers.subarray(0, detectionsSize);
      followed.push(associate(last, detections, numbers.subarray(detectionsSize), time));
    }
    return followed;
  }
}

const detectionsSize = detectionShape.rows * detectionShape.numbers;

/** What the detector says of one picture. */
const detectorOutputs = [
  { name: graphNames.detections, size: detectionsSize },
  { name: graphNames.scene, size: sceneSize },
];
