import { RELAY_FIELDS } from '../../contract/account.ts';
import type { Account, AccountPatchInput, NewAccountInput } from '../../contract/account.ts';
import type { BridgeError } from '../../contract/bridge.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Colour, Environment, Field, VendorDescriptor, VendorId } from '../../contract/vendor.ts';

type Values = Readonly<Record<string, string>>;

/** What is wrong, by the field's id: a vendor's, or one of `label`, `baseUrl`, `hosts`, `consent`. */
export type Problems = Readonly<Record<string, Bilingual>>;

/** An account as it stands in the form, without its secrets, which are kept apart and are forgotten first. */
export interface AccountDraft {
  readonly vendor: VendorId;
  readonly label: string;
  readonly environment: Environment;
  /** One of the vendor's own addresses; null for `ownUrl`. */
  readonly vendorUrl: string | null;
  readonly ownUrl: string;
  /** Hosts beside the address's own, separated by spaces, commas or line breaks. */
  readonly moreHosts: string;
  readonly plain: Values;
  readonly settings: Values;
  /** null: the vendor's default. */
  readonly perSecond: number | null;
  readonly concurrency: number | null;
  readonly consent: boolean;
  /** The person's own colour for it. */
  readonly colour: Colour | null;
  /** The address of the relay that signs; null where the console does. */
  readonly relayUrl: string | null;
}

export const secretFields = (vendor: VendorDescriptor): readonly Field[] =>
  vendor.credentials.filter(({ kind }) => kind === 'secret');

/** The secrets that a form asks for: the vendor's, or where a relay signs its token alone. */
export const secretsOf = (vendor: VendorDescriptor, relayUrl: string | null | undefined): readonly Field[] =>
  relayUrl === null || relayUrl === undefined ? secretFields(vendor) : RELAY_FIELDS;

export const plainFields = (vendor: VendorDescriptor): readonly Field[] =>
  vendor.credentials.filter(({ kind }) => kind !== 'secret');

function initialValues(fields: readonly Field[], given: Values = {}): Values {
  return Object.fromEntries(fields.map(({ id, initial }) => [id, given[id] ?? initial ?? '']));
}

/** The host of an address, with its port unless it is the scheme's own; null while it is none. */
export function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host || null : null;
}

/** A new account of a vendor, or the form as it is with another vendor chosen: its name and environment stay. */
export function draftFor(vendor: VendorDescriptor, before: AccountDraft | null): AccountDraft {
  const environment = before?.environment ?? 'live';
  return {
    vendor: vendor.id,
    label: before?.label ?? '',
    environment,
    vendorUrl: environment === 'twin' ? null : (vendor.hosts[0]?.url ?? null),
    ownUrl: before?.ownUrl ?? '',
    moreHosts: '',
    plain: initialValues(plainFields(vendor)),
    settings: initialValues(vendor.settings),
    perSecond: null,
    concurrency: null,
    consent: false,
    colour: before?.colour ?? null,
    relayUrl: null,
  };
}

/** An account's form as it is kept. */
export function draftOf(account: Account, vendor: VendorDescriptor): AccountDraft {
  const isVendors = vendor.hosts.some(({ url }) => url === account.baseUrl);
  return {
    vendor: account.vendor,
    label: account.label,
    environment: account.environment,
    vendorUrl: isVendors ? account.baseUrl : null,
    ownUrl: isVendors ? '' : account.baseUrl,
    moreHosts: account.hosts.filter((host) => host !== hostOf(account.baseUrl)).join('\n'),
    plain: initialValues(plainFields(vendor), account.plain),
    settings: initialValues(vendor.settings, account.settings),
    perSecond: account.pacing?.perSecond ?? null,
    concurrency: account.pacing?.concurrency ?? null,
    // It was given when the account was added.
    consent: true,
    colour: account.colour ?? null,
    relayUrl: account.relay?.url ?? null,
  };
}

/** With another environment: a twin has no address of the vendor's, a real account begins with one. */
export function withEnvironment(draft: AccountDraft, environment: Environment, vendor: VendorDescriptor): AccountDraft {
  if (environment === 'twin') return { ...draft, environment, vendorUrl: null };
  const wasTwin = draft.environment === 'twin';
  return { ...draft, environment, vendorUrl: wasTwin ? (vendor.hosts[0]?.url ?? null) : draft.vendorUrl };
}

export const baseUrlOf = (draft: AccountDraft): string => draft.vendorUrl ?? draft.ownUrl.trim();

function moreHostsOf(draft: AccountDraft): readonly string[] {
  return draft.moreHosts.split(/[\s,;，；、]+/u).filter((host) => host !== '');
}

/** Where the secret may go as the form stands; the host of an address that is none is left out. */
export function hostsOf(draft: AccountDraft): readonly string[] {
  const host = hostOf(baseUrlOf(draft));
  return [...new Set([...(host === null ? [] : [host]), ...moreHostsOf(draft)])];
}

/** Hosts that the kept secret was never meant for: the vault wants the secrets again with them. */
export function foreignHosts(draft: AccountDraft, account: Account, vendor: VendorDescriptor): readonly string[] {
  if (account.environment === 'twin') return [];
  const trusted = new Set([...account.hosts, ...vendor.hosts.map(({ url }) => hostOf(url))]);
  return hostsOf(draft).filter((host) => !trusted.has(host));
}

/** The settings that differ from the vendor's defaults, so that a default that changes later is followed. */
function chosenSettings(draft: AccountDraft, vendor: VendorDescriptor): Values {
  return Object.fromEntries(
    vendor.settings.map(({ id, initial }) => [id, draft.settings[id] === initial ? '' : (draft.settings[id] ?? '')]),
  );
}

