import type { NotSentReason, RetryClass, RowState } from './outcome.ts';
import type { JobState, PauseReason } from './job.ts';
import type { Bilingual } from './text.ts';

/** The colour of an outcome; what shows it decides the shade. */
export type OutcomeColour = 'green' | 'red' | 'yellow' | 'grey' | 'blue';

/** Outcomes by word, sign and colour, the same everywhere: window, terminal, export. */
export const STATE_WORDS: Readonly<Record<RowState, { sign: string; style: OutcomeColour; words: Bilingual }>> = {
  succeeded: { sign: '✓', style: 'green', words: { zh: '成功', en: 'succeeded' } },
  failed: { sign: '✕', style: 'red', words: { zh: '失败', en: 'failed' } },
  unknown: { sign: '?', style: 'yellow', words: { zh: '未知', en: 'unknown' } },
  not_sent: { sign: '○', style: 'grey', words: { zh: '未发送', en: 'not sent' } },
  sending: { sign: '…', style: 'blue', words: { zh: '发送中', en: 'sending' } },
};

export const REASON_WORDS: Readonly<Record<NotSentReason, Bilingual>> = {
  pending: { zh: '等待发送', en: 'waiting for its turn' },
  set_aside: { zh: '检查未通过', en: 'set aside by a check' },
  nothing_to_do: { zh: '已是所要的值', en: 'already as wanted' },
  changed_since_preview: { zh: '现值与预览不同', en: 'changed since the preview' },
  state_forbids: { zh: '现在的状态不允许', en: 'its present state forbids it' },
  unreadable: { zh: '读不到现值', en: 'present value unreadable' },
  too_late: { zh: '已过时限', en: 'its time ran out' },
  in_doubt_elsewhere: { zh: '在另一任务中结果未知', en: 'in doubt in another job' },
  rejected: { zh: '被拒绝，确定没有执行', en: 'rejected, surely not acted on' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  not_reached: { zh: '未轮到', en: 'not reached' },
};

export const JOB_WORDS: Readonly<Record<JobState, Bilingual>> = {
  intake: { zh: '读入中', en: 'reading in' },
  ready: { zh: '待运行', en: 'ready' },
  running: { zh: '运行中', en: 'running' },
  paused: { zh: '已暂停', en: 'paused' },
  finished: { zh: '已完成', en: 'finished' },
  cancelled: { zh: '已取消', en: 'cancelled' },
};

export const PAUSE_WORDS: Readonly<Record<PauseReason, Bilingual>> = {
  person: { zh: '由您暂停', en: 'paused by you' },
  first_rows: { zh: '先发送的行已完成，等您确认', en: 'the first rows are done and wait for your word' },
  crash: { zh: '程序上次意外中断', en: 'the program ended unexpectedly' },
  rejected_in_row: { zh: '连续多次被拒绝', en: 'several calls in a row were rejected' },
  unknown_in_row: { zh: '连续多次没有可信的答复', en: 'several calls in a row had no trustworthy answer' },
  limit: { zh: '供应商持续限流', en: "the vendor's limit lasts" },
  clock: { zh: '时钟不准', en: 'the clock is wrong' },
  sign: { zh: '签名被拒绝', en: 'the sign was refused' },
  permission: { zh: '没有权限', en: 'permission is missing' },
  quota: { zh: '额度用尽', en: 'the quota is used up' },
  vault: { zh: '读不到密钥', en: 'the secret could not be read' },
  host: { zh: '主机不在允许之列', en: 'the host is not allowed' },
  storage: { zh: '记录无法写入', en: 'the journal could not be written' },
  sleep: { zh: '电脑休眠', en: 'the computer slept' },
  network: { zh: '网络断开', en: 'the network is down' },
  vendor_block: { zh: '供应商要求等待', en: 'the vendor asked to wait' },
  clock_changed: { zh: '电脑的时间被改动', en: "the computer's clock was changed" },
  disk_full: { zh: '磁盘已满', en: 'the disk is full' },
  database_busy: { zh: '数据库被另一个程序占用', en: 'another program holds the database' },
  internal: { zh: '程序内部出错', en: 'an internal error' },
};

export const PROBLEM_WORDS: Readonly<Record<string, Bilingual>> = {
  blank: { zh: '空行', en: 'blank row' },
  duplicate: { zh: '重复的行', en: 'duplicate row' },
  conflict: { zh: '同一订单内容不同', en: 'rows of one order that differ' },
  'order.scientific': { zh: '被改成科学计数的订单号', en: 'order number in scientific notation' },
  'order.tail_zeros': { zh: '后几位变成 0 的订单号', en: 'order number whose tail became zeros' },
  malformed: { zh: '格式不完整的行', en: 'malformed row' },
  damaged_text: { zh: '文字已损坏', en: 'damaged text' },
  'order.number_format': { zh: '带小数或千分位的订单号', en: 'order number written as a decimal or with separators' },
  'order.lost_zeros': { zh: '丢了前面的 0 的订单号', en: 'order number without its leading zeros' },
  'order.characters': { zh: '订单号里有不该有的字符', en: 'order number with characters it cannot have' },
  'order.full_width': { zh: '订单号里有全角字符', en: 'order number with full-width characters' },
  'order.unseen': { zh: '订单号里有看不见的字符', en: 'order number with unseen characters' },
  'cell.date': { zh: '被改成日期的单元格', en: 'cell turned into a date' },
  'cell.scientific': { zh: '科学计数的单元格', en: 'cell in scientific notation' },
  'cell.digits': { zh: '超过 15 位、已丢失尾数的数字', en: 'number of more than 15 digits, its tail lost' },
  'cell.decimal': { zh: '带小数的数字单元格', en: 'number with decimals' },
  'cell.format': { zh: '显示与保存不同的数字', en: 'number shown in another way than stored' },
  'cell.boolean': { zh: '逻辑值单元格', en: 'logical value' },
  'cell.error': { zh: '公式出错的单元格', en: 'cell with the error of a formula' },
  'cell.formula': { zh: '结果不是文字的公式', en: 'formula whose result is no text' },
  'field.required': { zh: '缺少必填的内容', en: 'a required value is missing' },
  'field.choice': { zh: '不在可选的值之内', en: 'a value that is not among the choices' },
  'field.integer': { zh: '不是整数', en: 'not a whole number' },
  'field.boolean': { zh: '不是“是”或“否”', en: 'neither yes nor no' },
  'field.time': { zh: '时间写法不对', en: 'a time not written as it should be' },
  'field.range': { zh: '数值超出范围', en: 'a number out of range' },
  'field.pattern': { zh: '格式不对', en: 'a value of another form' },
  'field.characters': { zh: '有不该有的字符', en: 'a value with characters it cannot have' },
  'field.too_long': { zh: '内容太长', en: 'a value that is too long' },
  'template.empty': { zh: '模板里某列的单元格是空的', en: 'an empty cell for a placeholder' },
  'template.damaged': { zh: '模板里某列的数字已损坏', en: 'a damaged number for a placeholder' },
  'pdd.tag_pair': { zh: '标记与标记名称没有成对', en: 'a mark without its name, or a name without its mark' },
  'vending.machine_no_damaged': { zh: '被表格软件改坏的设备编号', en: 'machine number damaged by a spreadsheet' },
  'undo.unread': { zh: '没有读过原来的值', en: 'old value not read' },
  'undo.refused': { zh: '原来的值写不回去', en: 'old value not taken by the vendor' },
  'undo.same': { zh: '没有可撤销的', en: 'nothing to set back' },
  'vending.no_status': { zh: '没有状态', en: 'no status' },
};

/** What a person may do with a failed row. */
export const RETRY_WORDS: Readonly<Record<RetryClass, Bilingual>> = {
  retryable: { zh: '可以重试', en: 'may be retried' },
  fix_first: { zh: '先改正', en: 'mend it first' },
  never: { zh: '不必重试', en: 'no use in retrying' },
};
