import iconv from 'iconv-lite';
import type { AppError, ErrorCode } from '../../contract/errors.ts';
import { appError } from '../../contract/errors.ts';
import type { Bilingual } from '../../contract/text.ts';

/** What can be wrong with the system's keychain, or with what it is given; finer than the error codes. */
export type KeychainTrouble =
  | 'no_library'
  | 'no_service'
  | 'no_keyring'
  | 'no_logon_session'
  | 'locked'
  | 'denied'
  | 'cancelled'
  | 'too_large'
  | 'nul'
  | 'empty'
  | 'malformed'
  | 'timeout'
  | 'timeout_unsure'
  | 'forgets'
  | 'failed';

const CODES: Readonly<Record<KeychainTrouble, ErrorCode>> = {
  no_library: 'KEYCHAIN_NO_SERVICE',
  no_service: 'KEYCHAIN_NO_SERVICE',
  no_keyring: 'KEYCHAIN_NO_SERVICE',
  no_logon_session: 'KEYCHAIN_NO_SERVICE',
  locked: 'KEYCHAIN_LOCKED',
  denied: 'KEYCHAIN_DENIED',
  cancelled: 'KEYCHAIN_DENIED',
  too_large: 'KEYCHAIN_TOO_LARGE',
  nul: 'KEYCHAIN_NUL',
  empty: 'KEYCHAIN_EMPTY',
  malformed: 'KEYCHAIN_FAILED',
  timeout: 'KEYCHAIN_TIMEOUT',
  timeout_unsure: 'KEYCHAIN_TIMEOUT',
  forgets: 'KEYCHAIN_FAILED',
  failed: 'KEYCHAIN_FAILED',
};

/**
 * The texts that the platforms give, by trouble; the first that fits decides. Linux: libsecret, GDBus and gnome-keyring, partly measured.
 * macOS: the texts of SecErrorMessages.strings, which SecBase.h holds as comments. Windows: FormatMessage of the CredWrite family.
 */
const PATTERNS: readonly (readonly [KeychainTrouble, RegExp])[] = [
  [
    'no_library',
    /Failed to load keytar native addon|Cannot find (?:module|package) '(?:keytar|@github\/keytar)'|libsecret-1\.so/u,
  ],
  // -128 errSecUserCanceled; a dismissed prompt of libsecret or KWallet
  [
    'cancelled',
    /user cancell?ed the operation|operation was cancell?ed|prompt was dismissed|dismissed by (?:the )?user/iu,
  ],
  // -25308, -25315, -25320: no person can be asked; gnome-keyring and the Secret Service's IsLocked
  [
    'locked',
    /locked collection|Secret\.Error\.IsLocked|(?:keychain|keyring|collection|item|wallet) is locked|User interaction is (?:not allowed|required)|no UI possible/iu,
  ],
  // -25293, -25243, -25292, -34018, -61; Windows 5; D-Bus policies
  [
    'denied',
    /user name or passphrase you entered is not correct|item has no access control|keychain cannot be modified|required entitlement|write permissions? error|access is denied|DBus\.Error\.AccessDenied|permission denied|not authorized/iu,
  ],
  // Windows 1783, -25302
  ['too_large', /stub received bad data|information which is too large/iu],
  [
    'no_keyring',
    /Object does not exist at path .*\/(?:collection|aliases)\/|No such secret collection|default keychain could not be found/iu,
  ],
  // Windows 1312: a service, SSH or network logon has no credential set
  ['no_logon_session', /specified logon session does not exist/iu],
  [
    'no_service',
    /org\.freedesktop\.secrets|autolaunch D-Bus|dbus-launch|DBus\.Error\.(?:ServiceUnknown|NoServer|Disconnected|NoReply|Spawn)|\.service files|Could not connect: |Error (?:connecting|receiving data)|connection is closed|message bus|peer disconnected|unsupported transport|No keychain is available|specified keychain (?:could not be found|is not a valid)/iu,
  ],
  ['timeout', /^Timeout was reached$|DBus\.Error\.(?:Timeout|TimedOut)/u],
];

/**
 * keytar passes Windows' text in the system's code page where UTF-8 is expected, so on a Chinese Windows these come damaged;
 * the same damage done here makes them known again. The full stop keeps the last letter's bytes from joining what follows.
 */
