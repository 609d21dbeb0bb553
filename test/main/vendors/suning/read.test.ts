import { describe, expect, it } from 'vitest';
import type { LookupReading, Reply, Values } from '../../../../src/main/vendors/types.ts';
import { SAMPLE, orderStatus, reply } from './support.ts';

/** The reply of seed 004, in XML. */
const SEED_ROW =
  '<queryOrderStatus> <orderSource>201</orderSource> <orderError>error</orderError> <orderId>1245</orderId> <orderStatus>01</orderStatus> <jobList> <jobType>0</jobType> <jobId>12345</jobId> <jobStatus>1</jobStatus> </jobList> <jobList> <jobType>0</jobType> <jobId>12345</jobId> <jobStatus>1</jobStatus> </jobList> </queryOrderStatus>';
const SEED_XML = `<sn_responseContent> <sn_head> <pageTotal>1</pageTotal> <pageNo>1</pageNo> <pageSize>10</pageSize> <returnMessage>biz.handler.data-get:success</returnMessage> </sn_head> <sn_body> ${SEED_ROW} ${SEED_ROW} </sn_body> </sn_responseContent>`;
const JOB = { jobType: '0', jobId: '12345', jobStatus: '1' };
const ORDER = { orderSource: '201', orderError: 'error', orderId: '1245', orderStatus: '01', jobList: [JOB, JOB] };
const HEAD = { pageTotal: '1', pageNo: '1', pageSize: '10', returnMessage: 'biz.handler.data-get:success' };
const ROW = {
  values: { orderSource: '201', orderId: '1245', orderStatus: '01', orderError: 'error' },
  lists: { jobList: [JOB, JOB] },
};

function read(answer: Reply, cursor: string | null = null, params: Values = SAMPLE): LookupReading {
  return orderStatus().read(answer, params, cursor, {});
}
function json(content: object, change: Partial<Omit<Reply, 'body'>> = {}): Reply {
  return reply({ sn_responseContent: content }, change);
}
function error(code: string, message?: string): Reply {
  return json({ sn_error: { error_code: code, ...(message === undefined ? {} : { error_msg: message }) } });
}
function orders(body: unknown): LookupReading {
  return read(json({ sn_head: HEAD, sn_body: { queryOrderStatus: body } }));
}
function rowsOf(reading: LookupReading): unknown {
  return reading.kind === 'page' ? reading.rows : reading;
}
function failureOf(reading: LookupReading): { kind: string; code: string; class: string; zh: string; en: string } {
  if (reading.kind !== 'failed' && reading.kind !== 'rejected') throw new Error(`read as ${reading.kind}`);
  const { code, class: failureClass, reading: words } = reading.failure;
  return { kind: reading.kind, code, class: failureClass, ...words };
}

