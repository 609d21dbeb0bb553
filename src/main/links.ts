import type { LinkId } from '../contract/links.ts';
import type { Bilingual } from '../contract/text.ts';

/** A page that the person may open in the system's browser; no other address is opened. */
export interface LinkPage {
  readonly id: LinkId;
  readonly names: Bilingual;
  readonly url: string;
}

/** The vendors' own documents. */
export const LINK_PAGES: readonly LinkPage[] = [
  { id: 'polyv_docs', names: { zh: '保利威文档', en: 'Polyv documents' }, url: 'https://help.polyv.net/' },
  {
    id: 'pdd_docs',
    names: { zh: '拼多多备注接口文档', en: 'Pinduoduo note documents' },
    url: 'https://doc.fw199.com/docs/h7b/pdd-update-tradenote',
  },
  { id: 'suning_docs', names: { zh: '苏宁开放平台', en: 'Suning open platform' }, url: 'https://open.suning.com/' },
  {
    id: 'vending_docs',
    names: { zh: '鼎商售货机文档', en: 'DingShang vending documents' },
    url: 'https://www.awish.vip/docs/open/order_update',
  },
];
