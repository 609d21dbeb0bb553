import type { SavedView } from '../../contract/kept.ts';

export interface ViewWatchOptions {
  readonly views: () => Promise<readonly SavedView[]>;
  /** Reads a view's orders again at their vendors; what could not be read is its own to say. */
  readonly refresh: (view: SavedView) => Promise<void>;
  /** How many orders a view has. */
  readonly count: (view: SavedView) => Promise<number>;
  /** A view has more orders than its limit, and had not before. */
  readonly over: (view: SavedView, count: number, limit: number) => void;
  readonly log: (error: unknown) => void;
  /** Calls something later, ms, until the answer is called. */
  readonly later?: (run: () => void, ms: number) => () => void;
}

const MINUTE_MS = 60_000;

function afterwards(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

interface Watched {
  readonly json: string;
  readonly stop: () => void;
}

/** Refreshes saved views as often as each says, one after another, and tells when one passes its limit: once, until it has been below again. */
export class ViewWatch {
  readonly #options: Required<ViewWatchOptions>;
  readonly #watched = new Map<number, Watched>();
  readonly #over = new Set<number>();
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ViewWatchOptions) {
    this.#options = { later: afterwards, ...options };
  }

  /** Reads anew which views are watched and how; those that stay as they were keep their turn. */
  async start(): Promise<void> {
    const views = (await this.#options.views()).filter(({ watch }) => watch !== null);
    if (this.#closed) return;
    const wanted = new Map(views.map((view) => [view.id, { view, json: JSON.stringify(view) }]));
    for (const [id, { json, stop }] of this.#watched) {
      if (wanted.get(id)?.json === json) continue;
      stop();
      this.#watched.delete(id);
      this.#over.delete(id);
    }
    for (const [id, { view, json }] of wanted) if (!this.#watched.has(id)) this.#plan(view, json);
  }

  /** Watches no more; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { stop } of this.#watched.values()) stop();
    this.#watched.clear();
    await this.#running;
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #plan(view: SavedView, json: string): void {
    const ms = (view.watch?.everyMinutes ?? 0) * MINUTE_MS;
    const stop = this.#options.later(() => {
      // Two at once would ask the same vendors for the same orders.
      this.#running = this.#running
        .then(() => this.#turn(view))
        .then(() => {
          if (!this.#closed && this.#watched.get(view.id)?.json === json) this.#plan(view, json);
        });
    }, ms);
    this.#watched.set(view.id, { json, stop });
  }

  async #turn(view: SavedView): Promise<void> {
    const { refresh, count, over, log } = this.#options;
    if (this.#closed) return;
    try {
      await refresh(view);
    } catch (error) {
      log(error);
    }
    try {
      const limit = view.watch?.limit ?? null;
      if (limit === null || this.#isClosed()) return;
      const now = await count(view);
      if (now <= limit) this.#over.delete(view.id);
      else if (!this.#over.has(view.id)) {
        this.#over.add(view.id);
        over(view, now, limit);
      }
    } catch (error) {
      log(error);
    }
  }
}