/** The values that are not empty. */
export const filled = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

function pacingOf({ perSecond, concurrency }: AccountDraft): Account['pacing'] | null {
  if (perSecond === null && concurrency === null) return null;
  return { ...(perSecond === null ? {} : { perSecond }), ...(concurrency === null ? {} : { concurrency }) };
}

/** The form as main takes a new account. */
export function toNewAccount(draft: AccountDraft, vendor: VendorDescriptor, secrets: Values): NewAccountInput {
  const pacing = pacingOf(draft);
  return {
    label: draft.label.trim(),
    vendor: draft.vendor,
    environment: draft.environment,
    baseUrl: baseUrlOf(draft),
    ...(moreHostsOf(draft).length === 0 ? {} : { hosts: [...hostsOf(draft)] }),
    plain: filled(draft.plain),
    settings: filled(chosenSettings(draft, vendor)),
    secrets: filled(secrets),
    ...(pacing === null ? {} : { pacing }),
    consent: draft.consent,
    ...(draft.colour === null ? {} : { colour: draft.colour }),
    ...(draft.relayUrl === null ? {} : { relay: { url: draft.relayUrl.trim() } }),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What the form changes of an account; null when it changes nothing. `secrets` are sent with the change when they are given. */
export function toPatch(
  draft: AccountDraft,
  account: Account,
  vendor: VendorDescriptor,
  secrets: Values | null,
): AccountPatchInput | null {
  const before = draftOf(account, vendor);
  const patch: AccountPatchInput = {
    ...(draft.label.trim() === before.label ? {} : { label: draft.label.trim() }),
    ...(baseUrlOf(draft) === account.baseUrl ? {} : { baseUrl: baseUrlOf(draft) }),
    ...(same(hostsOf(draft), hostsOf(before)) ? {} : { hosts: [...hostsOf(draft)] }),
    ...(same(draft.plain, before.plain) ? {} : { plain: draft.plain }),
    ...(same(draft.settings, before.settings) ? {} : { settings: chosenSettings(draft, vendor) }),
    ...(same(pacingOf(draft), pacingOf(before)) ? {} : { pacing: pacingOf(draft) }),
    ...(draft.colour === before.colour ? {} : { colour: draft.colour }),
    ...(secrets === null ? {} : { secrets: filled(secrets) }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

const REQUIRED: Bilingual = { zh: '必须填写。', en: 'This is needed.' };
const CONSENT: Bilingual = {
  zh: '请先读过这条规定；勾选后才能添加。',
  en: 'Read the rule first; the account is added once you agree.',
};

/** Whether the vendor's rule about keeping its secret here must be agreed to: not for a twin, and not where a relay keeps it. */
export function wantsConsent({ environment, relayUrl }: AccountDraft, vendor: VendorDescriptor): boolean {
  return vendor.consent !== undefined && environment !== 'twin' && relayUrl === null;
}

/** The fields that may not stay empty and are: all at once, before main looks at what is in them. */
export function lacking(
  draft: AccountDraft,
  vendor: VendorDescriptor,
  secrets: { readonly wanted: boolean; readonly values: Values },
): Problems {
  const values = { ...draft.plain, ...(secrets.wanted ? secrets.values : {}) };
  const fields = secrets.wanted ? [...plainFields(vendor), ...secretsOf(vendor, draft.relayUrl)] : plainFields(vendor);
  const empty = fields.filter(({ id, required }) => required && (values[id] ?? '') === '').map(({ id }) => id);
  const lacksConsent = wantsConsent(draft, vendor) && !draft.consent;
  return {
    ...(draft.label.trim() === '' ? { label: REQUIRED } : {}),
    ...(baseUrlOf(draft) === '' ? { baseUrl: REQUIRED } : {}),
    ...Object.fromEntries(empty.map((id) => [id, REQUIRED])),
    ...(draft.relayUrl === '' ? { relay: REQUIRED } : {}),
    ...(lacksConsent ? { consent: CONSENT } : {}),
  };
}

/** Empty secret fields that may not be. */
export function lackingSecrets(
  vendor: VendorDescriptor,
  values: Values,
  relayUrl: string | null | undefined,
): Problems {
  const empty = secretsOf(vendor, relayUrl).filter(({ id, required }) => required && (values[id] ?? '') === '');
  return Object.fromEntries(empty.map(({ id }) => [id, REQUIRED]));
}

/** The field that an error of main is about; null when it is about none. The gate names it by its path: `patch.label`. */
function fieldOf(error: BridgeError): string | null {
  if (error.code === 'ACCOUNT_EXISTS') return 'label';
  if (error.code === 'CONSENT_REQUIRED') return 'consent';
  const { field } = error.data;
  return typeof field === 'string' ? (field.split('.').at(-1) ?? null) : null;
}

const OWN_FIELDS = ['label', 'baseUrl', 'hosts', 'relay', 'relayToken', 'consent', 'perSecond', 'concurrency'];

/** An error of main as a problem of the field that it names; null when it names none of the form's. */
export function placedProblem(error: BridgeError, vendor: VendorDescriptor | null): Problems | null {
  const field = fieldOf(error);
  const known = [...OWN_FIELDS, ...[...(vendor?.credentials ?? []), ...(vendor?.settings ?? [])].map(({ id }) => id)];
  if (field === null || !known.includes(field)) return null;
  const { message, remedy } = error.text;
  return { [field]: { zh: `${message.zh}${remedy.zh}`, en: `${message.en} ${remedy.en}` } };
}