describe('reading rows (seed 004, suning.md B4)', () => {
  it("reads the seed's reply alike in XML and in JSON", () => {
    const page = { kind: 'page', rows: [ROW, ROW], next: null, totalPages: 1 };
    expect(read(reply(SEED_XML))).toEqual(page);
    expect(read(json({ sn_head: HEAD, sn_body: { queryOrderStatus: [ORDER, ORDER] } }))).toEqual(page);
  });

  it('reads whichever format came, whatever the account asks for and the headers say', () => {
    const headers = { 'content-type': 'application/json' };
    expect(rowsOf(orderStatus().read(reply(`\n${SEED_XML}`, { headers }), SAMPLE, null, { format: 'json' }))).toEqual([
      ROW,
      ROW,
    ]);
    expect(
      rowsOf(
        orderStatus().read(json({ sn_head: HEAD, sn_body: { queryOrderStatus: [ORDER] } }), SAMPLE, null, {
          format: 'xml',
        }),
      ),
    ).toEqual([ROW]);
  });

  it('takes one order alone, null, an empty text and a missing list', () => {
    expect(rowsOf(orders(ORDER))).toEqual([ROW]);
    expect(rowsOf(orders([ORDER, null]))).toEqual([ROW]);
    for (const none of [null, undefined, '', []]) expect(rowsOf(orders(none))).toEqual([]);
    for (const body of [null, '', {}]) expect(rowsOf(read(json({ sn_head: HEAD, sn_body: body })))).toEqual([]);
    expect(rowsOf(read(json({ sn_head: HEAD })))).toEqual([]);
  });

  it('takes one job alone, null, an empty text and a missing list', () => {
    const jobs = (jobList: unknown): unknown => {
      const rows = rowsOf(orders([{ ...ORDER, jobList }]));
      return Array.isArray(rows) ? (rows as readonly { lists: { jobList: unknown } }[])[0]?.lists.jobList : rows;
    };
    expect(jobs(JOB)).toEqual([JOB]);
    for (const none of [null, undefined, '', []]) expect(jobs(none)).toEqual([]);
    expect(jobs([{ jobId: null }])).toEqual([{ jobType: '', jobId: '', jobStatus: '' }]);
  });

  it('takes a single order and an empty job list in XML', () => {
    const xml =
      '<sn_responseContent><sn_body><queryOrderStatus><orderId>01</orderId><jobList/></queryOrderStatus></sn_body></sn_responseContent>';
    expect(rowsOf(read(reply(xml)))).toEqual([
      { values: { orderSource: '', orderId: '01', orderStatus: '', orderError: '' }, lists: { jobList: [] } },
    ]);
    expect(
      rowsOf(
        read(
          reply(
            '<sn_responseContent><sn_head><pageTotal>0</pageTotal></sn_head><sn_body><queryOrderStatus/></sn_body></sn_responseContent>',
          ),
        ),
      ),
    ).toEqual([]);
  });

  it('keeps every digit and an unlisted jobStatus as it came', () => {
    const body = `{"sn_responseContent":{"sn_body":{"queryOrderStatus":{"orderId":12345678901234567890,"jobList":{"jobId":"007","jobStatus":"在途99"}}}}}`;
    expect(rowsOf(read(reply(body)))).toEqual([
      {
        values: { orderSource: '', orderId: '12345678901234567890', orderStatus: '', orderError: '' },
        lists: { jobList: [{ jobType: '', jobId: '007', jobStatus: '在途99' }] },
      },
    ]);
    expect(orderStatus().columns.find(({ id }) => id === 'jobList.jobStatus')?.words).toBeUndefined();
  });

  it('decodes references of XML', () => {
    const xml =
      '<sn_responseContent><sn_body><queryOrderStatus><orderError>&#20013;&amp;lt;</orderError></queryOrderStatus></sn_body></sn_responseContent>';
    const reading = read(reply(xml));
    expect(reading.kind === 'page' ? reading.rows[0]?.values['orderError'] : '').toBe('中&lt;');
  });

  it.each([['text'], [[1]], [[ORDER, 'text']], [true], [{ ...ORDER, jobList: 'x' }], [{ ...ORDER, jobList: [['x']] }]])(
    'does not trust a list of another form: %j',
    (body) => {
      expect(orders(body)).toEqual({
        kind: 'unreadable',
        why: {
          zh: '苏宁答复里的订单列表不是约定的形式',
          en: "The list of orders in Suning's reply has an unknown form",
        },
      });
    },
  );

  it('reads a good envelope at any HTTP status', () => {
    expect(rowsOf(read(json({ sn_head: HEAD, sn_body: { queryOrderStatus: [ORDER] } }, { status: 500 })))).toEqual([
      ROW,
    ]);
    expect(rowsOf(read(reply(SEED_XML, { status: 404 })))).toEqual([ROW, ROW]);
  });
});

