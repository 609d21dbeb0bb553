import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const source = path.join(import.meta.dirname, 'src');
const outDir = (part: string): string => path.join(import.meta.dirname, 'out', part);
const input = (file: string): { input: string } => ({ input: path.join(source, file) });

export default defineConfig({
  main: {
    build: { outDir: outDir('main'), rolldownOptions: { ...input('main/index.ts'), output: { format: 'cjs' } } },
  },
  preload: {
    build: { outDir: outDir('preload'), rolldownOptions: { ...input('preload/index.ts'), output: { format: 'cjs' } } },
  },
  renderer: {
    root: path.join(source, 'renderer'),
    plugins: [vue()],
    build: { outDir: outDir('renderer'), rolldownOptions: input('renderer/index.html') },
  },
});
