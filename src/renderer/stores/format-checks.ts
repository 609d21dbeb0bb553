import type { Bilingual } from '../../contract/text.ts';
import type { Field, VendorDescriptor } from '../../contract/vendor.ts';
import { plainFields, secretsOf, type AccountDraft, type Problems } from './account-draft.ts';

type Values = Readonly<Record<string, string>>;

/** Spaces and invisible marks that copying puts around a value. */
const AROUND = /^[\s\u200b-\u200f\u2060\ufeff]|[\s\u200b-\u200f\u2060\ufeff]$/u;
const MOST_LABEL = 80;

const SPACE_AROUND: Bilingual = {
  zh: '开头或末尾有空格或看不见的字符，多半是复制时带上的。',
  en: 'It begins or ends with a space or an invisible character, which most likely came along when it was copied.',
};
const CONTROL: Bilingual = {
  zh: '里面有换行或控制字符。',
  en: 'It holds a line break or a control character.',
};
const NO_HOST: Bilingual = {
  zh: '主机要写成 主机 或 主机:端口，一行一个。',
  en: 'A host is written as host or host:port, one a line.',
};

function tooLong(most: number, length: number): Bilingual {
  return {
    zh: `最多 ${String(most)} 个字符，现在是 ${String(length)} 个。`,
    en: `At most ${String(most)} characters; this has ${String(length)}.`,
  };
}

function textProblem(value: string): Bilingual | null {
  if (AROUND.test(value)) return SPACE_AROUND;
  return /\p{Cc}/u.test(value) ? CONTROL : null;
}

function fieldProblem(field: Field, value: string): Bilingual | null {
  if (value === '' || field.kind === 'choice' || field.kind === 'boolean') return null;
  const text = textProblem(value);
  if (text !== null) return text;
  if (field.maxLength !== undefined && [...value].length > field.maxLength) {
    return tooLong(field.maxLength, [...value].length);
  }
  if (field.kind === 'integer' && !/^-?\d+$/u.test(value)) return { zh: '请填整数。', en: 'Must be a whole number.' };
  if (field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) return null;
  return field.example === undefined
    ? { zh: '格式不对。', en: 'Not in the right form.' }
    : { zh: `格式不对，应像 ${field.example}。`, en: `Not in the right form; it should look like ${field.example}.` };
}

function addressProblem({
  vendorUrl,
  ownUrl,
  environment,
}: Pick<AccountDraft, 'vendorUrl' | 'ownUrl' | 'environment'>): Bilingual | null {
  const text = ownUrl.trim();
  if (vendorUrl !== null || text === '') return null;
  const twin = environment === 'twin';
  const form = twin ? /^https?:\/\/[^\s/?#@\\]+\/?$/iu : /^https:\/\/[^\s/?#@\\]+\/?$/iu;
  if (form.test(text) && URL.canParse(text)) return null;
  return twin
    ? { zh: '要写成 http://127.0.0.1:端口，后面不带路径。', en: 'Write http://127.0.0.1:port, without a path.' }
    : { zh: '要写成 https://主机，后面不带路径。', en: 'Write https://host, without a path.' };
}

function relayProblem({ relayUrl, environment }: AccountDraft): Bilingual | null {
  return relayUrl === null ? null : addressProblem({ vendorUrl: null, ownUrl: relayUrl, environment });
}

function isHost(text: string): boolean {
  return /^[^\s/?#@\\]+$/u.test(text) && URL.canParse(`https://${text}`);
}

/**
 * What is wrong with the form of what has been typed so far, by field: known without a network and without main, which checks again. What is
 * still empty is not spoken of.
 */
export function formatProblems(draft: AccountDraft, vendor: VendorDescriptor, secrets: Values): Problems {
  const found: Record<string, Bilingual> = {};
  const note = (id: string, problem: Bilingual | null): void => {
    if (problem !== null) found[id] = problem;
  };
  const { label } = draft;
  note('label', label.length > MOST_LABEL ? tooLong(MOST_LABEL, label.length) : /\p{Cc}/u.test(label) ? CONTROL : null);
  note('baseUrl', addressProblem(draft));
  const hosts = draft.moreHosts.split(/[\s,;，；、]+/u).filter((host) => host !== '');
  note('hosts', hosts.every(isHost) ? null : NO_HOST);
  for (const field of plainFields(vendor)) note(field.id, fieldProblem(field, draft.plain[field.id] ?? ''));
  for (const field of secretsOf(vendor, draft.relayUrl)) note(field.id, fieldProblem(field, secrets[field.id] ?? ''));
  note('relay', relayProblem(draft));
  for (const field of vendor.settings) note(field.id, fieldProblem(field, draft.settings[field.id] ?? ''));
  return found;
}

/** The same of secrets alone, as the dialog that replaces them has them. */
function secretFormatProblems(vendor: VendorDescriptor, secrets: Values): Problems {
  const problems = vendor.credentials
    .filter(({ kind }) => kind === 'secret')
    .map((field) => [field.id, fieldProblem(field, secrets[field.id] ?? '')] as const);
  return Object.fromEntries(problems.filter((one): one is readonly [string, Bilingual] => one[1] !== null));
}

/** What is wrong with what is being typed: in a form, or without one in the dialog for secrets. */
export function typedProblems(draft: AccountDraft | null, vendor: VendorDescriptor | null, secrets: Values): Problems {
  if (vendor === null) return {};
  return draft === null ? secretFormatProblems(vendor, secrets) : formatProblems(draft, vendor, secrets);
}
