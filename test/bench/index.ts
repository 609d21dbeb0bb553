import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { table, type Figure } from './figures.ts';
import { measureIntake } from './intake.ts';
import { measureMemory } from './memory.ts';
import { measureNotes } from './notes.ts';
import { measureOrders } from './orders.ts';
import { measureRecovery } from './recovery.ts';
import { measureWindow } from './window.ts';
import { measureWorkbook } from './workbook.ts';

const MEASUREMENTS: Readonly<Record<string, (scale: number) => Promise<Figure[]>>> = {
  intake: measureIntake,
  notes: measureNotes,
  memory: measureMemory,
  recovery: measureRecovery,
  orders: measureOrders,
  window: measureWindow,
  workbook: measureWorkbook,
};

const USAGE = `Usage: npm run bench -- [${Object.keys(MEASUREMENTS).join('] [')}] [--scale 0.1]
Without a name all are measured; it takes several minutes. The exit code is 1 when a budget is missed.
--scale makes the inputs smaller, for a quick look: then no budget counts.`;

/** What was asked for; null when it cannot be understood. */
function asked(args: readonly string[]): { names: string[]; scale: number } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { scale: { type: 'string', default: '1' } },
    });
    const scale = Number(values.scale);
    if (!(scale > 0 && scale <= 1) || positionals.some((name) => !Object.hasOwn(MEASUREMENTS, name))) return null;
    return { names: positionals.length > 0 ? positionals : Object.keys(MEASUREMENTS), scale };
  } catch {
    return null;
  }
}

const load = (): string => (loadavg()[0] ?? 0).toFixed(1);

async function main(args: readonly string[]): Promise<number> {
  const wish = asked(args);
  if (wish === null) {
    console.error(USAGE);
    return 2;
  }
  const loadBefore = load();
  const figures: Figure[] = [];
  for (const name of wish.names) {
    console.error(`measuring ${name} …`);
    figures.push(...((await MEASUREMENTS[name]?.(wish.scale)) ?? []));
  }
  console.log(table(figures));
  console.log(`${cpus().length} cores (${cpus()[0]?.model ?? '?'}), Node.js ${process.version}.`);
  console.log(
    `Load of the machine: ${loadBefore} before, ${load()} after. Medians, the lowest and highest in brackets.`,
  );
  if (wish.scale < 1) {
    console.log(`At --scale ${wish.scale} no budget counts.`);
    return 0;
  }
  return figures.some(({ ok }) => ok === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
