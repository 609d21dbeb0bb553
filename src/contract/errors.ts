import type { Bilingual, Language } from './text.ts';
import { say } from './text.ts';

/** Codes of the errors that a person can meet. A code is stable; its texts are not. */
export const ERROR_CODES = [
  // vault
  'KEYCHAIN_NO_SERVICE',
  'KEYCHAIN_LOCKED',
  'KEYCHAIN_DENIED',
  'KEYCHAIN_TOO_LARGE',
  'KEYCHAIN_NUL',
  'KEYCHAIN_EMPTY',
  'KEYCHAIN_TIMEOUT',
  'KEYCHAIN_FAILED',
  'SECRET_MISSING',
  'SECRET_DAMAGED',
  'SECRET_CHANGED',
  'ROTATION_STATE',
  'VAULT_TWINS_ONLY',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_EXISTS',
  'ACCOUNT_INVALID',
  'ACCOUNTS_FILE_DAMAGED',
  'CONSENT_REQUIRED',
  // backup
  'BACKUP_FOREIGN',
  'BACKUP_NEWER',
  'BACKUP_TRUNCATED',
  'BACKUP_ALTERED',
  'BACKUP_PASSPHRASE',
  'BACKUP_GONE',
  'PASSPHRASE_WEAK',
  // lock
  'LOCK_PASSPHRASE',
  'LOCK_WAIT',
  'LOCK_NOT_SET',
  'LOCK_SYSTEM',
  // gateway
  'HOST_NOT_ALLOWED',
  'HTTPS_REQUIRED',
  'CONNECT_FAILED',
  'DNS_FAILED',
  'TLS_FAILED',
  'PROXY_FAILED',
  'TIMED_OUT',
  'CONNECTION_LOST',
  'REQUEST_INVALID',
  'RELAY_FAILED',
  // intake
  'INTAKE_EMPTY',
  'INTAKE_ENCODING',
  'INTAKE_MALFORMED',
  'INTAKE_HEADER',
  'INTAKE_MAPPING',
  'INTAKE_TEMPLATE',
  'INTAKE_REPEATED',
  'FILE_UNREADABLE',
  // jobs and store
  'JOB_NOT_FOUND',
  'JOB_STATE',
  'JOB_BUSY',
  'COUNT_NOT_CONFIRMED',
  'NOTHING_TO_UNDO',
  'ROW_NOT_EDITABLE',
  'NOTHING_MENDED',
  'WRITER_BUSY',
  'DATABASE_FAILED',
  'DATABASE_BUSY',
  'DATABASE_NEWER',
  'DATABASE_MISSING',
  'DISK_FULL',
  'EXPORT_MISMATCH',
  'EXPORT_EXISTS',
  'DATA_FOLDER_NETWORK',
  // window
  'FILE_GONE',
  'LOOKUP_GONE',
  'PICTURE_FAILED',
  'SETTINGS_INVALID',
  'LINK_FAILED',
  // use
  'USAGE',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a person sees of an error: what happened and why, and what to do, in both languages. */
export interface ErrorText {
  readonly message: Bilingual;
  readonly remedy: Bilingual;
}

/**
 * An error that a person can meet. Its texts carry no secret and no customer data; `cause` is for the log alone,
 * where the logger redacts it.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly text: ErrorText;
  /** Plain, secret-free facts (file, line, column, field, host …). */
  readonly data: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    text: ErrorText,
    options: { data?: Record<string, string | number | boolean>; cause?: unknown } = {},
  ) {
    super(text.message.en, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.text = text;
    this.data = options.data ?? {};
  }

  /** The message and the remedy in one language, as two sentences. */
  say(language: Language): string {
    return `${say(this.text.message, language)} ${say(this.text.remedy, language)}`;
  }
}

/** Makes an AppError from plain texts: Chinese message and remedy, English message and remedy. */
export function appError(
  code: ErrorCode,
  message: Bilingual,
  remedy: Bilingual,
  options: { data?: Record<string, string | number | boolean>; cause?: unknown } = {},
): AppError {
  return new AppError(code, { message, remedy }, options);
}
