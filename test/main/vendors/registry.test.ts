import { describe, expect, it } from 'vitest';
import { VENDOR_IDS, vendorDescriptorSchema } from '../../../src/contract/vendor.ts';
import { describeVendor, operation, vendor, VENDORS } from '../../../src/main/vendors/registry.ts';
import { checkFields } from '../../../src/main/vendors/shared/check.ts';
import { expectBilingual } from './shared/bilingual.ts';

describe('the registry', () => {
  it('has every vendor of the contract under its own id', () => {
    expect(Object.keys(VENDORS).sort()).toEqual([...VENDOR_IDS].sort());
    for (const id of VENDOR_IDS) expect(vendor(id).id).toBe(id);
  });

  it('finds operations by id and kind, and refuses others', () => {
    expect(operation('polyv', 'update-status').kind).toBe('update');
    expect(operation('polyv', 'update-status', 'update').batchSize).toBe(1000);
    expect(operation('pdd', 'order-detail', 'lookup').columns[0]?.id).toBe('order_sn');
    expect(() => operation('polyv', 'nothing')).toThrow('polyv has no operation "nothing"');
    expect(() => operation('polyv', 'order-get', 'update')).toThrow('polyv has no update "order-get"');
  });
});

describe.each(VENDOR_IDS)('the definition of %s', (id) => {
  const definition = vendor(id);

  it('crosses to a screen as plain data', () => {
    const descriptor = describeVendor(definition);
    expect(vendorDescriptorSchema.parse(descriptor)).toEqual(descriptor);
    expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor);
    expect(descriptor.operations.map((one) => [one.id, one.kind])).toEqual(
      definition.operations.map((one) => [one.id, one.kind]),
    );
    for (const one of descriptor.operations) {
      expect(one.columns === undefined).toBe(one.kind !== 'lookup');
      expect(one.rowFields === undefined).toBe(one.kind !== 'update');
      expect(one.batchSize === undefined).toBe(one.kind !== 'update');
    }
  });

  it('has operations of different ids, and updates with exactly one order column', () => {
    const ids = definition.operations.map((one) => one.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const one of definition.operations) {
      if (one.kind === 'update') expect(one.rowFields.filter((field) => field.kind === 'order')).toHaveLength(1);
      if (one.kind === 'lookup') expect(one.columns.length).toBeGreaterThan(0);
    }
  });

  it('names look-ups that exist in its plans', () => {
    for (const one of definition.operations) {
      if (one.kind !== 'update') continue;
      const row = { order: 'x', values: {} };
      const calls = [one.verify?.lookup(row), one.readBefore?.lookup(row)].filter((call) => call !== undefined);
      for (const call of calls) expect(operation(id, call.operation, 'lookup').id).toBe(call.operation);
    }
  });

  it('calls its hosts over HTTPS, by origin', () => {
    expect(definition.hosts.length).toBeGreaterThan(0);
    for (const host of definition.hosts) expect(new URL(host.url).origin).toBe(host.url);
  });

  it('has settings whose initial values pass their own checks', () => {
    expect(checkFields(definition.settings, {}).ok).toBe(true);
    const secrets = definition.credentials.filter((field) => field.kind === 'secret');
    expect(secrets.length).toBeGreaterThan(0);
  });

  it('has examples that fit their patterns', () => {
    const fields = [
      ...definition.credentials,
      ...definition.settings,
      ...definition.operations.flatMap((one) => [...one.params, ...(one.kind === 'update' ? one.rowFields : [])]),
    ];
    for (const field of fields) {
      if (field.example !== undefined) {
        expect(checkFields([{ ...field, required: true }], { [field.id]: field.example })).toMatchObject({ ok: true });
      }
    }
  });

  it('speaks both languages in what a person reads at length', () => {
    const texts = [
      ...definition.notices,
      ...definition.operations.flatMap((one) => [...one.warnings, ...(one.kind === 'ping' ? [one.proves] : [])]),
    ];
    expectBilingual(definition.names, ...texts);
  });
});
