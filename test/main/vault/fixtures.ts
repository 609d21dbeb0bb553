import type { Bilingual } from '../../../src/contract/text.ts';
import type { Field, VendorId } from '../../../src/contract/vendor.ts';
import type { VendorDefinition } from '../../../src/main/vendors/types.ts';
import type { NewAccount } from '../../../src/main/vault/index.ts';

export function text(words: string): Bilingual {
  return { zh: `${words}（中）`, en: words };
}

function field(id: string, more: Partial<Field> = {}): Field {
  return { id, names: text(id), kind: 'text', required: true, ...more };
}

function vendor(id: VendorId, more: Partial<VendorDefinition>): VendorDefinition {
  return {
    id,
    names: text(`Vendor ${id}`),
    credentials: [],
    settings: [],
    hosts: [{ url: `https://api.${id}.example`, names: text('own') }],
    limits: { perSecond: 1, concurrency: 1, backOffMs: 1, clockToleranceMs: null },
    operations: [],
    notices: [],
    ...more,
  };
}

const DEFINITIONS: Readonly<Record<VendorId, VendorDefinition>> = {
  polyv: vendor('polyv', {
    credentials: [
      field('appId', { pattern: '[a-z0-9]{4,}', example: 'abcd12' }),
      field('appSecret', { kind: 'secret' }),
    ],
    consent: { zh: '不得把密钥放在客户端', en: 'never keep the secret on a client' },
  }),
  pdd: vendor('pdd', {
    credentials: [field('appId'), field('appSecret', { kind: 'secret' })],
    hosts: [
      { url: 'https://kf.pdd.example', names: text('kf') },
      { url: 'https://open.pdd.example', names: text('open') },
    ],
    settings: [
      field('hexCase', {
        kind: 'choice',
        required: false,
        initial: 'lower',
        choices: [
          { value: 'lower', names: text('Lower case') },
          { value: 'upper', names: text('Upper case') },
        ],
      }),
    ],
  }),
  vending: vendor('vending', {
    credentials: [field('appId'), field('appSecret', { kind: 'secret' }), field('signKey', { kind: 'secret' })],
  }),
  suning: vendor('suning', {
    credentials: [
      field('appKey'),
      field('appSecret', { kind: 'secret' }),
      field('accessToken', { kind: 'secret', required: false, maxLength: 40 }),
    ],
  }),
};

export function vendors(id: VendorId): VendorDefinition {
  return DEFINITIONS[id];
}

/** A live account of the two-host vendor. */
export function pddAccount(more: Partial<NewAccount> = {}): NewAccount {
  return {
    label: 'Main shop',
    vendor: 'pdd',
    environment: 'live',
    plain: { appId: 'app-1' },
    settings: {},
    secrets: { appSecret: 's3cret-of-the-main-shop' },
    ...more,
  };
}

/** An account of a vendor twin on loopback. */
export function twinAccount(more: Partial<NewAccount> = {}): NewAccount {
  return pddAccount({ label: 'Twin', environment: 'twin', baseUrl: 'http://127.0.0.1:8123', ...more });
}
