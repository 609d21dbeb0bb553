import { createHash } from 'node:crypto';
import type { Outcome } from '../../../contract/outcome.ts';
import { NOT_SENT_REASONS, OUTCOMES, retryClassOf } from '../../../contract/outcome.ts';
import type { PauseReason } from '../../../contract/job.ts';
import { PAUSE_REASONS } from '../../../contract/job.ts';
import type { Bilingual, Language } from '../../../contract/text.ts';
import { say } from '../../../contract/text.ts';
import { PAUSE_WORDS, PROBLEM_WORDS, REASON_WORDS, RETRY_WORDS, STATE_WORDS } from '../../../contract/words.ts';
import { vendor } from '../../vendors/registry.ts';
import type { CauseGroup } from '../journal/window.ts';
import { chart, PATTERNS, swatch } from './chart.ts';
import { refuseSending, type Exported } from './export.ts';
import { beijing, durationText, jobFacts } from './facts.ts';
import { wholeFile } from './file.ts';
import { html, type Html } from './html.ts';
import type { JobReport } from './report.ts';

/** What a page takes: more is counted, and stands in the window and in a CSV. */
const MOST_CAUSES = 6;
const MOST_PAUSES = 5;

const W = {
  title: { zh: '批量更新汇总', en: 'Bulk update summary' },
  counts: { zh: '结果', en: 'Outcomes' },
  total: { zh: '合计', en: 'Total' },
  time: { zh: '结果随时间', en: 'Outcomes over time' },
  noTime: { zh: '还没有发送任何行。', en: 'Nothing has been sent yet.' },
  causes: { zh: '失败与未发送的原因', en: 'Why rows failed, are in doubt or were kept back' },
  noCauses: { zh: '没有。', en: 'None.' },
  rows: { zh: '行数', en: 'Rows' },
  reason: { zh: '原因', en: 'Reason' },
  remedy: { zh: '怎么办', en: 'What to do' },
  lines: { zh: '起始行', en: 'First lines' },
  undo: { zh: '能否撤销', en: 'What can be taken back' },
  pauses: { zh: '暂停', en: 'Pauses' },
  noPauses: { zh: '没有。', en: 'None.' },
  verify: {
    zh: '先核实，不要直接重发。',
    en: 'Verify before anything is sent again.',
  },
  note: {
    zh: '本页只有计数，不含订单号与买家资料；逐行结果见 CSV 或 XLSX 导出。时间为北京时间。',
    en: 'This page has counts alone, no order numbers and nothing of a buyer; every row is in a CSV or XLSX export. Times are Beijing’s.',
  },
} as const satisfies Record<string, Bilingual>;

const STYLE = `@page{size:A4;margin:12mm}
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:760px;color:#1b1d22;background:#fff;font:13px/1.45 system-ui,"Segoe UI","PingFang SC","Microsoft YaHei",sans-serif}
h1{margin:0 0 2px;font-size:20px}
h2{margin:16px 0 6px;font-size:14px;border-bottom:1px solid #c9ccd3;padding-bottom:2px;break-after:avoid}
p{margin:4px 0}
.muted{color:#565c68;font-size:12px}
dl{display:grid;grid-auto-flow:row dense;grid-template-columns:max-content 1fr max-content 1fr;gap:2px 12px;margin:8px 0 0}
dt{color:#565c68}
dd{margin:0;overflow-wrap:anywhere}
dt.wide{grid-column:1}
dd.wide{grid-column:2/-1;font-size:11px}
table{width:100%;border-collapse:collapse}
th{text-align:left;font-weight:600;color:#565c68}
th,td{padding:3px 8px 3px 0;vertical-align:top;border-bottom:1px solid #e4e6ea;overflow-wrap:anywhere}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr{break-inside:avoid}
.swatch{vertical-align:-3px;margin-right:8px}
.sign{display:inline-block;width:1.4em;text-align:center;font-weight:600}
.part{padding-left:24px;color:#3c414b}
.chart{display:block;width:100%;height:auto}
.chart text{font-size:10px;fill:#565c68}
ul{margin:4px 0;padding-left:18px}
code{font-family:ui-monospace,Consolas,monospace;font-size:11px;color:#565c68}
@media print{body{padding:0;max-width:none;font-size:11.5px}h2{margin-top:11px}}`;

/** The one style that the page's policy lets in. */
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const number = (n: number, language: Language): string => n.toLocaleString(language);

