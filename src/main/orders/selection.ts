import type { KeptFilter, KeptSelectionChange, KeptView } from '../../contract/kept.ts';
import type { Chosen } from './chosen.ts';
import type { OrderStore } from './keeper.ts';

/** Positions of a range that are read together. */
const PAGE_ROWS = 2_000;

interface Predicate {
  readonly filter: KeptFilter;
  readonly upTo: number;
}

/** Which kept orders a person has selected: all of a filter that there were then but some, or some by name. */
export class OrderSelection {
  readonly #open: () => Promise<OrderStore>;
  readonly #settled: (view: KeptView) => KeptView;
  /** Selected by name, beside what a filter selects. */
  #and: ReadonlySet<number> = new Set();
  /** Not selected though a filter selects them. */
  #but: ReadonlySet<number> = new Set();
  #all: Predicate | null = null;

  /** `settled` makes moments of a view's last days. */
  constructor(open: () => Promise<OrderStore>, settled: (view: KeptView) => KeptView) {
    this.#open = open;
    this.#settled = settled;
  }

  /** What is selected. */
  get chosen(): Chosen {
    if (this.#all === null) return { kind: 'some', ids: [...this.#and] };
    return { kind: 'all', ...this.#all, but: [...this.#but], and: [...this.#and] };
  }

  /** How many of what is selected there are now. */
  async size(): Promise<number> {
    if (this.#all === null && this.#and.size === 0) return 0;
    const counts = await (await this.#open()).call('chosenCounts', { chosen: this.chosen });
    return counts.reduce((sum, { count }) => sum + count, 0);
  }

  /** Which of these orders are selected. */
  async among(ids: readonly number[]): Promise<ReadonlySet<number>> {
    if (this.#all === null) return new Set(ids.filter((id) => this.#and.has(id)));
    return new Set(await (await this.#open()).call('chosenAmong', { chosen: this.chosen, ids }));
  }

  /** Changes what is selected; answers how many orders are. */
  async change(change: KeptSelectionChange): Promise<number> {
    switch (change.kind) {
      case 'none':
        this.#begin(null);
        break;
      case 'all': {
        const { filter } = this.#settled(change.view);
        this.#begin({ filter, upTo: await (await this.#open()).call('lastOrder', undefined) });
        break;
      }
      case 'one':
        this.#mark([change.id], change.selected);
        break;
      case 'range':
        await this.#range(change);
        break;
    }
    return this.size();
  }

  async #range(change: Extract<KeptSelectionChange, { kind: 'range' }>): Promise<void> {
    const view = this.#settled(change.view);
    const [from, to] = [Math.min(change.from, change.to), Math.max(change.from, change.to)];
    const store = await this.#open();
    for (let at = from; at <= to; at += PAGE_ROWS) {
      const ids = await store.call('idsOfView', { view, offset: at, limit: Math.min(PAGE_ROWS, to + 1 - at) });
      if (ids.length === 0) return;
      this.#mark(ids, change.selected);
    }
  }

  #begin(all: Predicate | null): void {
    this.#all = all;
    this.#and = new Set();
    this.#but = new Set();
  }

  #mark(ids: readonly number[], selected: boolean): void {
    const [and, but] = [new Set(this.#and), new Set(this.#but)];
    for (const id of ids) {
      (selected ? and : but).add(id);
      (selected ? but : and).delete(id);
    }
    this.#and = and;
    this.#but = but;
  }
}
