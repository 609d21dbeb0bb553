import type { Router } from 'vue-router';
import type { Account } from '../../contract/account.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Bilingual } from '../../contract/text.ts';
import type { useApp } from '../stores/app.ts';
import { runCommand } from './commands.ts';
import type { Offer } from './palette.ts';
import { P } from './palette-words.ts';
import { W } from './words.ts';

type App = ReturnType<typeof useApp>;

const SCREENS = [
  { name: 'orders', words: 'lookup search 查询 查单' },
  { name: 'update', words: 'bulk import batch csv 批量更新 导入' },
  { name: 'jobs', words: 'history runs 历史 记录' },
  { name: 'accounts', words: 'shop secret key 店铺 密钥' },
  { name: 'settings', words: 'preferences options 选项' },
] as const;

const both = (text: string): Bilingual => ({ zh: text, en: text });

function screenOffers(router: Router): Offer[] {
  return SCREENS.map(({ name, words }, index) => ({
    id: `screen-${name}`,
    group: 'screens',
    names: W[name],
    words,
    keys: `Mod+${index + 1}`,
    then: () => router.push({ name }),
  }));
}

function accountOffers(app: App, router: Router): Offer[] {
  const offer = (account: Account): Offer => {
    const { names } = app.vendor(account.vendor);
    const present = account.id === app.accountId;
    return {
      id: `account-${account.id}`,
      group: 'accounts',
      names: both(account.label),
      detail: present ? { zh: `${names.zh}，${P.present.zh}`, en: `${names.en}, ${P.present.en}` } : names,
      words: account.id,
      then: () => {
        app.accountId = account.id;
        return router.push({ name: 'orders' });
      },
    };
  };
  return app.accounts.map(offer);
}

function settingOffer(app: App, id: string, names: Bilingual, patch: Partial<Settings>, words: string): Offer {
  const [[field, value] = ['', '']] = Object.entries(patch);
  const isNow = (app.settings as Readonly<Record<string, unknown>>)[field] === value;
  return {
    id,
    group: 'actions',
    names,
    words,
    work: () => app.change(patch),
    ...(isNow ? { detail: P.now } : {}),
  };
}

function actionOffers(app: App, router: Router): Offer[] {
  const action = (id: string, names: Bilingual, words: string, then: () => unknown, keys?: string): Offer => ({
    id,
    group: 'actions',
    names,
    words,
    then,
    ...(keys === undefined ? {} : { keys }),
  });
  const workspace = (id: 'real' | 'practice', names: Bilingual, words: string): Offer => ({
    ...action(id, names, words, () => router.push({ name: app.accounts.length === 0 ? 'welcome' : 'orders' })),
    work: () => app.goTo(id),
  });
  return [
    action('update', P.update, 'import csv batch 导入', () => router.push({ name: 'update' }), 'Mod+N'),
    action('file', P.chooseFile, 'open csv import 打开 导入', () => runCommand('choose_file'), 'Mod+O'),
    app.practice
      ? workspace('real', P.leave, 'twins demo real 真实 模拟')
      : workspace('practice', P.practice, 'twins demo sandbox 演示 试用'),
    action('accounts', P.addAccount, 'add new shop 添加 店铺', () =>
      router.push({ name: 'accounts', query: { add: '' } }),
    ),
    action('sign', P.signDesk, 'signature md5 compare debug 签名 比对', () => router.push({ name: 'sign' })),
    action('backup', P.backup, 'restore passphrase 恢复 口令', () => router.push({ name: 'backup' })),
    action('audit', P.audit, 'log history who 审计 日志', () => router.push({ name: 'audit' })),
    settingOffer(app, 'zh', both('语言：简体中文'), { language: 'zh-CN' }, 'language chinese 中文'),
    settingOffer(app, 'en', both('Language: English'), { language: 'en' }, '语言 英文 english'),
    settingOffer(app, 'language-system', P.languageSystem, { language: 'system' }, ''),
    settingOffer(app, 'light', P.themeLight, { theme: 'light' }, 'appearance 外观'),
    settingOffer(app, 'dark', P.themeDark, { theme: 'dark' }, 'night 夜间 appearance 外观'),
    settingOffer(app, 'theme-system', P.themeSystem, { theme: 'system' }, 'appearance 外观'),
    settingOffer(app, 'compact', P.compact, { density: 'compact' }, 'density 密度'),
    settingOffer(app, 'comfortable', P.comfortable, { density: 'comfortable' }, 'density 密度'),
    action('lock', P.lock, 'screen passphrase 锁屏 口令', () => runCommand('lock'), 'Mod+L'),
    action('about', P.about, 'version licence 版本 许可证', () => runCommand('about')),
  ];
}

/** Everything that the palette offers without an order number: screens, accounts, commands. */
export function offersOf(app: App, router: Router): readonly Offer[] {
  return [...screenOffers(router), ...accountOffers(app, router), ...actionOffers(app, router)];
}