function countsPart({ counts }: JobReport, language: Language): Html {
  const of: Readonly<Record<Outcome, number>> = {
    succeeded: counts.succeeded,
    failed: counts.failed,
    unknown: counts.unknown,
    not_sent: counts.notSent,
  };
  const share = (n: number): string => (counts.total === 0 ? '' : `${((n / counts.total) * 100).toFixed(1)} %`);
  const outcomes = OUTCOMES.map(
    (state) =>
      html`<tr>
        <td>
          ${swatch(state)}<span class="sign">${STATE_WORDS[state].sign}</span>
          ${say(STATE_WORDS[state].words, language)}
        </td>
        <td class="n">${number(of[state], language)}</td>
        <td class="n">${share(of[state])}</td>
      </tr>`,
  );
  const reasons = NOT_SENT_REASONS.filter((reason) => (counts.byReason[reason] ?? 0) > 0).map(
    (reason) =>
      html`<tr>
        <td class="part">${say(REASON_WORDS[reason], language)}</td>
        <td class="n">${number(counts.byReason[reason] ?? 0, language)}</td>
        <td></td>
      </tr>`,
  );
  return html`<h2>${say(W.counts, language)}</h2>
    <table>
      <tbody>
        ${outcomes}${reasons}
        <tr>
          <th scope="row">${say(W.total, language)}</th>
          <th class="n">${number(counts.total, language)}</th>
          <th></th>
        </tr>
      </tbody>
    </table>`;
}

function timePart({ times }: JobReport, language: Language): Html {
  const label = say(W.time, language);
  const drawn = chart(times, language, label);
  const width = durationText(times.widthS * 1_000, language);
  const later = OUTCOMES.filter((state) => times.later[state] > 0).map(
    (state) =>
      `${STATE_WORDS[state].sign} ${say(STATE_WORDS[state].words, language)} ${number(times.later[state], language)}`,
  );
  const key = OUTCOMES.map((state) => html`${swatch(state)}${say(STATE_WORDS[state].words, language)}&emsp;`);
  const each = say({ zh: `每柱 ${width}`, en: `One bar is ${width}` }, language);
  const after = say(
    { zh: '最后一次运行之后才定下（核实或由人决定）：', en: 'Settled after the last run, verified or decided: ' },
    language,
  );
  const legend = html`<p class="muted">${key}${each}</p>`;
  return html`<h2>${label}</h2>
    ${drawn === null ? html`<p>${say(W.noTime, language)}</p>` : html`${drawn}${legend}`}${
      later.length === 0 ? null : html`<p class="muted">${after}${later.join(' · ')}</p>`
    }`;
}

function causeRow(group: CauseGroup, language: Language): Html {
  const { state, reason, failure, problem, note, count, lines } = group;
  const shown: Outcome = state === 'sending' ? 'unknown' : state;
  const plain = reason === null ? STATE_WORDS[state].words : REASON_WORDS[reason];
  // A problem's own message may repeat what stood in the cell.
  const text = failure?.reading ?? (problem === null ? (note ?? plain) : (PROBLEM_WORDS[problem.code] ?? plain));
  const remedy = state === 'unknown' ? W.verify : (failure?.remedy ?? null);
  const retry = failure === null || state === 'unknown' ? null : RETRY_WORDS[retryClassOf(failure.class)];
  const code = failure?.code ?? problem?.code ?? '';
  const more = count > lines.length ? ' …' : '';
  return html`<tr>
    <td class="n">${number(count, language)}</td>
    <td>
      ${swatch(shown)}<span class="sign">${STATE_WORDS[shown].sign}</span> ${say(text, language)} <code>${code}</code>
    </td>
    <td>
      ${remedy === null ? null : say(remedy, language)}${retry === null ? null : html` <span class="muted">(${say(retry, language)})</span>`}
    </td>
    <td class="n">${lines.join(', ')}${more}</td>
  </tr>`;
}

function causesPart({ causes }: JobReport, language: Language): Html {
  const shown = causes.slice(0, MOST_CAUSES);
  const rest = causes.slice(MOST_CAUSES);
  const left = number(
    rest.reduce((sum, { count }) => sum + count, 0),
    language,
  );
  const more = say(
    { zh: `另有 ${rest.length} 种原因，共 ${left} 行。`, en: `${rest.length} more reasons, of ${left} rows.` },
    language,
  );
  const head = html`<thead>
    <tr>
      <th scope="col" class="n">${say(W.rows, language)}</th>
      <th scope="col">${say(W.reason, language)}</th>
      <th scope="col">${say(W.remedy, language)}</th>
      <th scope="col" class="n">${say(W.lines, language)}</th>
    </tr>
  </thead>`;
  const table = html`<table>
    ${head}
    <tbody>
      ${shown.map((group) => causeRow(group, language))}
    </tbody>
  </table>`;
  return html`<h2>${say(W.causes, language)}</h2>
    ${shown.length === 0 ? html`<p>${say(W.noCauses, language)}</p>` : table}${rest.length === 0 ? null : html`<p class="muted">${more}</p>`}`;
}

