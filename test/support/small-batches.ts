import type { JobContext } from '../../src/main/jobs/runner/types.ts';
import { JobService } from '../../src/main/jobs/service.ts';

/** Jobs whose calls take fewer rows than the vendor allows: Polyv's thousand would put a whole test's job into one. */
export class SmallBatches extends JobService {
  readonly #batchSize: number;

  constructor(options: ConstructorParameters<typeof JobService>[0], batchSize: number) {
    super(options);
    this.#batchSize = batchSize;
  }

  override async context(jobId: number): Promise<JobContext> {
    const context = await super.context(jobId);
    const { operation } = context;
    return { ...context, operation: { ...operation, batchSize: Math.min(operation.batchSize, this.#batchSize) } };
  }
}
