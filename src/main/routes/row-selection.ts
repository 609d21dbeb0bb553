import type { RowFilterView, RowSelectionChange } from '../../contract/job.ts';
import type { ChosenRows } from '../jobs/mend/decide.ts';
import type { Journal } from '../jobs/runner/types.ts';
import type { JournalRow } from '../jobs/types.ts';

/** Rows of a range that are read together. */
const PAGE_ROWS = 2_000;

const NONE: ChosenRows = { kind: 'rows', rows: new Set() };

/**
 * Which rows of a job a person has selected in its grid: all that pass a filter but some, or some by name. It speaks of the rows as they were
 * then, so whoever changes the job's rows forgets it.
 */
export class RowSelection {
  readonly #journal: Journal;
  readonly #jobId: number;
  #chosen: ChosenRows = NONE;
  /** Rows of the filter when all were selected. */
  #total = 0;

  constructor(journal: Journal, jobId: number) {
    this.#journal = journal;
    this.#jobId = jobId;
  }

  /** What is selected. */
  get chosen(): ChosenRows {
    return this.#chosen;
  }

  /** How many rows are selected. */
  get size(): number {
    return this.#chosen.kind === 'rows' ? this.#chosen.rows.size : this.#total - this.#chosen.but.size;
  }

  /** Changes it; answers how many rows are selected then. */
  async change(change: RowSelectionChange): Promise<number> {
    switch (change.kind) {
      case 'none':
        this.#chosen = NONE;
        break;
      case 'all':
        this.#total = (await this.#page(change.filter, 0, 1)).total;
        this.#chosen = { kind: 'all', filter: change.filter, but: new Set() };
        break;
      case 'one':
        this.#mark([change.rowNo], change.selected);
        break;
      case 'range':
        await this.#range(
          change.filter,
          Math.min(change.from, change.to),
          Math.max(change.from, change.to),
          change.selected,
        );
        break;
    }
    return this.size;
  }

  async #range(filter: RowFilterView, from: number, to: number, selected: boolean): Promise<void> {
    for (let at = from; at <= to; at += PAGE_ROWS) {
      const { rows } = await this.#page(filter, at, Math.min(PAGE_ROWS, to + 1 - at));
      if (rows.length === 0) return;
      this.#mark(
        rows.map(({ rowNo }) => rowNo),
        selected,
      );
    }
  }

  #mark(rows: readonly number[], selected: boolean): void {
    const named = new Set(this.#chosen.kind === 'rows' ? this.#chosen.rows : this.#chosen.but);
    // What is named is selected, or left out of what is.
    const names = selected === (this.#chosen.kind === 'rows');
    for (const row of rows) {
      if (names) named.add(row);
      else named.delete(row);
    }
    this.#chosen = this.#chosen.kind === 'rows' ? { kind: 'rows', rows: named } : { ...this.#chosen, but: named };
  }

  #page(filter: RowFilterView, offset: number, limit: number): Promise<{ total: number; rows: JournalRow[] }> {
    return this.#journal.call('rowsAt', { jobId: this.#jobId, filter, offset, limit });
  }
}