const CHINESE_WINDOWS: readonly (readonly [KeychainTrouble, string])[] = [
  ['denied', '拒绝访问。'],
  ['no_logon_session', '指定的登录会话不存在。'],
  ['too_large', '占位程序接收到错误数据。'],
];

/**
 * GLib speaks the desktop's language where something has set the locale, as Electron does and Node.js does not: here in Chinese, simplified and
 * traditional. The services' own texts come as they are.
 */
const CHINESE_GLIB: readonly (readonly [KeychainTrouble, RegExp])[] = [
  ['cancelled', /操作被取消|操作已被取消/u],
  ['denied', /权限不够|權限不足|拒絕不符權限/u],
  [
    'no_service',
    /无法连接：|無法連接：|无法连接到秘密存储区|D-Bus|连接已关闭|連線已關閉|接收数据时出错|接收資料時發生錯誤|消息总线|訊息匯流排|未知或不支持|不支援的傳輸/u,
  ],
  ['timeout', /^(?:已到超时限制|已達逾時時間)$/u],
];

/** What a keychain's error text means; `failed` for a text that is not known. */
export function troubleOf(text: string): KeychainTrouble {
  const known = [...PATTERNS, ...CHINESE_GLIB].find(([, pattern]) => pattern.test(text));
  if (known) return known[0];
  const chinese = CHINESE_WINDOWS.find(
    ([, words]) => text.includes(words) || text.includes(iconv.encode(words, 'gbk').toString('utf8')),
  );
  return chinese?.[0] ?? 'failed';
}

interface Words {
  readonly message: Bilingual;
  readonly remedy: Bilingual;
}

const INSTALL: Bilingual = {
  zh: '请安装 libsecret 与密钥环服务（Debian/Ubuntu：sudo apt install libsecret-1-0 gnome-keyring），在桌面会话里登录后再试。',
  en: 'Install libsecret and a keyring service (Debian/Ubuntu: sudo apt install libsecret-1-0 gnome-keyring), sign in to a desktop session and try again.',
};
const REINSTALL: Bilingual = {
  zh: '请重新安装本软件；若仍不行，请检查杀毒软件是否删除了 keytar.node。',
  en: 'Install this application again; if that does not help, see whether antivirus software removed keytar.node.',
};
const NO_FALLBACK: Bilingual = {
  zh: '没有系统钥匙串就不保存密钥，更不会写成明文。',
  en: 'Without a system keychain no secret is kept, and never as plain text.',
};

function both(first: Bilingual, second: Bilingual): Bilingual {
  return { zh: first.zh + second.zh, en: `${first.en} ${second.en}` };
}

const SERVICE_REMEDY: Partial<Record<NodeJS.Platform, Bilingual>> = {
  linux: both(INSTALL, {
    zh: '没有桌面的机器上，请用 dbus-run-session 启动，并先用 gnome-keyring-daemon --unlock 解锁。',
    en: 'On a machine without a desktop start it under dbus-run-session, after gnome-keyring-daemon --unlock.',
  }),
  darwin: {
    zh: '请打开“钥匙串访问”，确认“登录”钥匙串存在且为默认，然后重新登录 macOS 再试。',
    en: 'Open Keychain Access, make sure that the "login" keychain exists and is the default one, sign in to macOS again and retry.',
  },
  win32: {
    zh: '请在“服务”里确认 Credential Manager 正在运行，然后重新登录 Windows 再试。',
    en: 'Make sure in Services that Credential Manager is running, sign in to Windows again and retry.',
  },
};

const UNLOCK_REMEDY: Partial<Record<NodeJS.Platform, Bilingual>> = {
  linux: {
    zh: '请用登录密码解锁密钥环（“密码和密钥”程序，或注销后重新登录），然后重试。',
    en: 'Unlock the keyring with your login password (in "Passwords and Keys", or sign out and in again), then try again.',
  },
  darwin: {
    zh: '请在“钥匙串访问”里解锁“登录”钥匙串，然后重试。',
    en: 'Unlock the "login" keychain in Keychain Access, then try again.',
  },
};

const ALLOW_REMEDY: Partial<Record<NodeJS.Platform, Bilingual>> = {
  darwin: {
    zh: '请重试，并在系统询问时选“始终允许”；若没有询问，请在“钥匙串访问”里把“登录”钥匙串锁定再解锁。',
    en: 'Try again and choose "Always Allow" when macOS asks; if it does not ask, lock and unlock the "login" keychain in Keychain Access.',
  },
};

