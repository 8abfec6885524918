import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/own-temporary-folder.ts'],
    // Two cores are the smallest machine we promise to work on; sessions and ffmpeg need room beside the
    // runner.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
