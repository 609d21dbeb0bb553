import { ElMessage } from 'element-plus';
import { copyText } from '../../api/app.ts';
import type { GridColumn } from '../../components/grid/columns.ts';
import { t } from '../../i18n/index.ts';
import { MOST_COPIED } from '../../stores/orders.ts';
import { tsvLine } from './columns.ts';
import { W } from './words.ts';

/** Copies the selected rows as a table, and says how many; `each` hands them on, at most MOST_COPIED, and answers how many. Rejects as it does. */
export async function copySelected<Row>(
  columns: readonly GridColumn<Row>[],
  each: (take: (row: Row) => void) => Promise<number>,
  selected: number,
): Promise<void> {
  const lines: string[] = [];
  const count = await each((row) => lines.push(tsvLine(columns.map((one) => one.text(row)))));
  if (count === 0) return;
  await copyText([tsvLine(columns.map(({ title }) => title)), ...lines].join('\n'));
  const isAll = count >= selected || count < MOST_COPIED;
  ElMessage({ message: t(isAll ? W.copiedRows(count) : W.copiedSome(count, selected)) });
}
