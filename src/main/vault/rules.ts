import { RELAY_FIELDS, type Account } from '../../contract/account.ts';
import type { AppError } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { Environment, Field } from '../../contract/vendor.ts';
import { checkFields, trimmed } from '../vendors/shared/check.ts';
import type { Values, VendorDefinition } from '../vendors/types.ts';
import { keychainError } from './keychain-errors.ts';
import { readHost, readOrigin } from './origin.ts';

const MEND: Bilingual = { zh: '请改正这一项后重试。', en: 'Correct this field and try again.' };

/** An ACCOUNT_INVALID that names the field (`data.field`) and never its value. */
export function invalid(field: string, message: Bilingual, remedy: Bilingual = MEND): AppError {
  return appError('ACCOUNT_INVALID', message, remedy, { data: { field } });
}

/** The fields that go to the keychain. */
export function secretFields(definition: VendorDefinition): readonly Field[] {
  return definition.credentials.filter((field) => field.kind === 'secret');
}

/** The credential fields that lie open in the accounts file. */
export function plainFields(definition: VendorDefinition): readonly Field[] {
  return definition.credentials.filter((field) => field.kind !== 'secret');
}

function checkText(field: Field, value: string): void {
  const name = { zh: `“${field.names.zh}”（${field.id}）`, en: `"${field.names.en}" (${field.id})` };
  if (field.kind === 'secret' && value.includes('\0')) throw keychainError('nul', { data: { field: field.id } });
  if (trimmed(value) !== value) {
    throw invalid(
      field.id,
      {
        zh: `${name.zh}的开头或末尾有空格、换行或看不见的字符。`,
        en: `${name.en} begins or ends with a space, a line break or an invisible character.`,
      },
      {
        zh: '它们多半是复制时带上的：请重新复制，去掉首尾的空白。',
        en: 'It most likely came along when the value was copied: copy it again without the space around it.',
      },
    );
  }
  if (/\p{Cc}/u.test(value)) {
    throw invalid(field.id, {
      zh: `${name.zh}里有换行或控制字符。`,
      en: `${name.en} holds a line break or a control character.`,
    });
  }
}

/**
 * Checks values against their fields exactly as they were given: nothing is trimmed, completed or dropped but empty optional ones.
 * ACCOUNT_INVALID (KEYCHAIN_NUL for a NUL in a secret) names the first field that is wrong, unknown ones included.
 */
export function checkValues(fields: readonly Field[], values: Values): Values {
  for (const id of Object.keys(values)) {
    if (!fields.some((field) => field.id === id)) {
      throw invalid(
        id,
        { zh: `“${id}”不是这里的字段。`, en: `"${id}" is no field here.` },
        {
          zh: `可用的字段：${fields.map((field) => field.id).join('、') || '无'}。`,
          en: `Known fields: ${fields.map((field) => field.id).join(', ') || 'none'}.`,
        },
      );
    }
  }
  const kept: Record<string, string> = {};
  for (const field of fields) {
    const value = Object.hasOwn(values, field.id) ? (values[field.id] ?? '') : '';
    checkText(field, value);
    const checked = checkFields([field], { [field.id]: value });
    const problem = checked.ok ? undefined : checked.problems[0];
    if (problem) throw invalid(field.id, { zh: `${problem.message.zh}。`, en: `${problem.message.en}.` });
    if (value !== '') kept[field.id] = value;
  }
  return kept;
}

/** Checks a label: 1 to 80 characters, nothing around them. */
export function checkLabel(label: string): string {
  const length = label.length;
  if (length === 0 || length > 80 || trimmed(label) !== label || /\p{Cc}/u.test(label) || !label.isWellFormed()) {
    throw invalid('label', {
      zh: '账号名称要有 1 到 80 个字符，首尾没有空白，也没有控制字符。',
      en: 'The account name must have 1 to 80 characters, no space around it and no control characters.',
    });
  }
  return label;
}

function checkReach(field: string, environment: Environment, loopback: boolean, shown: string): void {
  if (environment === 'live' && loopback) {
    throw invalid(field, {
      zh: `正式账号不能指向本机（${shown}）。`,
      en: `A live account cannot point at this machine itself (${shown}).`,
    });
  }
  if (environment === 'twin' && !loopback) {
    throw invalid(field, {
      zh: `模拟账号只能指向本机，不能指向 ${shown}。`,
      en: `A twin's account can only point at this machine itself, not at ${shown}.`,
    });
  }
}

