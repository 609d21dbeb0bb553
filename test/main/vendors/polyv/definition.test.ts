import { describe, expect, it } from 'vitest';
import codes from '../../../fixtures/vendor-codes/polyv.json' with { type: 'json' };
import { explain, findEntry } from '../../../../src/main/vendors/shared/errors.ts';
import { POLYV_CODES, POLYV_STATUSES, POLYV_TEXTS } from '../../../../src/main/vendors/polyv/errors.ts';
import { polyv } from '../../../../src/main/vendors/polyv/index.ts';
import { expectBilingual } from '../shared/bilingual.ts';
import { failure, lookup, update } from './support.ts';

describe('the error tables against the documents', () => {
  it.each(codes.texts)('explains "$text" ($source)', ({ text, class: failureClass }) => {
    const read = update().read(failure(500, text), [{ order: 'a', values: {} }], {}, {});
    const failed = read.kind === 'answered' && read.rows[0]?.outcome === 'unknown' ? read.rows[0].failure : undefined;
    const explained = read.kind === 'rejected' ? read.failure : failed;
    expect(explained?.class).toBe(failureClass);
    expect(explained?.reading.en).not.toContain('not in its documents');
    expectBilingual(explained?.reading, explained?.remedy);
  });

  it.each([
    ...codes.envelopeCodes.map((one) => ({ ...one, table: POLYV_STATUSES })),
    ...codes.errorCodes.map((one) => ({ ...one, table: POLYV_CODES })),
  ])('explains $code ($source)', ({ code, class: failureClass, table }) => {
    expect(findEntry(table, code)?.class).toBe(failureClass);
    const explained = explain(table, code, 'words');
    expectBilingual(explained.reading, explained.remedy);
  });

  it('has no entry twice and none without words', () => {
    for (const table of [POLYV_TEXTS, POLYV_CODES, POLYV_STATUSES]) {
      const names = table.map((entry) => entry.code);
      expect(new Set(names).size).toBe(names.length);
      for (const entry of table) expectBilingual(entry.reading, entry.remedy);
    }
  });

  it('keys texts as they are searched: in lower case, without a full stop', () => {
    for (const { code } of POLYV_TEXTS) expect(code).toBe(code.toLowerCase().replace(/\.$/, ''));
  });

  it.each(codes.statuses)('words the status $status ($source)', ({ status, zh }) => {
    for (const id of ['order-get', 'order-list'] as const) {
      const words = lookup(id).columns.find((column) => column.id === 'status')?.words;
      expect(words?.[status]?.zh).toBe(zh);
      expectBilingual(words?.[status]);
      expect(Object.keys(words ?? {})).toHaveLength(codes.statuses.length);
    }
  });
});

describe('the definition', () => {
  it('has the documented limits, with a wide margin', () => {
    expect(polyv.limits).toEqual({ perSecond: 5, concurrency: 2, backOffMs: 300_000, clockToleranceMs: 180_000 });
    expect(polyv.hosts.map((host) => host.url)).toEqual(['https://api.polyv.net']);
  });

  it('keeps the appSecret, and it alone, as a secret', () => {
    expect(polyv.credentials.map(({ id, kind, required }) => [id, kind, required])).toEqual([
      ['appId', 'text', true],
      ['appSecret', 'secret', true],
    ]);
  });

  it('signs with MD5 and halves nothing unless told so', () => {
    expect(polyv.settings.map(({ id, initial }) => [id, initial])).toEqual([
      ['signatureMethod', 'MD5'],
      ['atomicFailureText', ''],
    ]);
    expect(polyv.settings[0]?.choices?.map((choice) => choice.value)).toEqual(['MD5', 'SHA256']);
  });

  it("quotes the seed's rule about the secret, word for word, in the consent", () => {
    const rule =
      '生成签名的appSecret密钥作为通信数据安全的关键信息,严禁保存在客户端直接使用,所有API都必须通过客户自己服务器中转调用POLYV服务器获取响应数据';
    expect(polyv.consent?.zh).toContain(rule);
    expect(polyv.consent?.en).toContain(rule);
    expect(polyv.consent?.en).toContain('the appSecret must never be kept on a client');
  });

  it('marks what is personal', () => {
    const personal = lookup('order-get')
      .columns.filter((column) => column.personal === true)
      .map((column) => column.id);
    expect(personal).toEqual(['viewerId', 'viewerNickName', 'name', 'mobile', 'area', 'address']);
  });

  it('knows the headers that sellers use', () => {
    const [order] = update().rowFields;
    expect(order?.kind).toBe('order');
    for (const name of ['订单号', '订单编号', '商家订单号', 'order no', 'orderNo', 'order_sn'])
      expect(order?.aliases).toContain(name);
  });
});
