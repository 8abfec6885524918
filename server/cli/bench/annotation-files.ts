import type { BenchTask } from '../../scoring/runner/bench-task.js';

/** The file of each benchmark within the `annotations` folder of a rendered split, as `make_benchmark.py` writes it. */
export const annotationFiles: Readonly<Record<BenchTask, string>> = {
  magqa: 'magqa.json',
  youcook2: 'captions.json',
  charades: 'grounding.json',
  qvhighlights: 'highlights.jsonl',
  proactive: 'proactive.json',
};
