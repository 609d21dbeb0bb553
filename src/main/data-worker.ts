import { parentPort, workerData } from 'node:worker_threads';
import { journalProcedures } from './jobs/journal/procedures.ts';
import { orderProcedures } from './orders/procedures.ts';
import { serve, type StoreOptions } from './store/serve.ts';

// The composition root of the database threads: the only place that joins the store to the rooms whose SQL it runs.
if (parentPort === null) throw new Error('data-worker.ts runs as a worker thread');
const options = workerData as StoreOptions;
const here = import.meta.url;
const checkpointer = new URL(here.endsWith('.ts') ? './store/checkpoint-thread.ts' : './checkpoint-worker.js', here);
serve(parentPort, options, options.database === 'customers' ? orderProcedures : journalProcedures, checkpointer);