/**
 * Checks where an account's calls may go: an origin, `https` only (plain `http` for a twin on loopback), and its allow-list, which has the origin's host.
 * Live accounts never reach loopback, twins never leave it.
 */
export function checkReaches(
  environment: Environment,
  baseUrl: string,
  hosts: readonly string[] | undefined,
): Pick<Account, 'baseUrl' | 'hosts'> {
  const read = readOrigin(baseUrl);
  if (!read.ok) {
    throw invalid('baseUrl', {
      zh: '地址要写成 https://主机 或 https://主机:端口，后面不带路径、参数或用户名。',
      en: 'The address must be https://host or https://host:port, without a path, a query or a user name.',
    });
  }
  checkReach('baseUrl', environment, read.loopback, read.host);
  if (!read.secure && environment !== 'twin') {
    throw invalid('baseUrl', {
      zh: `地址必须用 https：密钥签名的请求不能明文发送到 ${read.host}。`,
      en: `The address must use https: signed requests are not sent to ${read.host} in the clear.`,
    });
  }
  const allowed = (hosts ?? [read.host]).map((text) => {
    const host = readHost(text);
    if (!host) {
      throw invalid('hosts', {
        zh: '允许的主机要写成 主机 或 主机:端口。',
        en: 'An allowed host must be written as host or host:port.',
      });
    }
    checkReach('hosts', environment, host.loopback, host.host);
    return host.host;
  });
  if (!allowed.includes(read.host)) {
    throw invalid('hosts', {
      zh: `允许的主机里没有地址本身的主机 ${read.host}。`,
      en: `The allowed hosts lack ${read.host}, the host of the address itself.`,
    });
  }
  return { baseUrl: read.origin, hosts: [...new Set(allowed)] };
}

/** The hosts of a vendor's own origins. */
export function ownHosts(definition: VendorDefinition): readonly string[] {
  return definition.hosts.flatMap(({ url }) => {
    const read = readOrigin(url);
    return read.ok ? [read.host] : [];
  });
}

/** The secret fields of an account: the vendor's, or where a relay signs the relay's token alone. */
export function secretsOf(definition: VendorDefinition, { relay }: Pick<Account, 'relay'>): readonly Field[] {
  return relay === undefined ? secretFields(definition) : RELAY_FIELDS;
}

/** Checks where a relay is: `https`, or for a twin this machine itself. ACCOUNT_INVALID (`relay`), also for a vendor that no relay can sign for. */
export function checkRelay(
  definition: VendorDefinition,
  environment: Environment,
  relay: { readonly url: string } | undefined,
): Account['relay'] {
  if (relay === undefined) return undefined;
  const read = readOrigin(relay.url);
  if (definition.relay !== true) {
    throw invalid('relay', {
      zh: '这个供应商的请求不能由中继签名。',
      en: "This vendor's requests can't be signed by a relay.",
    });
  }
  if (!read.ok || (!read.secure && !(environment === 'twin' && read.loopback))) {
    throw invalid('relay', {
      zh: '中继的地址要写成 https://主机 或 https://主机:端口，后面不带路径。',
      en: "The relay's address must be https://host or https://host:port, without a path.",
    });
  }
  return { url: read.origin };
}

/** CONSENT_REQUIRED, quoting the vendor's rule, when a real account of a vendor that asks for consent comes without its date (ISO 8601). */
export function checkConsent(
  definition: VendorDefinition,
  environment: Environment,
  consentAt: string | undefined,
): string | undefined {
  if (consentAt !== undefined && !(/^\d{4}-\d{2}-\d{2}T/u.test(consentAt) && Number.isFinite(Date.parse(consentAt)))) {
    throw invalid('consentAt', {
      zh: '同意的时间不是 ISO 8601 格式。',
      en: 'The time of consent is no ISO 8601 time.',
    });
  }
  if (definition.consent && environment !== 'twin' && consentAt === undefined) {
    throw appError(
      'CONSENT_REQUIRED',
      {
        zh: `${definition.names.zh}的规定需要您先同意：“${definition.consent.zh}”`,
        en: `A rule of ${definition.names.en} needs your consent first: "${definition.consent.en}"`,
      },
      {
        zh: '请读过这条规定；同意后再添加账号，同意的日期会一并保存。',
        en: 'Read the rule; add the account again with your consent, whose date is kept with it.',
      },
      { data: { vendor: definition.id } },
    );
  }
  return consentAt;
}
