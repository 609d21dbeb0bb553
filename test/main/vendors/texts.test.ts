import { describe, expect, it } from 'vitest';
import { FAILURE_CLASSES } from '../../../src/contract/outcome.ts';
import { VENDOR_IDS } from '../../../src/contract/vendor.ts';
import type { Column, Field } from '../../../src/contract/vendor.ts';
import * as pddErrors from '../../../src/main/vendors/pdd/errors.ts';
import * as polyvErrors from '../../../src/main/vendors/polyv/errors.ts';
import { describeVendor, vendor } from '../../../src/main/vendors/registry.ts';
import type { ErrorEntry } from '../../../src/main/vendors/shared/errors.ts';
import { ERRORS as suningErrors } from '../../../src/main/vendors/suning/errors.ts';
import { ERRORS as vendingErrors } from '../../../src/main/vendors/vending/errors.ts';
import { expectBilingual } from './shared/bilingual.ts';

const TABLES: Readonly<Record<string, readonly ErrorEntry[]>> = {
  'pdd codes': pddErrors.PDD_CODES,
  'pdd gateway texts': pddErrors.GATEWAY_TEXTS,
  'pdd business texts': pddErrors.BUSINESS_TEXTS,
  'polyv texts': polyvErrors.POLYV_TEXTS,
  'polyv codes': polyvErrors.POLYV_CODES,
  'polyv statuses': polyvErrors.POLYV_STATUSES,
  suning: suningErrors,
  vending: vendingErrors,
};

/** The places of empty texts, lists and objects below a value, as paths. */
function emptyPlaces(value: unknown, place: string): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [place] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  if (entries.length === 0) return [place];
  return entries.flatMap(([key, one]) => emptyPlaces(one, `${place}.${key}`));
}

function fieldsOf(id: (typeof VENDOR_IDS)[number]): readonly (readonly [string, Field])[] {
  const { credentials, settings, operations } = describeVendor(vendor(id));
  return [
    ...credentials.map((field) => [`credentials.${field.id}`, field] as const),
    ...settings.map((field) => [`settings.${field.id}`, field] as const),
    ...operations.flatMap((one) =>
      [...one.params, ...(one.rowFields ?? [])].map((field) => [`${one.id}.${field.id}`, field] as const),
    ),
  ];
}

describe.each(VENDOR_IDS)('what a screen shows of %s', (id) => {
  const descriptor = describeVendor(vendor(id));

  it('has no empty text; only a ping has no form, and not every operation a warning', () => {
    const mayBeEmpty = /^(operations\.\d+\.(params|warnings)|settings\.\d+\.initial|.*\.choices\.\d+\.value)$/;
    const empty = Object.entries(descriptor).flatMap(([key, value]) => emptyPlaces(value, key));
    expect(empty.filter((place) => !mayBeEmpty.test(place))).toEqual([]);
    expect(descriptor.operations.filter((one) => one.params.length === 0).map(({ kind }) => kind)).not.toContain(
      'lookup',
    );
  });

  it('explains its fields and warns of choices in both languages', () => {
    for (const [, field] of fieldsOf(id)) {
      if (field.help !== undefined) expectBilingual(field.help);
      for (const { warning } of field.choices ?? []) if (warning !== undefined) expectBilingual(warning);
    }
    expectBilingual(...descriptor.operations.map(({ names }) => names), ...descriptor.notices);
    expect(descriptor.notices.length).toBeGreaterThan(0);
  });

  it('has columns of different ids', () => {
    for (const { columns = [] } of descriptor.operations) {
      const ids = columns.map((column: Column) => column.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('knows a row’s columns by names that differ', () => {
    for (const { rowFields = [] } of descriptor.operations) {
      for (const { aliases = [] } of rowFields) {
        expect(aliases.length).not.toBe(1);
        expect(new Set(aliases).size).toBe(aliases.length);
      }
    }
  });
});

/** The fields of each form in their order; `!` marks those that must be filled in. */
const FORMS: Readonly<Record<(typeof VENDOR_IDS)[number], Readonly<Record<string, string>>>> = {
  polyv: {
    credentials: 'appId! appSecret!',
    settings: 'signatureMethod! atomicFailureText',
    'order-get': 'orderNo!',
    'order-list':
      'status startCreateTime endCreateTime startPayTime endPayTime startDeliveryTime endDeliveryTime startFinishTime endFinishTime deliveryType queryChannelId pageSize!',
    'update-status': 'status! orderNo!',
  },
  pdd: {
    credentials: 'appId! appSecret! sellerNick!',
    settings: 'hexCase! emptyValues! noteMax! noteSeparator! notePath listVersion! listHours!',
    'order-detail': 'order_sn!',
    'order-list': 'start_confirm_at! end_confirm_at! order_status! refund_status! remark_tag',
    'note-update': 'mode! separator template order_sn! note! tag tag_name',
  },
  vending: {
    credentials: 'appId! appSecret! signKey!',
    settings: 'hexCase! valueEncoding! orderTtlMin! lockSeconds!',
    'order-update': 'status order_id! machine_no! status created_at',
    'order-query': 'order_id! machine_no',
    'delivery-query': 'delivery_id! machine_no!',
    dispense: 'order_id! machine_no! record_id!',
  },
  suning: {
    credentials: 'appKey! appSecret! accessToken',
    settings: 'format! methodSuffix! pageSize! windowHours!',
    'order-status': 'orderSource! startTime! endTime! queryType! pageSize',
  },
};

describe.each(VENDOR_IDS)('the forms of %s', (id) => {
  it('have their fields in order, required or not', () => {
    const forms: Record<string, string> = {};
    for (const [name, field] of fieldsOf(id)) {
      const [form = '', word = ''] = name.split('.');
      forms[form] = `${forms[form] ?? ''} ${word}${field.required ? '!' : ''}`.trim();
    }
    expect(forms).toEqual(FORMS[id]);
  });
});

describe.each(Object.entries(TABLES))('the error table %s', (_name, table) => {
  it('gives every line a class, a reading and a remedy in both languages', () => {
    expect(table.length).toBeGreaterThan(0);
    for (const entry of table) {
      expect(entry.code).not.toBe('');
      expect(FAILURE_CLASSES).toContain(entry.class);
      expectBilingual(entry.reading, entry.remedy);
    }
  });
});
