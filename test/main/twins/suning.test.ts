import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { serveTwin } from '../../../src/main/twins/server.ts';
import { suningTwin } from '../../../src/main/twins/suning.ts';
import type { SuningOrder } from '../../../src/main/twins/suning.ts';
import { readXml } from '../../../src/main/twins/suningMessage.ts';
import type { Twin, TwinOptions } from '../../../src/main/twins/types.ts';

const vectorMs = Date.parse('2026-01-02T03:04:05+08:00');
const path = '/api/http/sopRequest';
const method = 'suning.fourps.orderstatus.query';
let twin: Twin<SuningOrder>;
let nowMs = vectorMs;

async function start(options: TwinOptions = {}): Promise<Twin<SuningOrder>> {
  nowMs = vectorMs;
  twin = await serveTwin('suning', suningTwin, { orders: 3000, now: () => nowMs, ...options });
  return twin;
}

afterEach(() => twin.close());

type Headers = Record<string, string>;
interface Answer {
  status: number;
  type: string | null;
  text: string;
}

async function send(body: string | Buffer, headers: Headers, where = path, verb = 'POST'): Promise<Answer> {
  const response = await fetch(twin.url + where, {
    method: verb,
    headers,
    ...(verb === 'GET' ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const systemHeaders: Headers = {
  AppMethod: method,
  AppRequestTime: '2026-01-02 03:04:05',
  AppKey: 'test-app-key',
  VersionNo: 'v1.2',
};

/** Signed by the page's rule, written out here once more on its own. */
function signed(body: string | Buffer, changes: Headers = {}, secret = 'test-app-secret'): Headers {
  const all: Headers = { ...systemHeaders, ...changes };
  const { AppMethod = '', AppRequestTime = '', AppKey = '', VersionNo = '' } = all;
  const text = secret + AppMethod + AppRequestTime + AppKey + VersionNo + Buffer.from(body).toString('base64');
  return { signInfo: createHash('md5').update(text).digest('hex'), ...all };
}

const s1 =
  '{"sn_request":{"sn_body":{"queryOrderStatus":{"orderSource":"201","startTime":"2014-01-14 12:20:00","endTime":"2014-01-14 12:20:00","queryType":"2","pageSize":"50","pageNo":"1"}}}}';
const s2 =
  '<sn_request><sn_body><queryOrderStatus><orderSource>201</orderSource><startTime>2014-01-14 12:20:00</startTime><endTime>2014-01-14 12:20:00</endTime><queryType>2</queryType><pageSize>50</pageSize><pageNo>1</pageNo></queryOrderStatus></sn_body></sn_request>';
const s4 = s1.replace('"201"', '"天猫旗舰店"');

const errorText = (code: string, message: string): string =>
  `{"sn_responseContent":{"sn_error":{"error_code":"${code}","error_msg":"${message}"}}}`;
const badSign = errorText('sys.check.app-sign:error', '签名信息错误');

const wholeFields: Record<string, unknown> = {
  orderSource: '201',
  startTime: '2014-01-01 00:00:00',
  endTime: '2026-01-02 03:04:05',
  queryType: '0',
};

function bodyOf(fields: Record<string, unknown>): string {
  return JSON.stringify({ sn_request: { sn_body: { queryOrderStatus: { ...wholeFields, ...fields } } } });
}

const ask = (body: string, headers: Headers = {}): Promise<Answer> =>
  send(body, { ...signed(body), Format: 'json', ...headers });

interface Reply {
  sn_responseContent: {
    sn_head?: Record<string, unknown>;
    sn_error?: { error_code: string; error_msg?: string };
    sn_body?: { queryOrderStatus: Record<string, unknown>[] };
  };
}
async function read(fields: Record<string, unknown>): Promise<Reply['sn_responseContent']> {
  return (JSON.parse((await ask(bodyOf(fields))).text) as Reply).sn_responseContent;
}
const idsOf = (content: Reply['sn_responseContent']): unknown[] =>
  (content.sn_body?.queryOrderStatus ?? []).map((row) => row['orderId']);

describe('the vectors of suning.md B5', () => {
  it('S1 is taken; the sample order comes as seed 004 prints it', async () => {
    await start();
    const answer = await send(s1, { ...systemHeaders, Format: 'json', signInfo: 'a81cd32cea8d6cc850a1ce0978542c4c' });
    expect(answer).toEqual({
      status: 200,
      type: 'application/json;charset=UTF-8',
      text: '{"sn_responseContent":{"sn_head":{"pageTotal":"1","pageNo":"1","pageSize":"50","returnMessage":"biz.handler.data-get:success"},"sn_body":{"queryOrderStatus":[{"orderSource":"201","orderError":"error","orderId":"1245","orderStatus":"01","jobList":[{"jobType":"0","jobId":"12345","jobStatus":"1"},{"jobType":"0","jobId":"12345","jobStatus":"1"}]}]}}}',
    });
  });

  it('S2 is taken without a Format, with any case of header names and with the method behind the address', async () => {
    await start();
    const headers = Object.fromEntries(
      Object.entries(systemHeaders).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const answer = await send(s2, { ...headers, SIGNINFO: 'f518338aaeab9236b566953246ec477d' }, `${path}/${method}`);
    expect(answer).toEqual({
      status: 200,
      type: 'text/xml;charset=UTF-8',
      text: '<sn_responseContent> <sn_head> <pageTotal>1</pageTotal> <pageNo>1</pageNo> <pageSize>50</pageSize> <returnMessage>biz.handler.data-get:success</returnMessage> </sn_head> <sn_body> <queryOrderStatus> <orderSource>201</orderSource> <orderError>error</orderError> <orderId>1245</orderId> <orderStatus>01</orderStatus> <jobList> <jobType>0</jobType> <jobId>12345</jobId> <jobStatus>1</jobStatus> </jobList> <jobList> <jobType>0</jobType> <jobId>12345</jobId> <jobStatus>1</jobStatus> </jobList> </queryOrderStatus> </sn_body> </sn_responseContent>',
    });
  });

  it("S4's sign holds for UTF-8 bytes; the source itself is none of the list", async () => {
    await start();
    const headers = { ...systemHeaders, Format: 'json', signInfo: '1b7b29e1a7764038c57e9d89e97847c4' };
    expect((await send(s4, headers)).text).toBe(
      errorText(
        'biz.fourps.queryorderstatus.ordersource:value-null-invalid',
        '请求参数非法,值为空或长度超长:orderSource',
      ),
    );
  });

  it.each([
    ['S1-neg, wrapped base64', '69a44df34a9bfb7d9d896f12e56b23de', s1],
    ['an upper-case sign', 'A81CD32CEA8D6CC850A1CE0978542C4C', s1],
    ['one byte more in the body', 'a81cd32cea8d6cc850a1ce0978542c4c', `${s1} `],
    ['another value in the body', 'a81cd32cea8d6cc850a1ce0978542c4c', s1.replace('"50"', '"51"')],
  ])('%s is a bad sign', async (_name, signInfo, body) => {
    await start();
    expect((await send(body, { ...systemHeaders, Format: 'json', signInfo })).text).toBe(badSign);
  });

  it.each([
    ['key', { AppKey: 'x' }, 'sys.check.user-permission:inexistence', '用户key不存在'],
    ['version', { VersionNo: 'v1.3' }, 'sys.check.missing-parameter:apiversion', 'API版本号未指定'],
    ['method', { AppMethod: 'suning.custom.x' }, 'sys.check.api-permission:inexistence', 'Api方法不存在'],
    ['no method', { AppMethod: '' }, 'sys.check.header-param:null', 'header参数为空'],
    ['no key', { AppKey: '' }, 'sys.check.header-param:null', 'header参数为空'],
    ['no version', { VersionNo: '' }, 'sys.check.missing-parameter:apiversion', 'API版本号未指定'],
    ['no time', { AppRequestTime: '' }, 'sys.check.missing-parameter:appRequestTime', '请求时间丢失'],
    ['no sign', { signInfo: '' }, 'sys.check.app-sign:null', '签名信息为空'],
    [
      'a time that is none',
      { AppRequestTime: '2026-01-02T03:04:05' },
      'sys.check.app-time:error',
      '请求参数错误api请求时间误差大',
    ],
  ])('%s is refused by its own code', async (_name, changes: Headers, code, message) => {
    await start();
    expect(await send(s1, { ...signed(s1, changes), Format: 'json' })).toMatchObject({
      status: 200,
      text: errorText(code, message),
    });
  });

  it('a GET is refused; another address is no API; another method behind the address is none', async () => {
    await start();
    const headers = { ...signed(s1), Format: 'json' };
    expect((await send('', headers, path, 'GET')).text).toBe(
      errorText('sys.check.request-params:error', '请求报文结构错误'),
    );
    expect((await send(s1, headers, '/api/http/other')).status).toBe(404);
    expect((await send(s1, headers, `${path}/suning.custom.x`)).text).toContain('sys.check.api-permission:inexistence');
  });
});

describe('the clock', () => {
  it.each([
    [-600_000, true],
    [600_000, true],
    [600_999, true],
    [601_000, false],
    [-600_001, false],
  ])('%i ms off is taken: %s', async (off, taken) => {
    await start();
    nowMs = vectorMs + off;
    expect((await ask(s1)).text.includes('sys.check.app-time:error')).toBe(!taken);
  });

  it('reads the time as Beijing time, and its code can be that of the logs', async () => {
    await start({ vendorOptions: { clockCode: 'sys.check.request-apprequesttime:error' } });
    nowMs = Date.parse('2026-01-02T03:04:05Z');
    expect((await ask(s1)).text).toBe(
      errorText('sys.check.request-apprequesttime:error', '请求参数错误api请求时间误差大'),
    );
  });
});

describe('the token', () => {
  it('is asked for when the account has one', async () => {
    await start({ credentials: { accessToken: 'token-1' } });
    const missing = errorText('sys.oauth.check.access_token:inexistence', '访问令牌不存在');
    expect((await ask(s1)).text).toBe(missing);
    expect((await ask(s1, { access_token: 'token-2' })).text).toBe(missing);
    expect((await ask(s1, { access_token: 'token-1' })).text).toContain('"orderId":"1245"');
  });

  it('can be overdue', async () => {
    await start({ credentials: { accessToken: 'token-1' }, vendorOptions: { token: 'overdue' } });
    expect((await ask(s1, { access_token: 'token-1' })).text).toBe(
      errorText('sys.oauth.check.access_token:overdue', '访问令牌已过期'),
    );
  });
});

const field = 'biz.fourps.queryorderstatus.';

describe('the fields', () => {
  it.each([
    [{ orderSource: undefined }, `${field}missing-parameter:orderSource`, '请求参数为空:orderSource'],
    [{ queryType: undefined }, `${field}missing-parameter:queryType`, '请求参数为空:queryType'],
    [{ orderSource: '' }, `${field}ordersource:value-null-invalid`, '请求参数非法,值为空或长度超长:orderSource'],
    [{ orderSource: '213' }, `${field}ordersource:value-null-invalid`, '请求参数非法,值为空或长度超长:orderSource'],
    [{ queryType: '3' }, `${field}querytype:value-null-invalid`, '请求参数非法,值为空或长度超长:queryType'],
    [{ startTime: undefined }, 'sys.check.miss-time:starttime', '不存在开始时间(节点)'],
    [{ endTime: undefined }, 'sys.check.miss-time:endtime', '不存在结束时间(节点)'],
    [{ startTime: '' }, 'sys.check.starttime-value:null', '开始时间为空(值)'],
    [{ endTime: '' }, 'sys.check.endtime-value:null', '结束时间为空(值)'],
    [{ startTime: '2014-01-01' }, 'sys.check.starttime-format:error', '校验开始时间不合法,格式yyyy-MM-dd HH:mm:ss'],
    [
      { endTime: '2026-02-30 00:00:00' },
      'sys.check.endtime-format:error',
      '校验结束时间不合法,格式yyyy-MM-dd HH:mm:ss',
    ],
    [{ startTime: '2026-01-02 03:04:06' }, 'sys.check.query-time:error', '开始时间是否小于结束时间'],
    [{ pageNo: 'x' }, 'sys.check.pageno-format:error', 'pageNo格式错误,只允许1到99999之间的整数'],
    [{ pageNo: '' }, 'sys.check.pageno-format:error', 'pageNo格式错误,只允许1到99999之间的整数'],
    [
      { pageSize: '1.5' },
      'sys.check.pagesize-format:error',
      'pageSize格式错误,只允许1到50之间的整数(订单相关是1到100)',
    ],
    [{ pageSize: 10 }, 'sys.check.request-params:error', '请求报文结构错误'],
    [{ pageSize: { a: '1' } }, 'sys.check.request-params:error', '请求报文结构错误'],
    [{ pageSize: ['1', '2'] }, 'sys.check.request-params:error', '请求报文结构错误'],
  ])('%j', async (fields, code, message) => {
    await start();
    expect(await ask(bodyOf(fields))).toMatchObject({ status: 200, text: errorText(code, message) });
  });

  it.each([
    ['pageNo', '0', false],
    ['pageNo', '-1', false],
    ['pageNo', '100000', false],
    ['pageNo', '99999', true],
    ['pageSize', '0', false],
    ['pageSize', '51', false],
    ['pageSize', '50', true],
    ['pageSize', '1', true],
  ])('%s %s is in range: %s', async (name, value, inRange) => {
    await start();
    const { sn_error: error } = await read({ [name]: value });
    expect(error?.error_code === 'sys.check.page-param:error').toBe(!inRange);
  });

  it('a range as wide as the option says passes, a second more does not', async () => {
    await start({ vendorOptions: { maxRangeDays: '7' } });
    const end = '2026-01-02 00:00:00';
    expect((await read({ startTime: '2025-12-26 00:00:00', endTime: end })).sn_error).toBeUndefined();
    expect((await read({ startTime: '2025-12-25 23:59:59', endTime: end })).sn_error).toEqual({
      error_code: 'sys.check.query-time:outofrange',
      error_msg: '时间查询是否超出指定范围',
    });
  });

  it.each([
    ['no JSON', '{', 'sys.check.request-params:error'],
    ["Python's quotes", "{'sn_request':{}}", 'sys.check.request-params:error'],
    ['another root', '{"request":{}}', 'sys.check.request-params:error'],
    ['no sn_body', '{"sn_request":{}}', 'sys.check.missing-nestElement:sn_body'],
    ['an empty sn_body', '{"sn_request":{"sn_body":{}}}', 'sys.check.request-params:error'],
    ['a text for the node', '{"sn_request":{"sn_body":{"queryOrderStatus":""}}}', 'sys.check.request-params:error'],
    ['two nodes', '{"sn_request":{"sn_body":{"queryOrderStatus":[{},{}]}}}', 'biz.handler.request-message:error'],
    [
      'another node beside',
      '{"sn_request":{"sn_body":{"queryOrderStatus":{},"other":{}}}}',
      'biz.handler.request-message:error',
    ],
  ])('%s is refused', async (_name, body, code) => {
    await start();
    expect((await ask(body)).text).toContain(`"error_code":"${code}"`);
  });

  it.each(['', 'text', s2.slice(0, -1), s2.replace('<sn_body>', '<sn_body a="1">'), `<!DOCTYPE a>${s2}`, `${s2}${s2}`])(
    'XML that is none, or not of the known shape, is refused: %j',
    async (body) => {
      await start();
      expect((await send(body, signed(body))).text).toContain(
        '<error_code>sys.check.request-params:error</error_code>',
      );
    },
  );

  it('bytes that are not UTF-8, and a Format that is none, are refused', async () => {
    await start();
    const gbk = Buffer.from(s1.replace('201', '\u00cc\u00ec'), 'latin1');
    expect((await send(gbk, { ...signed(gbk), Format: 'json' })).text).toContain('sys.check.request-params:error');
    expect((await send(s1, { ...signed(s1), Format: 'yaml' })).text).toBe(
      '<sn_responseContent> <sn_error> <error_code>sys.check.request-params:error</error_code> <error_msg>请求报文结构错误</error_msg> </sn_error> </sn_responseContent>',
    );
    expect((await send(s2, { ...signed(s2), Format: 'XML' })).text).toContain('<orderId>1245</orderId>');
  });
});

describe('paging', () => {
  it('is complete, in the order of time, without a repetition, for any page size and range', async () => {
    await start();
    const all = Array.from({ length: 3001 }, (_, index) => twin.order(index));
    const timeOf = (ms: number): string => new Date(ms + 28_800_000).toISOString().slice(0, 19).replace('T', ' ');
    const byNumber = new Map(all.map((order) => [order.number, order]));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          source: fc.constantFrom('201', '204', '301'),
          queryType: fc.constantFrom('0', '1', '2'),
          size: fc.integer({ min: 7, max: 50 }),
          from: fc.integer({ min: 0, max: 60 * 86_400 }),
          seconds: fc.integer({ min: 0, max: 15 * 86_400 }),
        }),
        async ({ source, queryType, size, from, seconds }) => {
          const startMs = vectorMs - from * 1000;
          const endMs = startMs + seconds * 1000;
          const expected = all.filter(
            (order) =>
              order.orderSource === source &&
              (queryType === '0' || order.queryType === queryType) &&
              order.createdAt >= startMs &&
              order.createdAt <= endMs,
          );
          const seen: string[] = [];
          for (let pageNo = 1; ; pageNo += 1) {
            const content = await read({
              orderSource: source,
              queryType,
              startTime: timeOf(startMs),
              endTime: timeOf(endMs),
              pageSize: String(size),
              pageNo: String(pageNo),
            });
            if (content.sn_error !== undefined) {
              expect(content.sn_error.error_code).toBe('biz.handler.data-get:no-result');
              break;
            }
            expect(content.sn_head?.['pageTotal']).toBe(String(Math.ceil(expected.length / size)));
            seen.push(...idsOf(content).map(String));
          }
          expect(new Set(seen)).toEqual(new Set(expected.map((order) => order.number)));
          expect(seen.length).toBe(expected.length);
          const times = seen.map((number) => byNumber.get(number)?.createdAt ?? NaN);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
      { seed: 1, numRuns: 30 },
    );
  });

  it('takes ten rows and the first page by default', async () => {
    await start();
    const content = await read({});
    expect(idsOf(content).length).toBe(10);
    expect(content.sn_head).toMatchObject({ pageNo: '1', pageSize: '10' });
    expect(idsOf(content)[0]).toBe('1245');
  });

  it('one second of one source can hold more than a page', async () => {
    await start();
    const rush = new Map<number, number>();
    for (let index = 0; index < 3000; index += 1) {
      const { orderSource, createdAt } = twin.order(index);
      if (orderSource === '201') rush.set(createdAt, (rush.get(createdAt) ?? 0) + 1);
    }
    expect(Math.max(...rush.values())).toBeGreaterThan(50);
  });
});

describe('orders', () => {
  it('come from the seed: statuses, kinds, jobs and numbers of every sort', async () => {
    await start({ orders: 100_000 });
    const seen = { statuses: new Set<string>(), jobs: new Set<number>(), unlisted: 0, long: 0, zeros: 0, amazon: 0 };
    for (let index = 0; index < 100_000; index += 11) {
      const order = twin.order(index);
      expect(twin.indexOf(order.number)).toBe(index);
      expect(order.createdAt).toBeLessThanOrEqual(vectorMs);
      expect(order.createdAt).toBeGreaterThanOrEqual(vectorMs - 60 * 86_400_000 - 1000);
      seen.statuses.add(order.orderStatus);
      seen.jobs.add(order.jobs.length);
      if (order.jobs.some((job) => job.jobStatus === '99')) seen.unlisted += 1;
      if (/^\d{20}$/.test(order.number)) seen.long += 1;
      if (order.number.startsWith('00')) seen.zeros += 1;
      if (/^\d{3}-\d{7}-\d{7}$/.test(order.number)) seen.amazon += 1;
    }
    expect([...seen.statuses].sort()).toEqual(['01', '02', '03', '04', '05']);
    expect([...seen.jobs].sort()).toEqual([0, 1, 2, 3]);
    expect(Math.min(seen.unlisted, seen.long, seen.zeros, seen.amazon)).toBeGreaterThan(100);
    expect([twin.indexOf(''), twin.indexOf('12'), twin.indexOf('20260101xxxxxxxxxx')]).toEqual([-1, -1, -1]);
  });

  it('are the same for the same seed, others for another', async () => {
    await start({ seed: 5, epochMs: vectorMs });
    const first = twin.order(17);
    await twin.close();
    await start({ seed: 5, epochMs: vectorMs });
    expect(twin.order(17)).toEqual(first);
    await twin.close();
    await start({ seed: 6, epochMs: vectorMs });
    expect(twin.order(17).number).not.toBe(first.number);
  });
});

describe('shapes of replies', () => {
  it('XML says the same as JSON, markup escaped and numeric references among it', async () => {
    await start();
    const json = await read({ queryType: '0', pageSize: '50', pageNo: '2' });
    const fields = { ...wholeFields, pageSize: '50', pageNo: '2' };
    const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<sn_request>\n  <sn_body><queryOrderStatus>${inner.join('\n')}</queryOrderStatus></sn_body></sn_request>\n`;
    const { text } = await send(body, signed(body));
    expect(text).toMatch(/&#\d+;/);
    expect(text).toMatch(/&#x[0-9a-f]+;/);
    expect(text).toMatch(/&(?:amp|lt);/);
    const root = readXml(text);
    const at = (node: unknown, name: string): unknown[] =>
      node instanceof Map ? ((node.get(name) as unknown[] | undefined) ?? []) : [];
    const rows = at(at(at(root, 'sn_responseContent')[0], 'sn_body')[0], 'queryOrderStatus').map((row) => ({
      orderSource: at(row, 'orderSource')[0],
      orderError: at(row, 'orderError')[0],
      orderId: at(row, 'orderId')[0],
      orderStatus: at(row, 'orderStatus')[0],
      jobs: at(row, 'jobList').map((job) => [at(job, 'jobType')[0], at(job, 'jobId')[0], at(job, 'jobStatus')[0]]),
    }));
    const expected = (json.sn_body?.queryOrderStatus ?? []).map((row) => ({
      orderSource: row['orderSource'],
      orderError: row['orderError'] === null ? '' : row['orderError'],
      orderId: row['orderId'],
      orderStatus: row['orderStatus'],
      jobs: ((row['jobList'] as Record<string, string>[] | undefined) ?? []).map((job) => [
        job['jobType'],
        job['jobId'],
        job['jobStatus'],
      ]),
    }));
    expect(rows.length).toBe(50);
    expect(rows).toEqual(expected);
    expect(
      new Set(rows.map((row) => (row.orderError === undefined ? 'missing' : row.orderError === '' ? 'empty' : 'text')))
        .size,
    ).toBe(3);
  });

  it('numbers in the head, and an object for a list of one, when told', async () => {
    await start({ vendorOptions: { jsonNumbers: 'on', singleAsObject: 'on' } });
    const { text } = await ask(s1);
    expect(text).toContain(
      '"sn_head":{"pageTotal":1,"pageNo":1,"pageSize":50,"returnMessage":"biz.handler.data-get:success"}',
    );
    expect(text).toContain('"sn_body":{"queryOrderStatus":{"orderSource":"201"');
    expect(text).toContain('"jobList":[{');
  });

  it('errors without words, or beside an empty head, when told', async () => {
    await start({ vendorOptions: { errorMsg: 'absent', errorHead: 'empty' } });
    const none = s1.replace('"queryType":"2"', '"queryType":"1"');
    expect((await ask(none)).text).toBe(
      '{"sn_responseContent":{"sn_head":{},"sn_error":{"error_code":"biz.handler.data-get:no-result"}}}',
    );
    const noneXml = s2.replace('<queryType>2', '<queryType>1');
    expect((await send(noneXml, signed(noneXml))).text).toBe(
      '<sn_responseContent> <sn_head/> <sn_error> <error_code>biz.handler.data-get:no-result</error_code> </sn_error> </sn_responseContent>',
    );
  });

  it('no rows are an error with its words', async () => {
    await start();
    expect((await read({ orderSource: '301', pageNo: '99999' })).sn_error).toEqual({
      error_code: 'biz.handler.data-get:no-result',
      error_msg: '查询无结果',
    });
  });

  it('a limit, a failure and a named failure come in the asked format; nothing is ever acted on', async () => {
    await start({ faults: [{ kind: 'limit' }] });
    expect((await ask(s1)).text).toBe(errorText('sys.controller.api-frequency:limit', '访问频率限制'));
    expect((await send(s2, signed(s2))).text).toContain('<error_code>sys.controller.api-frequency:limit</error_code>');
    twin.setFaults([{ kind: 'failure' }]);
    expect((await ask(s1)).text).toBe(errorText('isp.sys.service.unavailable.fpsos', '服务不可用(系统异常)'));
    twin.setFaults([{ kind: 'failure', code: 'biz.handler.data-get:fail', message: '业务数据查询失败' }]);
    expect((await ask(s1)).text).toBe(errorText('biz.handler.data-get:fail', '业务数据查询失败'));
    expect(twin.ledger.totals).toEqual({ arrivals: 4, actions: 0, orders: 0 });
  });
});
