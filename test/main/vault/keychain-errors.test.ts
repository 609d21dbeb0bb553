import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { KeychainTrouble } from '../../../src/main/vault/keychain-errors.ts';
import { keychainError, mapKeychainError, troubleOf } from '../../../src/main/vault/keychain-errors.ts';

/** The platforms' own texts; those marked * were measured, the rest are from their public sources. */
const TEXTS: readonly (readonly [string, KeychainTrouble])[] = [
  ['Failed to load keytar native addon, checked ["../build/Release"] on prebuilds/linux-x64', 'no_library'], // *
  ["Cannot find package 'keytar' imported from /x/keytar.ts", 'no_library'],
  ['libsecret-1.so.0: cannot open shared object file: No such file or directory', 'no_library'],
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'no_service'], // *
  ['The name org.freedesktop.secrets was not provided by any .service files', 'no_service'], // *
  ['GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable', 'no_service'],
  ['Failed to execute child process “dbus-launch” (No such file or directory)', 'no_service'],
  ['Could not connect: Connection refused', 'no_service'],
  ['The connection is closed', 'no_service'],
  ['无法连接：没有那个文件或目录', 'no_service'], // *
  ['無法連接：沒有此一檔案或目錄', 'no_service'],
  ['无法在没有 X11 $DISPLAY 的情况下自动启动 D-Bus', 'no_service'],
  ['连接已关闭', 'no_service'],
  ['传输“tcp2”对于地址“tcp2:”未知或不支持', 'no_service'],
  ['无法连接：权限不够', 'denied'],
  ['操作被取消', 'cancelled'],
  ['已到超时限制', 'timeout'],
  ['Message recipient disconnected from message bus without replying', 'no_service'],
  ['No keychain is available. You may need to restart your computer.', 'no_service'],
  ['The specified keychain could not be found.', 'no_service'],
  ['The specified keychain is not a valid keychain file.', 'no_service'],
  ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'no_keyring'], // *
  ['A default keychain could not be found.', 'no_keyring'],
  ['A specified logon session does not exist. It may already have been terminated.\r\n', 'no_logon_session'],
  ['指定的登录会话不存在。可能已被终止。\r\n', 'no_logon_session'],
  ['Cannot create an item in a locked collection', 'locked'], // *
  ['GDBus.Error:org.freedesktop.Secret.Error.IsLocked: ', 'locked'],
  ['User interaction is not allowed.', 'locked'],
  ['User interaction is required, but is currently not allowed.', 'locked'],
  ['The user name or passphrase you entered is not correct.', 'denied'],
  ['The specified item has no access control.', 'denied'],
  ['This keychain cannot be modified.', 'denied'],
  ["A required entitlement isn't present.", 'denied'],
  ['Access is denied.\r\n', 'denied'],
  ['拒绝访问。\r\n', 'denied'],
  ['Could not connect: Permission denied', 'denied'],
  ['User canceled the operation.', 'cancelled'],
  ['Operation was cancelled', 'cancelled'],
  ['The prompt was dismissed', 'cancelled'],
  ['The stub received bad data.\r\n', 'too_large'],
  ['占位程序接收到错误数据。\r\n', 'too_large'],
  ['This item contains information which is too large or in a format that cannot be displayed.', 'too_large'],
  ['Timeout was reached', 'timeout'],
  ['An unknown error occurred.', 'failed'],
  ['', 'failed'],
];

const CODES = {
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
} as const satisfies Record<KeychainTrouble, string>;
const TROUBLES = Object.keys(CODES) as KeychainTrouble[];

describe('troubleOf', () => {
  it.each(TEXTS)('reads %j as %s', (text, trouble) => {
    expect(troubleOf(text)).toBe(trouble);
  });

  it.each([
    ['拒绝访问。', 'denied'],
    ['指定的登录会话不存在。可能已被终止。', 'no_logon_session'],
    ['占位程序接收到错误数据。', 'too_large'],
  ])('reads %s as %s even when its GBK bytes were taken for UTF-8', (text, trouble) => {
    const mangled = iconv.encode(text, 'gbk').toString('utf8');
    expect(mangled).not.toContain(text.slice(0, 2));
    expect(troubleOf(mangled)).toBe(trouble);
  });
});

describe('keychainError', () => {
  it.each(TROUBLES)('%s has its code and says in both languages and on every platform what to do', (trouble) => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const error = keychainError(trouble, { platform });
      expect(error.code).toBe(CODES[trouble]);
      expect(error.data).toEqual({ trouble });
      for (const { zh, en } of [error.text.message, error.text.remedy]) {
        expect(zh).toMatch(/\p{Script=Han}.*。$/u);
        expect(en).toMatch(/^[A-Z].*\.$/u);
        expect(en).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it('tells people of each platform about their own keychain', () => {
    const remedy = (trouble: KeychainTrouble, platform: NodeJS.Platform): string =>
      keychainError(trouble, { platform }).text.remedy.en;
    expect(remedy('no_service', 'linux')).toContain('sudo apt install libsecret-1-0 gnome-keyring');
    expect(remedy('no_service', 'darwin')).toContain('Keychain Access');
    expect(remedy('no_service', 'win32')).toContain('Credential Manager');
    expect(remedy('no_library', 'linux')).toContain('libsecret');
    expect(remedy('no_library', 'win32')).toContain('antivirus');
    expect(remedy('locked', 'darwin')).toContain('"login" keychain');
    expect(remedy('cancelled', 'darwin')).toContain('Always Allow');
    expect(remedy('no_keyring', 'linux')).toContain('"Login"');
    expect(remedy('no_keyring', 'darwin')).toContain('"login"');
  });

  it('gives the counts of what is too large', () => {
    const error = keychainError('too_large', { data: { bytes: 2561, limit: 2560 } });
    expect(error.data).toEqual({ bytes: 2561, limit: 2560, trouble: 'too_large' });
    expect(error.text.message.en).toBe(
      'The secrets of this account take 2561 bytes (UTF-8); the system keychain holds at most 2560.',
    );
    expect(error.text.message.zh).toContain('2561');
  });
});

describe('mapKeychainError', () => {
  const item = JSON.stringify({ v: 1, s: { a: 'first"secret', b: '第二' } });

  it("keeps the system's words as the cause, without its stack or fields", () => {
    const thrown = Object.assign(new Error('Cannot create an item in a locked collection\r\n'), { password: 'x' });
    const error = mapKeychainError(thrown, { platform: 'linux' });
    expect(error.code).toBe('KEYCHAIN_LOCKED');
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).not.toBe(thrown);
    expect(error.cause).toMatchObject({ message: 'Cannot create an item in a locked collection' });
    expect(error.cause).not.toHaveProperty('password');
  });

  it('takes the item, and each secret in it, raw and escaped, out of the cause', () => {
    const error = mapKeychainError(new Error(`odd: ${item} first"secret first\\"secret 第二 end`), { item });
    expect(error.code).toBe('KEYCHAIN_FAILED');
    expect(error.cause).toMatchObject({ message: 'odd: ••• ••• ••• ••• end' });
  });

  it('takes an item that is no JSON out too, and keeps the cause short', () => {
    expect(mapKeychainError(new Error('bad plain-item!'), { item: 'plain-item' }).cause).toMatchObject({
      message: 'bad •••!',
    });
    expect((mapKeychainError(new Error('y'.repeat(5000))).cause as Error).message).toHaveLength(300);
  });

  it('maps what is no Error', () => {
    expect(mapKeychainError('Access is denied.')).toMatchObject({ code: 'KEYCHAIN_DENIED' });
  });
});
