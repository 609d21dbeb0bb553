import type { Bilingual } from '../../../contract/text.ts';

/** Words about a newer version of the console; those of a state are named as the state is. */
export const NW = {
  title: { zh: '更新', en: 'Updates' },
  none: {
    zh: '这个版本没有更新来源，不会自行查询；请从您取得它的地方查看新版本。',
    en: 'This build has no source of updates and never looks for any; look for a new version where you got it from.',
  },
  not_looked: { zh: '还没有查询过。', en: 'Not looked for yet.' },
  current: { zh: '已是最新版本。', en: 'This is the newest version.' },
  looking: { zh: '正在查询…', en: 'Looking …' },
  found: (version: string): Bilingual => ({ zh: `有新版本 ${version}。`, en: `Version ${version} is there.` }),
  loading: (version: string): Bilingual => ({
    zh: `正在下载并核验 ${version}…`,
    en: `Loading and verifying ${version} …`,
  }),
  ready: (version: string): Bilingual => ({
    zh: `版本 ${version} 已下载并核验签名，退出控制台时安装。`,
    en: `Version ${version} is here and its signature verified; it is installed when you quit the console.`,
  }),
  look: { zh: '查询更新', en: 'Look for updates' },
  load: { zh: '下载', en: 'Load it' },
  byItself: { zh: '自动更新', en: 'By itself' },
  byItselfHelp: {
    zh: '每次启动时查询，有新版本就下载并核验。默认关闭：不打开时从不联系更新服务器。',
    en: 'Looks at each start, and loads and verifies what is there. Off by default: then the update server is never contacted unless you ask.',
  },
} as const;
