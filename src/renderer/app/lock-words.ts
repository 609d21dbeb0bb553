import { number } from '../i18n/index.ts';

/** Words of the locked window. */
export const L = {
  title: { zh: '窗口已锁定', en: 'The window is locked' },
  text: {
    zh: '正在运行的任务不受影响，仍在继续。',
    en: 'Jobs that run are not affected and go on.',
  },
  passphrase: { zh: '口令', en: 'Passphrase' },
  unlock: { zh: '解锁', en: 'Unlock' },
  bySystem: { zh: '用触控 ID 解锁', en: 'Unlock with Touch ID' },
  wait: (seconds: number) => ({
    zh: `错了几次，请等 ${number(seconds)} 秒再试。`,
    en: `After several wrong tries, wait ${number(seconds)} s before the next.`,
  }),
  working: { zh: '正在核对…', en: 'Checking …' },
} as const;
