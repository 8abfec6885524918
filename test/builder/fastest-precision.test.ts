import { expect, test } from 'vitest';
import { fastestPrecision } from '../../server/builder/fastest-precision.js';
import { fixtureFolder } from './support/parity-fixture.js';

test('int8 is taken if it multiplies faster here', async () => {
  const { precision, timesFaster } = await fastestPrecision(fixtureFolder('grid'));
  expect(timesFaster).toBeGreaterThan(0);
  expect(timesFaster).toBeLessThan(1000);
  expect(precision).toBe(timesFaster > 1.1 ? 'int8' : 'fp32');
});

test('a folder without config.json is refused', async () => {
  await expect(fastestPrecision('/nowhere')).rejects.toThrow('config.json');
});