const RETRY_ANSWER: Bilingual = {
  zh: '请重试，并在系统询问时允许。',
  en: 'Try again, and allow it when the system asks.',
};

// eslint-disable-next-line max-lines-per-function -- a table: one text a trouble
function facts(trouble: KeychainTrouble, data: Readonly<Record<string, string | number | boolean>>): Bilingual {
  switch (trouble) {
    case 'no_library':
      return {
        zh: '系统钥匙串的组件无法加载，密钥无法保存或读取。',
        en: 'The component for the system keychain could not be loaded, so secrets can be neither kept nor read.',
      };
    case 'no_service':
      return {
        zh: '这台机器上没有可用的系统钥匙串，密钥无法保存或读取。',
        en: 'No system keychain answers on this machine, so secrets can be neither kept nor read.',
      };
    case 'no_keyring':
      return {
        zh: '系统钥匙串服务在运行，但还没有建立钥匙串，密钥无法保存或读取。',
        en: 'The system keychain service runs, but no keyring has been created yet, so secrets can be neither kept nor read.',
      };
    case 'no_logon_session':
      return {
        zh: '当前的 Windows 登录方式（服务、SSH 或网络登录）没有凭据管理器，密钥无法保存或读取。',
        en: 'This kind of Windows sign-in (service, SSH or network) has no Credential Manager, so secrets can be neither kept nor read.',
      };
    case 'locked':
      return {
        zh: '系统钥匙串已锁定，密钥暂时无法保存或读取。',
        en: 'The system keychain is locked, so secrets can be neither kept nor read for now.',
      };
    case 'denied':
      return { zh: '系统钥匙串拒绝了本软件的访问。', en: 'The system keychain denied access to this application.' };
    case 'cancelled':
      return { zh: '钥匙串的询问被取消了。', en: 'The keychain prompt was cancelled.' };
    case 'too_large':
      return data['bytes'] === undefined
        ? { zh: '密钥太长，系统钥匙串放不下。', en: 'The secrets are too long for the system keychain.' }
        : {
            zh: `这个账号的密钥共 ${data['bytes']} 字节（UTF-8），系统钥匙串最多放 ${data['limit']} 字节。`,
            en: `The secrets of this account take ${data['bytes']} bytes (UTF-8); the system keychain holds at most ${data['limit']}.`,
          };
    case 'nul':
      return {
        zh: '密钥里有空字符（NUL），会被截断。',
        en: 'The secret holds a NUL character and would be cut off there.',
      };
    case 'empty':
      return { zh: '密钥是空的。', en: 'The secret is empty.' };
    case 'malformed':
      return {
        zh: '密钥里有损坏的字符（半个代理对），无法原样保存。',
        en: 'The secret holds a damaged character (half a surrogate pair) and could not be kept as it is.',
      };
    case 'timeout':
      return {
        zh: '系统钥匙串没有及时回应；可能有一个询问窗口还开着。',
        en: 'The system keychain did not answer in time; one of its prompts may still be open.',
      };
    case 'timeout_unsure':
      return {
        zh: '系统钥匙串没有及时回应；可能有一个询问窗口还开着，回答之后改动仍可能生效。',
        en: 'The system keychain did not answer in time; one of its prompts may still be open, and the change may yet take effect when it is answered.',
      };
    case 'forgets':
      return {
        zh: '系统钥匙串收下了测试项，却没有原样交回。',
        en: 'The system keychain took a test item but did not give it back as it was.',
      };
    case 'failed':
      return { zh: '系统钥匙串出错，原因不明。', en: 'The system keychain failed for a reason it did not make clear.' };
  }
}

const COPY_AGAIN: Bilingual = {
  zh: '请从供应商后台重新复制密钥。',
  en: "Copy the secret again from the vendor's console.",
};

