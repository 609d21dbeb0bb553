/** Lets so many pieces of work go on at once; the others wait in their order. */
export class Lanes {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(lanes: number) {
    this.#free = Math.max(1, lanes);
  }

  /** Does the work when there is room for it. */
  async in<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** Waits until all have ended, and only then rejects with what the first rejected with: nothing goes on behind the one who asked. */
export async function allOf(works: readonly Promise<unknown>[]): Promise<void> {
  let failed: { readonly error: unknown } | null = null;
  await Promise.all(
    works.map((work) =>
      work.catch((error: unknown) => {
        failed ??= { error };
      }),
    ),
  );
  const first = failed as { readonly error: unknown } | null;
  if (first !== null) throw first.error;
}

/**
 * Works through what `next` gives, so many at once; null says that there is nothing now, and is asked again whenever a work has ended, which may have made more.
 * A work that rejects lets those under way end, and no other begin.
 */
export async function drain<T>(lanes: number, next: () => T | null, body: (item: T) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: T): void => {
    const work: Promise<void> = body(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(work));
    running.add(work);
  };
  for (;;) {
    while (failures.length === 0 && running.size < Math.max(1, lanes)) {
      const item = next();
      if (item === null) break;
      begin(item);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
}