/** What can be taken back, and above all what can't: where the operation has a way back, the rows whose earlier value is kept. */
function undoPart({ job, counts, times }: JobReport, language: Language): Html {
  const operation = vendor(job.vendor).operations.find(({ id }) => id === job.operation);
  const back = operation?.kind === 'update' && operation.undo !== undefined ? times.kept : 0;
  const gone = counts.succeeded - back;
  const texts: Bilingual[] = [];
  if (back > 0)
    texts.push({
      zh: `${number(back, 'zh-CN')} 行保留了写入前的值，可以建立撤销任务（执行前同样有预览）。`,
      en: `Of ${number(back, 'en')} rows the value before the write is kept: an undo job can be made of them, previewed like any other.`,
    });
  if (gone > 0)
    texts.push({
      zh: `${number(gone, 'zh-CN')} 行已经成功，本软件无法撤销：${back > 0 ? '没有写入前的值' : '这个操作没有退路，或没有读到写入前的值'}。`,
      en: `${number(gone, 'en')} rows succeeded and cannot be undone from here: ${back > 0 ? 'the value before the write was not read' : 'this operation has no way back, or the value before the write was not read'}.`,
    });
  if (counts.unknown > 0)
    texts.push({
      zh: `${number(counts.unknown, 'zh-CN')} 行结果未知，核实之前不能当作没有执行。`,
      en: `${number(counts.unknown, 'en')} rows are in doubt: before they are verified, do not take them for not done.`,
    });
  if (texts.length === 0) texts.push({ zh: '没有已经执行的行。', en: 'Nothing was done.' });
  return html`<h2>${say(W.undo, language)}</h2>
    <ul>
      ${texts.map((text) => html`<li>${say(text, language)}</li>`)}
    </ul>`;
}

function pausesPart({ states, job }: JobReport, language: Language): Html {
  const pauses = states.flatMap(({ atMs, data }) => {
    const reason = PAUSE_REASONS.find((one): one is PauseReason => one === data['reason']);
    return data['state'] === 'paused' ? [{ atMs, reason }] : [];
  });
  const shown = pauses.slice(-MOST_PAUSES);
  const left = pauses.length - shown.length;
  const items = shown.map(({ atMs, reason }, index) => {
    const isLast = index === shown.length - 1 && job.state === 'paused';
    const words = reason === undefined ? W.pauses : PAUSE_WORDS[reason];
    const text = isLast && job.pauseText !== null ? html` — ${say(job.pauseText, language)}` : null;
    return html`<li>${beijing(atMs, language)}: ${say(words, language)}${text}</li>`;
  });
  const earlier = say({ zh: `更早还有 ${left} 次。`, en: `${left} more before these.` }, language);
  return html`<h2>${say(W.pauses, language)}</h2>
    ${
      items.length === 0
        ? html`<p>${say(W.noPauses, language)}</p>`
        : html`<ul>
            ${items}
          </ul>`
    }${left === 0 ? null : html`<p class="muted">${earlier}</p>`}`;
}

/**
 * A job on one page, to be read or printed (A4, without colour as well): whole in itself, no script, nothing remote, a policy that would let none
 * of either in, every text escaped. It has no order numbers and nothing of a customer.
 */
export function summaryHtml(report: JobReport, nowMs: number, language: Language): string {
  const { job, runs } = report;
  const facts = jobFacts(job, runs, nowMs, language).map(({ name, value }) => {
    const isLong = value.length > 40;
    const wide = isLong ? html` class="wide"` : null;
    return html`<dt${wide}>${name}</dt><dd${wide}>${value}</dd>`;
  });
  const title = `${say(W.title, language)} · ${job.accountLabel} · ${job.id}`;
  const policy = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8" /><meta http-equiv="Content-Security-Policy" content="${policy}" /><meta
      name="referrer"
      content="no-referrer"
    /><meta name="viewport" content="width=device-width" /><title>${title}</title>`;
  const body = html`<h1>${say(W.title, language)}</h1>
    <p class="muted">${say(W.note, language)}</p>
    <dl>${facts}</dl>
    ${countsPart(report, language)}${timePart(report, language)}${causesPart(report, language)}${undoPart(report, language)}${pausesPart(report, language)}`;
  return `<!DOCTYPE html>\n<html lang="${language}"><head>${head.text}<style>${STYLE}</style></head><body>${PATTERNS.text}<main>${body.text}</main></body></html>\n`;
}

/** Writes a job's summary; the same promise as `exportCsv`: the file has its name only when whole and in agreement with the journal. */
export async function exportSummary(
  read: () => Promise<JobReport>,
  to: { readonly path: string; readonly language: Language; readonly overwrite?: boolean; readonly nowMs: number },
): Promise<Exported> {
  return wholeFile(to.path, to.overwrite === true, async (file) => {
    const report = await read();
    refuseSending(report.counts);
    await file.appendFile(summaryHtml(report, to.nowMs, to.language), 'utf8');
    return { path: to.path, rows: report.counts.total };
  });
}
