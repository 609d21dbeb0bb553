import { number } from '../../i18n/index.ts';

/** Words of the sign desk. */
export const W = {
  title: { zh: '签名台', en: 'Sign desk' },
  about: {
    zh: '看清一个请求究竟签了什么，并与供应商自己的工具比对。不联网，什么都不会发送。',
    en: "See exactly what a request signs, and compare it with the vendor's own tool. Needs no network and sends nothing.",
  },
  form: { zh: '要签名的请求', en: 'The request to be signed' },
  operation: { zh: '操作', en: 'Operation' },
  params: { zh: '参数', en: 'Parameters' },
  row: { zh: '一行的字段', en: 'Fields of one row' },
  time: { zh: '时间', en: 'Time' },
  timeHelp: {
    zh: '留空：签早已过期的时间，截图也不能被重放。要比对时，填供应商工具所用的时间：2024-05-01 00:00:00（北京时间），或秒、毫秒。',
    en: "Empty: a time that expired long ago, so that a picture cannot be replayed. To compare, type the time that the vendor's tool used: 2024-05-01 00:00:00 (Beijing time), or seconds or milliseconds.",
  },
  make: { zh: '签名', en: 'Sign' },
  making: {
    zh: '正在签名…系统可能会询问是否允许使用钥匙串。',
    en: 'Signing … The system may ask to use the keychain.',
  },
  result: { zh: '签名结果', en: 'What was signed' },
  nothing: {
    zh: '选好操作、填好字段后点“签名”，这里会显示签名原文、签名和完整的请求。',
    en: 'Choose an operation, fill in its fields and press "Sign": the signed text, the sign and the whole request are shown here.',
  },
  expired: {
    zh: '签的是早已过期的时间，所以这个签名不能用来发送请求，可以放心截图。',
    en: 'Signed with a time that expired long ago: this sign cannot be used to send anything, so a picture of it is harmless.',
  },
  typed: { zh: '签的是您填的时间。', en: 'Signed with the time that you typed.' },
  fresh: {
    zh: '这个时间与现在相近，供应商可能接受这个请求：请不要截图或发给别人。',
    en: 'That time is near to now, so the vendor may take this request: do not take a picture of it or hand it on.',
  },
  unsigned: { zh: '这个操作的签名不含时间。', en: 'The sign of this operation holds no time.' },
  noSign: { zh: '供应商的这个操作不用签名。', en: 'The vendor wants no sign for this operation.' },
  signedText: { zh: '签名原文', en: 'Signed text' },
  masked: { zh: '••• 是密钥的位置。', en: '••• stands for a secret.' },
  sign: { zh: '签名', en: 'Sign' },
  request: { zh: '完整的请求', en: 'The whole request' },
  copy: (what: { readonly zh: string; readonly en: string }) => ({
    zh: `复制${what.zh}`,
    en: `Copy: ${what.en.toLowerCase()}`,
  }),
  copied: { zh: '已复制', en: 'Copied' },
  compare: { zh: '与供应商的工具比对', en: "Compare with the vendor's tool" },
  pasted: { zh: '粘贴签名或签名原文', en: 'Paste a sign, or the text that is signed' },
  pastedHelp: {
    zh: '粘贴签名原文时能指出第一处不同。其中已知的密钥会被遮盖；离开本页后粘贴的内容不会保留。',
    en: 'With the text, the first difference is pointed at. Known secrets in it are masked, and nothing pasted is kept when this screen is left.',
  },
  compareNow: { zh: '比对', en: 'Compare' },
  same: { zh: '完全相同', en: 'They are the same' },
  differ: (at: number) => ({ zh: `第 ${number(at)} 个字符起不同`, en: `They differ from character ${number(at)} on` }),
  ours: { zh: '控制台', en: 'The console' },
  theirs: { zh: '粘贴的', en: 'Pasted' },
  hidden: { zh: '（密钥的位置，不显示）', en: '(where the secret stands, not shown)' },
  end: { zh: '（到此结束）', en: '(ends here)' },
  settings: {
    zh: '把账号的以下设置改成这样，签名就相同：',
    en: "The sign is the same with the account's settings changed so:",
  },
  setting: (
    name: { readonly zh: string; readonly en: string },
    value: { readonly zh: string; readonly en: string },
  ) => ({
    zh: `${name.zh}：${value.zh}`,
    en: `${name.en}: ${value.en}`,
  }),
  none: { zh: '还没有账号', en: 'No account yet' },
  noneText: { zh: '先添加一个账号，才能签名。', en: 'Add an account first; then its requests can be signed here.' },
  addAccount: { zh: '添加账号', en: 'Add an account' },
  back: { zh: '回到账号', en: 'Back to the accounts' },
} as const;