// eslint-disable-next-line max-lines-per-function -- a table: one remedy a trouble
function remedyOf(trouble: KeychainTrouble, platform: NodeJS.Platform): Bilingual {
  switch (trouble) {
    case 'no_library':
      return both(platform === 'linux' ? INSTALL : REINSTALL, NO_FALLBACK);
    case 'no_service':
      return both(SERVICE_REMEDY[platform] ?? INSTALL, NO_FALLBACK);
    case 'no_keyring':
      return platform === 'darwin'
        ? both(SERVICE_REMEDY.darwin ?? INSTALL, NO_FALLBACK)
        : both(
            {
              zh: '请在桌面会话里登录一次，或用“密码和密钥”新建名为“登录”的密钥环（没有桌面时用 gnome-keyring-daemon --unlock），然后重试。',
              en: 'Sign in to a desktop session once, or create a keyring named "Login" in "Passwords and Keys" (without a desktop: gnome-keyring-daemon --unlock), then try again.',
            },
            NO_FALLBACK,
          );
    case 'no_logon_session':
      return both(
        {
          zh: '请在 Windows 桌面登录后启动本软件，不要以管理员以外的服务或远程命令行方式运行。',
          en: 'Sign in at the Windows desktop and start the application there, not as a service and not from a remote shell.',
        },
        NO_FALLBACK,
      );
    case 'locked':
      return (
        UNLOCK_REMEDY[platform] ?? { zh: '请重新登录系统后重试。', en: 'Sign in to the system again, then retry.' }
      );
    case 'denied':
      return (
        ALLOW_REMEDY[platform] ?? {
          zh: '请用保存密钥的同一个系统用户运行；若由公司管理，请管理员允许使用凭据存储。',
          en: 'Run it as the same system user who saved the secrets; on a managed machine ask the administrator to allow credential storage.',
        }
      );
    case 'cancelled':
      return ALLOW_REMEDY[platform] ?? RETRY_ANSWER;
    case 'too_large':
      return {
        zh: '请检查是否误贴了多余内容；供应商的密钥通常只有几十个字符。',
        en: "See whether more than the secret was pasted; a vendor's secret has a few dozen characters as a rule.",
      };
    case 'nul':
    case 'empty':
    case 'malformed':
      return COPY_AGAIN;
    case 'timeout':
      return {
        zh: '请找到并回答系统的询问窗口（可能在别的窗口后面），然后重试。',
        en: "Find the system's prompt (it may be behind another window), answer it and try again.",
      };
    case 'timeout_unsure':
      return {
        zh: '请找到并回答系统的询问窗口（可能在别的窗口后面），再测试账号，看改动是否已生效。',
        en: "Find the system's prompt (it may be behind another window) and answer it, then test the account to see whether the change took effect.",
      };
    case 'forgets':
    case 'failed':
      return {
        zh: '请重启本软件后重试；若仍不行，请重新登录系统，日志里有系统给出的原文。',
        en: "Restart the application and try again; if that does not help, sign in to the system again. The log holds the system's own words.",
      };
  }
}

/** The bilingual words of a trouble on a platform: what happened, why, what to do. */
function wordsOf(
  trouble: KeychainTrouble,
  platform: NodeJS.Platform,
  data: Readonly<Record<string, string | number | boolean>>,
): Words {
  return { message: facts(trouble, data), remedy: remedyOf(trouble, platform) };
}

/** The AppError of a keychain trouble; `data.trouble` keeps the finer reason. `cause` must already be free of secrets. */
export function keychainError(
  trouble: KeychainTrouble,
  options: {
    readonly platform?: NodeJS.Platform;
    readonly data?: Readonly<Record<string, string | number | boolean>>;
    readonly cause?: Error;
  } = {},
): AppError {
  const data = { ...options.data, trouble };
  const words = wordsOf(trouble, options.platform ?? process.platform, data);
  return appError(CODES[trouble], words.message, words.remedy, {
    data,
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}

/** Longest text of the system that is kept for the log. */
const CAUSE_LENGTH = 300;

/** Every text that is a secret in an item: the item itself and, when it is JSON, the texts in it. */
function secretsIn(item: string): readonly string[] {
  const found = [item];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') found.push(value, JSON.stringify(value).slice(1, -1));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  try {
    visit(JSON.parse(item));
  } catch {
    // not JSON: the item itself is all there is
  }
  return found.filter((text) => text !== '').sort((a, b) => b.length - a.length);
}

/**
 * Maps what the keychain threw. Its words stay as the cause for the log, with the item that was being written taken out of them
 * and without the stack and fields of the original.
 */
export function mapKeychainError(
  thrown: unknown,
  options: { readonly platform?: NodeJS.Platform; readonly item?: string } = {},
): AppError {
  const text = (thrown instanceof Error ? thrown.message : String(thrown)).trim();
  const clean = secretsIn(options.item ?? '').reduce((masked, secret) => masked.replaceAll(secret, '•••'), text);
  return keychainError(troubleOf(text), {
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    cause: new Error(clean.slice(0, CAUSE_LENGTH)),
  });
}