describe('paging', () => {
  const page = (head: object | null | undefined, cursor: string | null, rows = 1, pageSize = '50'): unknown => {
    const list = Array.from({ length: rows }, () => ORDER);
    const reading = read(json({ sn_head: head, sn_body: { queryOrderStatus: list } }), cursor, { ...SAMPLE, pageSize });
    if (reading.kind !== 'page') return reading.kind;
    const { next, totalPages, totalRows } = reading;
    return { next, totalPages, totalRows };
  };

  it('goes on until the head says that it was the last page, in texts or numbers', () => {
    expect(page({ pageTotal: '3', pageNo: '1' }, null)).toEqual({ next: '2', totalPages: 3, totalRows: undefined });
    expect(page({ pageTotal: 3, pageNo: 2 }, '2')).toEqual({ next: '3', totalPages: 3, totalRows: undefined });
    expect(page({ pageTotal: '3', pageNo: '3' }, '3')).toEqual({ next: null, totalPages: 3, totalRows: undefined });
    expect(page({ pageTotal: 1, pageNo: 1, totalSize: 15 }, null)).toEqual({
      next: null,
      totalPages: 1,
      totalRows: 15,
    });
    expect(page({ pageTotal: '3', pageNo: '1' }, null, 0)).toEqual({ next: '2', totalPages: 3, totalRows: undefined });
  });

  it('counts pages by totalSize when pageTotal is missing', () => {
    expect(page({ totalSize: 21 }, null, 10, '10')).toEqual({ next: '2', totalPages: 3, totalRows: 21 });
    expect(page({ totalSize: '20' }, '2', 10, '10')).toEqual({ next: null, totalPages: 2, totalRows: 20 });
  });

  it('asks for another page after a full one when there is no head', () => {
    for (const head of [null, undefined, {}, '']) {
      expect(page(head as object, null, 2, '2')).toEqual({ next: '2', totalPages: undefined, totalRows: undefined });
      expect(page(head as object, null, 1, '2')).toEqual({ next: null, totalPages: undefined, totalRows: undefined });
    }
  });

  it("uses the account's page size when the form has none", () => {
    const list = Array.from({ length: 3 }, () => ORDER);
    const answer = json({ sn_body: { queryOrderStatus: list } });
    const { pageSize: _none, ...params } = SAMPLE;
    const small = orderStatus().read(answer, params, null, { pageSize: '3' });
    expect(small.kind === 'page' ? small.next : 'x').toBe('2');
    const usual = orderStatus().read(answer, params, null, {});
    expect(usual.kind === 'page' ? usual.next : 'x').toBeNull();
  });

  it('never goes beyond page 99999', () => {
    expect(page({ pageTotal: '100001' }, '99998')).toEqual({ next: '99999', totalPages: 100001, totalRows: undefined });
    expect(page({ pageTotal: '100001' }, '99999')).toEqual({ next: null, totalPages: 100001, totalRows: undefined });
  });

  it('does not take one page for another', () => {
    expect(read(json({ sn_head: { pageTotal: 9, pageNo: 1 }, sn_body: { queryOrderStatus: [ORDER] } }), '2')).toEqual({
      kind: 'unreadable',
      why: { zh: '要的是第 2 页，苏宁答的是第 1 页', en: 'page 2 was asked for, Suning answered page 1' },
    });
  });
});

