/** Longest that main is held up by work on a result, ms: jobs and the window's calls go on between the steps. */
const STEP_MS = 8;
/** So many small pieces of work lie between two looks at the clock. */
const LOOK_EVERY = 256;

/** Called after small pieces of a long work: answers a promise when it is time to let others go first. */
export type Breathe = (pieces?: number) => Promise<void> | null;

/** A `Breathe` that gives way every few milliseconds. */
export function breather(now: () => number = () => performance.now()): Breathe {
  let since = now();
  let pieces = 0;
  return (done = 1) => {
    pieces += done;
    if (pieces < LOOK_EVERY) return null;
    pieces = 0;
    if (now() - since < STEP_MS) return null;
    return new Promise((resolve) => {
      setImmediate(() => {
        since = now();
        resolve();
      });
    });
  };
}

const RUN = 1_024;

/** Sorts numbers in small steps, in place of `sort`, which would hold main up for as long as it takes. Stable. */
export async function sortInSteps(
  items: Uint32Array,
  compare: (a: number, b: number) => number,
  breathe: Breathe = breather(),
): Promise<Uint32Array> {
  let from = items.slice();
  for (let at = 0; at < from.length; at += RUN) {
    from.subarray(at, at + RUN).sort(compare);
    await breathe(RUN);
  }
  let to = new Uint32Array(from.length);
  for (let width = RUN; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + 2 * width, from.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at += 1) {
        const [a = 0, b = 0] = [from[left], from[right]];
        const isLeft = right >= end || (left < middle && compare(a, b) <= 0);
        to[at] = isLeft ? a : b;
        if (isLeft) left += 1;
        else right += 1;
        const pause = breathe();
        if (pause !== null) await pause;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
