import type { Benchmark } from './measurement.js';
import { measured, openSample } from './remote.js';

/**
 * How long the event loop stands still while a model behind an API is asked, and a detector on this machine
 * says when: the heaviest of what `remote` measures, alone. Less than two minutes.
 */
export const benchmark: Benchmark = {
  name: 'remote-loop',
  run: async () => {
    const street = await measured('street', detector, (shape, fps) => openSample('street', shape, fps));
    const gallery = await measured('gallery', detector, (shape, fps) => openSample('gallery', shape, fps));
    return [...street, ...gallery].filter(({ unit }) => unit === 'ms');
  },
};

const detector = { detector: 'duet-sight' };
