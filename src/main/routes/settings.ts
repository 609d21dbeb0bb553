import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '../../contract/errors.ts';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../contract/settings.ts';
import type { Bilingual, Language } from '../../contract/text.ts';
import { z } from '../../contract/zod.ts';
import { replaceFile } from '../vault/accounts-file.ts';

const NAME = 'settings.json';
const VERSION = 1;

/** Some of the settings; one that is undefined stays. */
export type SettingsPatch = { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** The person's settings, which hold for both workspaces. */
export interface SettingsFile {
  get(): Settings;
  /** Changes some of them and writes them. SETTINGS_INVALID names the field (`data.field`); then nothing has changed. */
  change(patch: SettingsPatch): Promise<Settings>;
  /** Where a file that could not be read was put aside when the settings were opened; null when all was well. */
  readonly putAside: string | null;
}

function invalid(field: keyof Settings, message: Bilingual, remedy: Bilingual): Error {
  return appError('SETTINGS_INVALID', message, remedy, { data: { field } });
}

/** A proxy's address: scheme, host and port and nothing else. */
function isProxyUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/\\?#@]+\/?$/i.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.hostname !== '';
}

function checked(settings: Settings): Settings {
  if (settings.proxy !== 'manual') return settings;
  if (/^[a-z]*:\/\/[^/]*@/i.test(settings.proxyUrl)) {
    throw invalid(
      'proxyUrl',
      {
        zh: '代理地址里不能写用户名和密码，它们会以明文保存。',
        en: "The proxy's address must hold no user name and password: they would be kept in the open.",
      },
      { zh: '请只填 http://主机:端口。', en: 'Give http://host:port alone.' },
    );
  }
  if (!isProxyUrl(settings.proxyUrl)) {
    throw invalid(
      'proxyUrl',
      { zh: '代理地址不对。', en: 'This is no address of a proxy.' },
      {
        zh: '请写成 http://主机:端口 或 https://主机:端口。',
        en: 'Write it as http://host:port or https://host:port.',
      },
    );
  }
  return settings;
}

const fileSchema = z.object({ version: z.literal(VERSION), settings: z.record(z.string(), z.unknown()) });

/** The settings of a file's text, what it lacks by default; null when it is damaged or a later version's. */
function parse(text: string): Settings | null {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/u, ''));
  } catch {
    return null;
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) return null;
  const settings = settingsSchema.safeParse({ ...DEFAULT_SETTINGS, ...file.data.settings });
  if (!settings.success) return null;
  try {
    return checked(settings.data);
  } catch {
    return null;
  }
}

async function read(path: string): Promise<{ settings: Settings; putAside: string | null }> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return { settings: DEFAULT_SETTINGS, putAside: null };
  const settings = parse(text);
  if (settings !== null) return { settings, putAside: null };
  const putAside = `${path}.unread-${randomBytes(4).toString('hex')}`;
  // One that can't be moved is written over by the next change; its defaults hold until then.
  await rename(path, putAside).catch(() => {});
  return { settings: DEFAULT_SETTINGS, putAside };
}

/** Opens the settings of a data folder. A file that is damaged or of a later version is kept beside it, and the defaults hold. */
export async function openSettings(folder: string): Promise<SettingsFile> {
  const path = join(folder, NAME);
  const opened = await read(path);
  let settings = opened.settings;
  let last: Promise<unknown> = Promise.resolve();

  async function changeNow(patch: SettingsPatch): Promise<Settings> {
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    const next = checked({ ...settings, ...Object.fromEntries(given) });
    const text = `${JSON.stringify({ version: VERSION, settings: next }, null, 2)}\n`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(path, text, async () => true);
    } catch (cause) {
      throw appError(
        'FILE_UNREADABLE',
        { zh: '设置无法写入磁盘。', en: 'The settings could not be written.' },
        {
          zh: '请检查磁盘空间和数据文件夹的权限后重试。',
          en: 'Check the disk space and the rights of the data folder, and try again.',
        },
        { cause },
      );
    }
    settings = next;
    return settings;
  }

  return {
    putAside: opened.putAside,
    get: () => settings,
    change(patch) {
      const run = last.then(() => changeNow(patch));
      last = run.catch(() => undefined);
      return run;
    },
  };
}

/** The language that the console speaks: the person's choice, or Chinese where the system prefers it, else English. */
export function languageOf(settings: Settings, systemLanguages: readonly string[]): Language {
  if (settings.language !== 'system') return settings.language;
  return /^zh(?:$|[-_])/i.test(systemLanguages[0] ?? '') ? 'zh-CN' : 'en';
}
