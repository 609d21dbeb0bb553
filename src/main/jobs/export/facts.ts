import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import { JOB_WORDS, PAUSE_WORDS } from '../../../contract/words.ts';
import { shanghaiTime } from '../../vendors/shared/time.ts';
import { vendor } from '../../vendors/registry.ts';
import type { Job, JobEvent } from '../types.ts';

/** One thing that is to be known of a job, in the person's language. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

const NAMES = {
  job: { zh: '任务', en: 'Job' },
  account: { zh: '账号', en: 'Account' },
  vendor: { zh: '供应商', en: 'Vendor' },
  operation: { zh: '操作', en: 'Operation' },
  source: { zh: '来源', en: 'Source' },
  hash: { zh: '来源的 SHA-256', en: 'SHA-256 of the source' },
  parent: { zh: '来自任务', en: 'Made from job' },
  state: { zh: '状态', en: 'State' },
  made: { zh: '创建', en: 'Created' },
  began: { zh: '开始', en: 'Began' },
  ended: { zh: '结束', en: 'Ended' },
  took: { zh: '运行时间（不含暂停）', en: 'Running time, pauses apart' },
  written: { zh: '导出', en: 'Exported' },
} as const satisfies Record<string, Bilingual>;

const SOURCES: Readonly<Record<'paste' | 'generated', Bilingual>> = {
  paste: { zh: '粘贴', en: 'pasted' },
  generated: { zh: '练习数据', en: 'practice data' },
};

/** An ISO time or a machine's milliseconds as Beijing shows it, with its zone. */
export function beijing(time: string | number, language: Language): string {
  const text = shanghaiTime(typeof time === 'number' ? time : Date.parse(time));
  return language === 'zh-CN' ? `${text}（北京时间）` : `${text} (Beijing)`;
}

/** `1 h 2 min 3 s`, the largest unit first. */
export function durationText(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const parts = [
    [Math.floor(seconds / 3_600), { zh: '小时', en: 'h' }],
    [Math.floor(seconds / 60) % 60, { zh: '分', en: 'min' }],
    [seconds % 60, { zh: '秒', en: 's' }],
  ] as const;
  const shown = parts.filter(([n], index) => n > 0 || (index === 2 && seconds === 0));
  return shown.map(([n, unit]) => `${n} ${say(unit, language)}`).join(' ');
}

/** One span in which a job ran; `endMs` null while it runs. */
export interface Run {
  readonly beginMs: number;
  readonly endMs: number | null;
}

/** When a job ran, from the states that it came to. */
export function runsOf(states: readonly JobEvent[]): readonly Run[] {
  const runs: { beginMs: number; endMs: number | null }[] = [];
  for (const { atMs, data } of states) {
    const last = runs.at(-1);
    const isOpen = last !== undefined && last.endMs === null;
    if (data['state'] === 'running') {
      if (!isOpen) runs.push({ beginMs: atMs, endMs: null });
    } else if (isOpen) last.endMs = Math.max(atMs, last.beginMs);
  }
  return runs;
}

/** How long a job ran, ms; an open run until now. Null when it never ran, or before such times were kept. */
export function ranMs(runs: readonly Run[], nowMs: number): number | null {
  if (runs.length === 0) return null;
  return runs.reduce((sum, { beginMs, endMs }) => sum + Math.max(0, (endMs ?? nowMs) - beginMs), 0);
}

function operationText(job: Job, language: Language): string {
  const found = vendor(job.vendor).operations.find(({ id }) => id === job.operation);
  if (found === undefined) return job.operation;
  // Words of a choice alone: a text that all rows share may be about a customer.
  const chosen = found.params.flatMap((field) => {
    const choice = field.choices?.find(({ value }) => value === job.params[field.id]);
    return choice === undefined ? [] : [`${say(field.names, language)}: ${say(choice.names, language)}`];
  });
  return [say(found.names, language), ...chosen].join(' · ');
}

function stateText({ state, pauseReason }: Job, language: Language): string {
  const words = say(JOB_WORDS[state], language);
  return pauseReason === null ? words : `${words}: ${say(PAUSE_WORDS[pauseReason], language)}`;
}

/** What is to be known of a job: nothing of its rows, and nothing secret. `nowMs`: when the export is made. */
export function jobFacts(job: Job, runs: readonly Run[], nowMs: number, language: Language): readonly Fact[] {
  const { source } = job;
  const took = ranMs(runs, nowMs);
  const all: readonly (readonly [keyof typeof NAMES, string | null])[] = [
    ['job', String(job.id)],
    ['account', job.accountLabel],
    ['vendor', say(vendor(job.vendor).names, language)],
    ['operation', operationText(job, language)],
    ['source', source.kind === 'file' ? source.name : say(SOURCES[source.kind], language)],
    ['hash', source.sha256 ?? null],
    ['parent', job.parentId === null ? null : String(job.parentId)],
    ['state', stateText(job, language)],
    ['made', beijing(job.createdAt, language)],
    ['began', job.startedAt === null ? null : beijing(job.startedAt, language)],
    ['ended', job.endedAt === null ? null : beijing(job.endedAt, language)],
    ['took', took === null ? null : durationText(took, language)],
    ['written', beijing(nowMs, language)],
  ];
  return all.flatMap(([name, value]) => (value === null ? [] : [{ name: say(NAMES[name], language), value }]));
}
