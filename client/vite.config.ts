import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
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
      input: {
        page: join(import.meta.dirname, 'index.html'),
        'duet-client': join(import.meta.dirname, 'sdk', 'index.ts'),
      },
      preserveEntrySignatures: 'exports-only',
      output: {
        // Other pages and programs import the client by this name.
        entryFileNames: ({ name }) => (name === 'duet-client' ? 'duet-client.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