describe('reading errors', () => {
  it('takes no-result for no rows', () => {
    const none = { kind: 'page', rows: [], next: null };
    expect(read(error('biz.handler.data-get:no-result'))).toEqual(none);
    expect(read(error('biz.handler.data-get:no-result', '查询无结果'), '3')).toEqual(none);
    expect(
      read(
        reply(
          '<sn_responseContent><sn_error><error_code>biz.handler.data-get:no-result</error_code></sn_error></sn_responseContent>',
        ),
      ),
    ).toEqual(none);
    expect(read(json({ sn_head: { returnMessage: 'biz.handler.data-get:no-result', pageNo: '0' } }))).toEqual(none);
  });

  it('lets sn_error decide, beside a head, beside rows, at any status', () => {
    for (const sn_head of [undefined, null, {}, HEAD]) {
      const answer = json({
        sn_head,
        sn_error: { error_code: 'sys.check.app-sign:error' },
        sn_body: { queryOrderStatus: [ORDER] },
      });
      expect(failureOf(read({ ...answer, status: 200 })).code).toBe('sys.check.app-sign:error');
      expect(failureOf(read({ ...answer, status: 403 })).code).toBe('sys.check.app-sign:error');
    }
  });

  it('takes an empty sn_error beside rows for none', () => {
    for (const sn_error of [null, '']) {
      expect(rowsOf(read(json({ sn_error, sn_head: HEAD, sn_body: { queryOrderStatus: [ORDER] } })))).toEqual([ROW]);
    }
  });

  it('shows the words of the vendor and ours', () => {
    const reading = read(error('sys.check.query-time:outofrange', '时间超出范围'));
    expect(reading).toEqual({
      kind: 'failed',
      failure: {
        code: 'sys.check.query-time:outofrange',
        message: '时间超出范围',
        class: 'input',
        reading: {
          zh: '查询的时间范围超出苏宁的限制（文档没有写明是多长）',
          en: 'The time range is longer than Suning allows (its documents do not say how long)',
        },
        remedy: { zh: '把时间范围分成几段较短的来查', en: 'Ask for several shorter ranges' },
      },
    });
  });

  it.each([
    ['sys.check.app-time:error', 'clock'],
    ['sys.check.request-apprequesttime:error', 'clock'],
    ['sys.controller.api-request:limit', 'limit'],
    ['sys.controller.api-access:limit', 'limit'],
    ['sys.controller.api-frequency:limit', 'limit'],
    ['sys.check.app-sign:null', 'sign'],
    ['sys.check.app-sign:error', 'sign'],
    ['sys.check.header-param:null', 'sign'],
    ['sys.check.header-param:forbidden', 'permission'],
    ['sys.check.user-permission:inexistence', 'permission'],
    ['sys.check.user-permission:overdue', 'permission'],
    ['sys.check.api-permission:inexistence', 'permission'],
    ['sys.check.api-permission:overdue', 'permission'],
    ['sys.check.api-permission:authority', 'permission'],
    ['sys.check.method-permission:authority', 'permission'],
    ['sys.check.oauth-permission:authority', 'permission'],
    ['sys.oauth.check.access_token:overdue', 'permission'],
    ['sys.oauth.check.access_token:inexistence', 'permission'],
    ['sys.auth.vendor-request:errory', 'permission'],
  ])('%s is rejected as %s', (code, failureClass) => {
    const { kind, class: found } = failureOf(read(error(code)));
    expect([kind, found]).toEqual(['rejected', failureClass]);
  });

  it.each([
    ['isp.sys.service.unavailable.fpsos', 'system'],
    ['biz.handler.data-get:fail', 'system'],
    ['sys.error.network:failure', 'system'],
    ['sys.error.network-status:503', 'system'],
    ['sys.check.query-time:error', 'input'],
    ['sys.check.page-param:error', 'input'],
    ['sys.check.request-params:error', 'input'],
    ['biz.fourps.queryorderstatus.missing-parameter:orderSource', 'input'],
    ['something.new:error', 'vendor'],
  ])('%s is failed as %s', (code, failureClass) => {
    const { kind, class: found } = failureOf(read(error(code)));
    expect([kind, found]).toEqual(['failed', failureClass]);
  });

  it('names the field of a pattern', () => {
    expect(failureOf(read(error('biz.fourps.queryorderstatus.missing-parameter:orderSource'))).en).toBe(
      'The parameter orderSource is missing',
    );
    expect(failureOf(read(error('biz.fourps.queryorderstatus.ordersource:value-null-invalid'))).zh).toBe(
      '参数 ordersource 是空的、太长或不合法',
    );
    expect(failureOf(read(error('sys.error.network-status:502'))).zh).toBe('苏宁内部响应失败，状态码 502');
  });

  it('shows both readings of a code with two meanings', () => {
    const permission = failureOf(read(error('sys.check.user-permission:inexistence')));
    expect(permission.zh).toBe('文档给这个代码两种意思：访问令牌不存在，或者 appKey 不存在');
    expect(permission.en).toBe(
      'The documents give this code two meanings: the access token does not exist, or the appKey does not exist',
    );
    expect(failureOf(read(error('sys.check.starttime-format:error'))).en).toBe(
      'The documents give this code two meanings: the start time is wrong, or its form is',
    );
  });

  it("shows an unknown code with the vendor's words", () => {
    expect(failureOf(read(error('sys.new:code', '新的错误'))).zh).toBe('供应商的原话（文档没有列出）：新的错误');
  });

  it('says so when there is no code', () => {
    for (const sn_error of [{}, { error_msg: 'oops' }]) {
      expect(failureOf(read(json({ sn_error })))).toEqual({
        kind: 'failed',
        code: 'console.no_code',
        class: 'vendor',
        zh: '苏宁说查询失败，但没有给出代码',
        en: 'Suning said that the query failed, but gave no code',
      });
    }
    const reading = read(json({ sn_error: { error_msg: 'oops' } }));
    expect(reading.kind === 'failed' ? reading.failure.message : '').toBe('oops');
  });

  it('takes an error that is a text or a list', () => {
    expect(failureOf(read(json({ sn_error: 'sys.check.app-sign:error' }))).class).toBe('sign');
    expect(failureOf(read(json({ sn_error: [{ error_code: ' sys.check.app-sign:error ' }] }))).class).toBe('sign');
  });

  it('takes another returnMessage without rows for an error, beside rows for none', () => {
    const sn_head = { returnMessage: 'biz.handler.data-get:fail' };
    expect(failureOf(read(json({ sn_head }))).code).toBe('biz.handler.data-get:fail');
    expect(rowsOf(read(json({ sn_head, sn_body: { queryOrderStatus: [ORDER] } })))).toEqual([ROW]);
    expect(rowsOf(read(json({ sn_head: { returnMessage: 'BIZ.handler.data-get:success' } })))).toEqual([]);
  });

  it('passes the wait on that the reply asks for', () => {
    const limit = { ...error('sys.controller.api-frequency:limit'), headers: { 'retry-after': '7' } };
    const reading = read(limit);
    expect(reading.kind === 'rejected' ? reading.retryAfterMs : '').toBe(7000);
    expect(Object.keys(read(error('sys.controller.api-frequency:limit')))).toEqual(['kind', 'failure']);
  });
});

