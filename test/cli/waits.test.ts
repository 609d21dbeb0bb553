import { describe, expect, it } from 'vitest';
import type { WaitingView } from '../../src/contract/job.ts';
import { say, type Bilingual } from '../../src/contract/text.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { waitTeller } from '../../src/cli/run/running.ts';

const NEXT_MS = Date.UTC(2026, 2, 4, 5, 6, 7);
const BLOCKED: Bilingual = { zh: '地址被封', en: 'The address is blocked.' };

function waiting(reason: WaitingView['reason'], change: Partial<WaitingView> = {}): WaitingView {
  return { reason, text: null, sinceMs: NEXT_MS - 60_000, nextMs: null, ...change };
}

/** What is printed when a run tells of these waits. */
function printed(
  waits: readonly (WaitingView | null)[],
  { json = false, language = 'en' }: { json?: boolean; language?: 'en' | 'zh-CN' } = {},
): { readonly out: string; readonly err: string } {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (texts: string[]) => ({ isTTY: false, columns: 200, write: (text: string) => texts.push(text) > 0 });
  const terminal = new Terminal({ stdout: into(out), stderr: into(err), env: { NO_COLOR: '1' }, language, json });
  const tell = waitTeller({ terminal, t: (text) => say(text, language) }, 7);
  for (const one of waits) tell(one);
  return { out: out.join(''), err: err.join('') };
}

describe('a run that waits', () => {
  it('says once why it waits and what ends it, and that it goes on', () => {
    const { out, err } = printed([waiting('network'), waiting('network'), null, null]);
    const all = out + err;
    expect(all.match(/Job 7 is paused/gu)).toHaveLength(1);
    expect(all).toContain('it goes on by itself when that is over. Ctrl-C stops it.');
    expect(all.match(/Going on\./gu)).toHaveLength(1);
  });

  it('names the cause anew when it is another, and when a vendor lets it go on', () => {
    const block = waiting('vendor_block', { text: BLOCKED, nextMs: NEXT_MS });
    const { out, err } = printed([waiting('network'), block], { language: 'zh-CN' });
    const all = out + err;
    expect(all.match(/任务 7 暂停/gu)).toHaveLength(2);
    expect(all).toContain(`地址被封 ${new Date(NEXT_MS).toLocaleTimeString('zh-CN')} 自动继续`);
  });

  it('tells every change as an object with --json', () => {
    const { out } = printed([waiting('network'), waiting('network'), null], { json: true });
    const objects = out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
    expect(objects).toEqual([
      { event: 'waiting', job: 7, waiting: waiting('network') },
      { event: 'waiting', job: 7, waiting: waiting('network') },
      { event: 'waiting', job: 7, waiting: null },
    ]);
  });
});
