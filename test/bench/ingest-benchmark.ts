import { measureIngest } from './ingest.js';
import type { Benchmark } from './measurement.js';

/** How fast video comes in. */
export const benchmark: Benchmark = { name: 'ingest', run: measureIngest };
