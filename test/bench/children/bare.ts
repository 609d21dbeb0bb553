import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { Pool } from 'undici';
import { TWIN_CREDENTIALS } from '../../../src/main/twins/index.ts';
import { answer, given } from '../processes.ts';

/**
 * What the console is compared with: a loop on undici that signs and sends the notes of an input, and looks whether the reply says
 * success. No journal, no checks, no pacing; all rows lie in memory before the clock starts.
 */
const { csv, url, concurrency, most } = given() as { csv: string; url: string; concurrency: number; most: number };
const { appId, appSecret, sellerNick } = TWIN_CREDENTIALS.pdd;
const rows = Papa.parse<string[]>(readFileSync(csv, 'utf8'), { skipEmptyLines: true }).data.slice(1, most + 1);

function bodyOf(row: readonly string[]): string {
  const [order = '', , , , , note = '', tag = '', tagName = ''] = row;
  const params: Record<string, string> = {
    appid: appId,
    seller_nick: sellerNick,
    timestamp: String(Math.floor(Date.now() / 1000)),
    order_sn: order,
    note,
    ...(tag === '' ? {} : { tag, tag_name: tagName }),
  };
  const text = Object.keys(params)
    .sort()
    .map((key) => key + (params[key] ?? ''))
    .join('');
  params['sign'] = hash('md5', appSecret + text + appSecret, 'hex');
  return new URLSearchParams(params).toString();
}

const pool = new Pool(url, { connections: concurrency, pipelining: 1 });
const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
let next = 0;

async function lane(): Promise<void> {
  for (let row = rows[next++]; row !== undefined; row = rows[next++]) {
    const reply = await pool.request({
      path: '/gateway/pdd/order/noteupdate',
      method: 'POST',
      headers,
      body: bodyOf(row),
    });
    const read = (await reply.body.json()) as { data: { success: boolean } | null };
    if (reply.statusCode !== 200 || read.data?.success !== true) throw new Error(`refused: ${JSON.stringify(read)}`);
  }
}

const cpuBefore = process.cpuUsage();
const start = performance.now();
await Promise.all(Array.from({ length: concurrency }, lane));
const ms = performance.now() - start;
const cpu = process.cpuUsage(cpuBefore);
await pool.close();
answer({ ms, rows: rows.length, cpuMs: (cpu.user + cpu.system) / 1000 });
