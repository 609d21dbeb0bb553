import { openConsole } from '../console.ts';
import { answer, given } from '../processes.ts';

/** Opens the console on a folder that a killed process left, and says when it has recovered. */
const start = performance.now();
const services = await openConsole((given() as { folder: string }).folder);
const inDoubt = Object.values(services.recovered?.inDoubt ?? {}).reduce((sum, count) => sum + count, 0);
answer({ ms: performance.now() - start, inDoubt });
await services.close();