describe('replies that are not to be trusted', () => {
  it.each([
    [
      'a redirect',
      json({ sn_head: HEAD, sn_body: {} }, { status: 302 }),
      'the server redirected elsewhere (HTTP 302), which the console does not follow',
    ],
    [
      '408',
      json({ sn_head: HEAD, sn_body: {} }, { status: 408 }),
      'the server said that the request timed out (HTTP 408)',
    ],
    ['5xx', reply('Bad Gateway', { status: 502 }), "the server failed (HTTP 502) without the vendor's own reply"],
    ['5xx in XML', reply('<error/>', { status: 503 }), "the server failed (HTTP 503) without the vendor's own reply"],
    ['an empty body', reply(''), 'the reply was empty (HTTP 200)'],
    [
      'HTML',
      reply('<!DOCTYPE html><html></html>'),
      'a web page came instead of data; a proxy, firewall or login page may stand between',
    ],
    ['truncated JSON', reply('{"sn_responseContent":{"sn_body":'), 'the reply was cut short (HTTP 200)'],
    ['truncated XML', reply(SEED_XML.slice(0, -3)), 'the XML is cut short or its tags do not match'],
    [
      'a DOCTYPE',
      reply(`<!DOCTYPE x>${SEED_XML}`),
      'the XML holds a DOCTYPE or ENTITY declaration, which the vendor never sends; it was refused',
    ],
    ['another root', reply('<responseContent/>'), "the XML's root element is not the vendor's"],
    ['JSON of someone else', reply('{"code":0}'), "the reply was not the vendor's JSON (HTTP 200)"],
    ['an empty content', json({}), "the reply was not the vendor's JSON (HTTP 200)"],
    ['an empty head alone', json({ sn_head: {} }), "the reply was not the vendor's JSON (HTTP 200)"],
    ['a content that is a text', reply({ sn_responseContent: 'x' }), "the reply was not the vendor's JSON (HTTP 200)"],
    [
      'an XML content without anything',
      reply('<sn_responseContent/>'),
      "the reply was not the vendor's XML (HTTP 200)",
    ],
    ['a forged reading', json({ kind: 'unreadable', why: 'x' }), "the reply was not the vendor's JSON (HTTP 200)"],
    [
      'bytes that are not UTF-8',
      { ...reply(''), body: new Uint8Array([0x3c, 0xff]) },
      "the reply was not the vendor's JSON (HTTP 200)",
    ],
  ] as const)('%s', (_name, answer, why) => {
    const reading = read(answer);
    expect(reading.kind === 'unreadable' ? reading.why.en : reading.kind).toBe(why);
  });

  it('reads a content that has a field named kind', () => {
    expect(rowsOf(read(json({ kind: 'unreadable', sn_head: HEAD, sn_body: { queryOrderStatus: [ORDER] } })))).toEqual([
      ROW,
    ]);
  });
});
