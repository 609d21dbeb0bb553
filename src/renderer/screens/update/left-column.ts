import type { RowView } from '../../../contract/job.ts';
import type { OperationDescriptor } from '../../../contract/vendor.ts';
import type { GridColumn } from '../../components/grid/columns.ts';
import { leftWords } from '../../components/time-left.ts';
import { t } from '../../i18n/index.ts';
import { RE } from './words-run.ts';

/** The column of how long a row may still be sent, where the operation has a deadline; its cells are drawn by `cell-left`. */
export function leftColumn(operation: OperationDescriptor | null): readonly GridColumn<RowView>[] {
  if (operation?.hasDeadline !== true) return [];
  return [
    {
      id: 'left',
      title: t(RE.col.left),
      width: 168,
      text: ({ deadlineMs, deadlineAtMost }) =>
        deadlineMs === undefined ? '' : leftWords(deadlineMs, Date.now(), deadlineAtMost),
    },
  ];
}
