import { number } from '../../i18n/index.ts';
import { plural } from './words.ts';

/** Words about the file that rows come from: its sheets, its template, and whether it was read in before. */
export const FI = {
  sheet: { zh: '工作表', en: 'Sheet' },
  sheetRows: (name: string, rows: number) => ({
    zh: `${name}（${number(rows)} 行）`,
    en: `${name} (${plural(rows, 'row', 'rows')})`,
  }),
  hiddenSheet: (name: string) => ({ zh: `${name}（隐藏）`, en: `${name} (hidden)` }),
  asLastTime: {
    zh: '列与上次相同表头的文件一样，请核对。',
    en: 'Columns as last time, for a table with the same header. Please check them.',
  },
  template: { zh: '没有表格？保存一个空白模板：', en: 'No table yet? Save an empty template:' },
  asXlsx: { zh: '保存 XLSX 模板…', en: 'XLSX template …' },
  asCsv: { zh: '保存 CSV 模板…', en: 'CSV template …' },
  savedTemplate: (name: string) => ({
    zh: `已保存 ${name}，其中有一行示例，请删去。`,
    en: `Saved ${name}. It has one example row; delete that.`,
  }),
  reveal: { zh: '在文件夹中显示', en: 'Show in its folder' },
  repeated: (id: number, at: string, total: number, succeeded: number) => ({
    zh: `这个文件已在 ${at} 作为任务 ${id} 导入：${number(total)} 行中成功 ${number(succeeded)} 行。`,
    en: `This file was imported as job ${id} on ${at}: ${number(succeeded)} of ${plural(total, 'row', 'rows')} succeeded.`,
  }),
  moreRepeated: (n: number) => ({
    zh: `更早还导入过 ${number(n)} 次。`,
    en: `It was imported ${plural(n, 'time', 'times')} before that.`,
  }),
  openJob: (id: number) => ({ zh: `查看任务 ${id}`, en: `Open job ${id}` }),
  again: { zh: '我知道，仍要再次导入', en: 'I know; import it again' },
  sayAgain: (id: number) => ({
    zh: `这个文件已作为任务 ${id} 导入过，请先确认要再次导入。`,
    en: `This file was imported as job ${id}; say first that it is to be imported again.`,
  }),
} as const;
