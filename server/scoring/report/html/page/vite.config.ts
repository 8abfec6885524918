import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Builds the page's script and style into one file each, which the server writes into every report. */
// eslint-disable-next-line import-x/no-default-export -- the builder wants it so
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: join(import.meta.dirname, '../../../../../dist/report'),
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: join(import.meta.dirname, 'main.ts'),
      output: { format: 'iife', entryFileNames: 'report.js', assetFileNames: 'report[extname]' },
    },
  },
});
