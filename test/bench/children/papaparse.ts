import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { answer, given } from '../processes.ts';

/** PapaParse alone in chunk mode: every row becomes an array of cells and is forgotten. */
const { csv } = given() as { csv: string };
const start = performance.now();
let rows = 0;
await new Promise<void>((resolve, reject) => {
  Papa.parse<string[]>(createReadStream(csv, 'utf8'), {
    chunk: ({ data }) => void (rows += data.length),
    complete: () => resolve(),
    error: reject,
  });
});
answer({ ms: performance.now() - start, rows });
