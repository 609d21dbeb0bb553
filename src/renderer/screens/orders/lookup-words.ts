import { number, percent } from '../../i18n/index.ts';

const parts = (n: number): string => (n === 1 ? '1 part' : `${number(n)} parts`);

/** Words of how a lookup goes and what it lacks. */
export const L = {
  /** 0 to 1. */
  share: (share: number) => ({ zh: `已读 ${percent(share)}`, en: `${percent(share)} of it read` }),
  incomplete: { zh: '结果不完整', en: 'The result is incomplete' },
  goOn: { zh: '继续查询', en: 'Go on' },
  goOnHint: {
    zh: '从停下的地方继续，没读到的再试一次',
    en: 'Goes on where it ended, and tries again what could not be read',
  },
  missing: (n: number) => ({ zh: `${number(n)} 处没有读到`, en: `${parts(n)} could not be read` }),
  notFound: (n: number) => ({
    zh: `供应商没有这 ${number(n)} 个订单号`,
    en:
      n === 1
        ? 'The vendor does not know one of the order numbers'
        : `The vendor does not know ${number(n)} of the order numbers`,
  }),
  more: (n: number) => ({ zh: `还有 ${number(n)} 个`, en: `and ${number(n)} more` }),
  details: { zh: '查看', en: 'Show' },
  hideDetails: { zh: '收起', en: 'Hide' },
  copyNumbers: { zh: '复制这些订单号', en: 'Copy these numbers' },
  again: (n: number) => ({
    zh: `读取时订单有移动，有 ${number(n)} 段重新读过，没有遗漏`,
    en:
      n === 1
        ? 'Orders moved while they were read: one part was read again, so none is lost'
        : `Orders moved while they were read: ${parts(n)} were read again, so none is lost`,
  }),
  held: (held: number, all: number) => ({
    zh: `这里列出前 ${number(held)} 单；全部 ${number(all)} 单都已存进“已存订单”`,
    en: `The first ${number(held)} are listed here; all ${number(all)} are among the kept orders`,
  }),
  region: { zh: '查询进展', en: 'How the lookup went' },

  pictures: { zh: '显示商品图片', en: 'Show the pictures' },
  picture: (name: string) => ({ zh: `${name}的图片`, en: `Picture of ${name}` }),
  pictureHint: {
    zh: '图片由供应商的图片主机提供，点击后才会去取',
    en: "Pictures lie on the vendor's picture hosts; they are fetched when you ask",
  },
} as const;
