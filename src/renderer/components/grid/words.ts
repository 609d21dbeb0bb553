import { number } from '../../i18n/index.ts';

export const W = {
  columns: { zh: '选择要显示的列', en: 'Choose columns' },
  reset: { zh: '恢复默认', en: 'Reset' },
  select: { zh: '选择', en: 'Select' },
  selectAll: (n: number) => ({ zh: `全选 ${number(n)} 行`, en: `Select all ${number(n)} rows` }),
  selectNone: { zh: '取消全选', en: 'Clear the selection' },
  copied: { zh: '已复制', en: 'Copied' },
  notCopied: { zh: '没有复制成功，请再试一次。', en: 'Nothing was copied; try again.' },
} as const;
