import { describe, expect, it } from 'vitest';
import {
  draftFor,
  draftOf,
  foreignHosts,
  hostsOf,
  lacking,
  lackingSecrets,
  placedProblem,
  toNewAccount,
  toPatch,
  withEnvironment,
} from '../../../src/renderer/stores/account-draft.ts';
import { invalid, RULED, SECOND, SHOP, TWO_SECRETS } from './support.ts';

const filledIn = {
  ...draftFor(RULED, null),
  label: ' Flagship ',
  plain: { appId: 'g4rq' },
  consent: true,
};

describe('a new account', () => {
  it("begins with the vendor's first address, its defaults and no consent", () => {
    expect(draftFor(TWO_SECRETS, null)).toMatchObject({
      vendorUrl: 'https://open.suning.com',
      plain: { appKey: '' },
      settings: { pageSize: '50', path: '' },
      perSecond: null,
      consent: false,
    });
  });

  it('keeps its name, but neither consent nor credentials, for another vendor', () => {
    expect(draftFor(TWO_SECRETS, filledIn)).toMatchObject({
      label: ' Flagship ',
      plain: { appKey: '' },
      consent: false,
    });
  });

  it('sends what was filled in and no default, which may change later', () => {
    expect(toNewAccount(filledIn, RULED, { appSecret: 's' })).toEqual({
      label: 'Flagship',
      vendor: 'polyv',
      environment: 'live',
      baseUrl: 'https://api.polyv.net',
      plain: { appId: 'g4rq' },
      settings: {},
      secrets: { appSecret: 's' },
      consent: true,
    });
  });

  it('sends further hosts together with the host of the address, and the pace', () => {
    const draft = { ...filledIn, moreHosts: 'a.example.com，b.example.com:8443\nb.example.com:8443', perSecond: 3 };
    expect(toNewAccount(draft, RULED, {})).toMatchObject({
      hosts: ['api.polyv.net', 'a.example.com', 'b.example.com:8443'],
      pacing: { perSecond: 3 },
    });
  });

  it('has an address of its own as a twin, and one of the vendor again as a real account', () => {
    const twin = withEnvironment(filledIn, 'twin', RULED);
    expect(hostsOf({ ...twin, ownUrl: 'http://127.0.0.1:8080' })).toEqual(['127.0.0.1:8080']);
    expect(withEnvironment(twin, 'test', RULED).vendorUrl).toBe('https://api.polyv.net');
  });

  it('names every field that may not stay empty at once', () => {
    const wants = { wanted: true, values: {} };
    expect(Object.keys(lacking(draftFor(RULED, null), RULED, wants))).toEqual([
      'label',
      'appId',
      'appSecret',
      'consent',
    ]);
    const own = { ...draftFor(TWO_SECRETS, null), vendorUrl: null };
    expect(Object.keys(lacking(own, TWO_SECRETS, wants))).toEqual(['label', 'baseUrl', 'appKey', 'appSecret']);
  });

  it('needs no consent as a twin', () => {
    const draft = { ...withEnvironment(filledIn, 'twin', RULED), consent: false, ownUrl: 'http://127.0.0.1:1' };
    expect(lacking(draft, RULED, { wanted: true, values: { appSecret: 's' } })).toEqual({});
  });

  it('may lack an optional secret', () => {
    expect(lackingSecrets(TWO_SECRETS, { appSecret: 's' }, null)).toEqual({});
    expect(Object.keys(lackingSecrets(TWO_SECRETS, { accessToken: 't' }, null))).toEqual(['appSecret']);
  });
});

describe("an account's changes", () => {
  it('are none when nothing was changed', () => {
    expect(toPatch(draftOf(SHOP, RULED), SHOP, RULED, null)).toBeNull();
    expect(toPatch(draftOf(SECOND, TWO_SECRETS), SECOND, TWO_SECRETS, null)).toBeNull();
  });

  it('hold what changed alone; a default takes the setting away, empty fields the pace', () => {
    const draft = { ...draftOf(SECOND, TWO_SECRETS), settings: { pageSize: '50', path: 'a' }, perSecond: null };
    expect(toPatch(draft, SECOND, TWO_SECRETS, null)).toEqual({ settings: { pageSize: '', path: 'a' }, pacing: null });
  });

  it('keep further hosts when the address changes', () => {
    const draft = { ...draftOf(SECOND, TWO_SECRETS), vendorUrl: 'https://openpre.cnsuning.com' };
    expect(toPatch(draft, SECOND, TWO_SECRETS, null)).toEqual({
      baseUrl: 'https://openpre.cnsuning.com',
      hosts: ['openpre.cnsuning.com', 'open.suning.com'],
    });
  });

  it("want the secrets again for a host that is neither the vendor's nor the account's", () => {
    const draft = draftOf(SHOP, RULED);
    const moved = { ...draft, vendorUrl: null, ownUrl: 'https://elsewhere.example.com' };
    expect(foreignHosts(moved, SHOP, RULED)).toEqual(['elsewhere.example.com']);
    expect(foreignHosts({ ...draft, moreHosts: 'more.example.com' }, SHOP, RULED)).toEqual(['more.example.com']);
    expect(foreignHosts({ ...draftOf(SECOND, TWO_SECRETS), moreHosts: '' }, SECOND, TWO_SECRETS)).toEqual([]);
    expect(foreignHosts(moved, { ...SHOP, environment: 'twin' }, RULED)).toEqual([]);
  });
});

describe('an error of main', () => {
  it('stands beside the field that it names, by the path of the gate too', () => {
    for (const field of ['appSecret', 'secrets.appSecret', 'patch.secrets.appSecret']) {
      expect(placedProblem(invalid(field).error, RULED)).toEqual({
        appSecret: { zh: '这一项不对。请改正。', en: 'It is wrong. Correct it.' },
      });
    }
    expect(Object.keys(placedProblem(invalid('', 'ACCOUNT_EXISTS').error, RULED) ?? {})).toEqual(['label']);
    expect(Object.keys(placedProblem(invalid('', 'CONSENT_REQUIRED').error, RULED) ?? {})).toEqual(['consent']);
  });

  it('stands on its own when it names none, or another form’s', () => {
    expect(placedProblem(invalid('accessToken').error, RULED)).toBeNull();
    expect(placedProblem(invalid('').error, RULED)).toBeNull();
  });
});
