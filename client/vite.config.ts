import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';

const here = import.meta.dirname;

/** The page and the overlay; built with `vite build`. */
const page: UserConfig = {
  root: here,
  // Relative addresses let the page live under any path.
  base: './',
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    // No data: addresses, so that a strict content security policy needs no exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { page: join(here, 'index.html'), overlay: join(here, 'overlay.html') },
    },
  },
};

/** One script and one style sheet, which the server writes into every report; built with `--mode report`. */
const report: UserConfig = {
  root: join(here, 'report'),
  publicDir: false,
  build: {
    outDir: '../../dist/report',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: join(here, 'report', 'main.tsx'),
      output: { format: 'iife', entryFileNames: 'report.js', assetFileNames: 'report[extname]' },
    },
  },
};

/** The modules of the package `duet-client`; built with `--mode sdk`, see `client/package`. */
const sdk: UserConfig = {
  root: join(here, 'sdk'),
  publicDir: false,
  build: {
    outDir: '../../dist/duet-client',
    emptyOutDir: true,
    target: 'es2022',
    minify: false,
    lib: {
      entry: {
        'duet-client': join(here, 'sdk', 'index.ts'),
        'duet-player': join(here, 'sdk', 'duet-player.ts'),
      },
      formats: ['es'],
    },
  },
  plugins: [
    {
      // The client stays one file, and the player takes it from there.
      name: 'player-beside-client',
      enforce: 'pre',
      resolveId: (id, importer) =>
        id === './index.js' && importer?.endsWith('duet-player.ts') === true
          ? { id: './duet-client.js', external: true }
          : null,
    },
  ],
};

export default defineConfig(({ mode }) => (mode === 'report' ? report : mode === 'sdk' ? sdk : page));
