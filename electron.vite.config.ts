import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { licencesPlugin } from './scripts/licences.mjs';

const source = path.join(import.meta.dirname, 'src');

/** Packages that lie in `dependencies` stay outside (keytar is a native module); the rest is bundled. */
export default defineConfig({
  main: {
    plugins: [licencesPlugin({ outside: path.join(import.meta.dirname, 'node_modules') })],
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          index: path.join(source, 'main/index.ts'),
          cli: path.join(source, 'cli/index.ts'),
          'data-worker': path.join(source, 'main/data-worker.ts'),
          'checkpoint-worker': path.join(source, 'main/store/checkpoint-thread.ts'),
          'workbook-worker': path.join(source, 'main/jobs/intake/workbook/thread.ts'),
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Without it, loading one entry may load another for its side effects: the database thread would run the terminal's program.
          strictExecutionOrder: true,
        },
      },
    },
  },
  preload: {
    plugins: [licencesPlugin()],
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can load no package: all of it goes into one file.
      externalizeDeps: false,
      rolldownOptions: {
        input: path.join(source, 'preload/index.ts'),
        output: { format: 'cjs', entryFileNames: 'index.js' },
      },
    },
  },
  renderer: {
    root: path.join(source, 'renderer'),
    plugins: [vue(), licencesPlugin()],
    build: {
      outDir: path.join(import.meta.dirname, 'out/renderer'),
      // The CSP allows no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      minify: true,
      rolldownOptions: { input: path.join(source, 'renderer/index.html') },
    },
  },
});
