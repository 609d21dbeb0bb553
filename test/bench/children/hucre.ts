import { readFileSync } from 'node:fs';
import { streamXlsxRows } from 'hucre/xlsx';
import { answer, given } from '../processes.ts';

/** hucre's own stream of a workbook alone: every row becomes an array of values and is forgotten. */
const { path } = given() as { path: string };
const start = performance.now();
let rows = 0;
for await (const row of streamXlsxRows(readFileSync(path))) rows += row.values.length > 0 ? 1 : 0;
answer({ ms: performance.now() - start, rows });
