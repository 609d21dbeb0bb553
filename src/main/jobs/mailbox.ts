import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const WISHES = ['pause', 'cancel'] as const;
export type Wish = (typeof WISHES)[number];

const EVERY_MS = 250;

/**
 * How another process asks the one that runs a job to pause or cancel it: a file named `JOB.WISH` in a folder beside the journal.
 * Only the running process removes it, so a wish is carried out once.
 */
export class Mailbox {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Leaves a wish for the process that runs the job. */
  async leave(jobId: number, wish: Wish): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, `${jobId}.${wish}`), '');
  }

  /** Takes the wishes left for a job, a cancel before a pause. */
  async take(jobId: number): Promise<Wish[]> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    const wishes = WISHES.filter((wish) => names.includes(`${jobId}.${wish}`)).reverse();
    for (const wish of wishes) {
      // One that cannot be removed now (a virus scanner holds it) is carried out all the same; a repetition does no harm.
      await rm(join(this.#folder, `${jobId}.${wish}`), { force: true }).catch(() => {});
    }
    return wishes;
  }

  /** Carries wishes for a job out as they come, until the answer is called. */
  watch(jobId: number, carryOut: (wish: Wish) => void): () => void {
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void this.take(jobId)
        .then((wishes) => wishes.forEach(carryOut))
        .finally(() => {
          looking = false;
        });
    }, EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }
}
