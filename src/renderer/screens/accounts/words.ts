import type { KeychainStateView, SecretStateView, TryStep } from '../../../contract/account.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { Environment } from '../../../contract/vendor.ts';

/** Words of the accounts. */
export const W = {
  title: { zh: '账号', en: 'Accounts' },
  list: { zh: '账号列表', en: 'List of accounts' },
  add: { zh: '添加账号', en: 'Add an account' },
  test: { zh: '测试账号', en: 'Test account' },
  testNow: { zh: '现在测试', en: 'Test it now' },
  edit: { zh: '编辑', en: 'Edit' },
  replace: { zh: '更换密钥', en: 'Replace secret' },
  remove: { zh: '删除', en: 'Remove' },
  backup: { zh: '备份', en: 'Backup' },
  signDesk: { zh: '签名台', en: 'Sign desk' },
  cancel: { zh: '取消', en: 'Cancel' },
  save: { zh: '保存改动', en: 'Save changes' },
  saving: { zh: '正在保存…系统可能会询问是否允许使用钥匙串。', en: 'Saving … The system may ask to use the keychain.' },
  readOnly: {
    zh: '另一个控制台正在使用这些数据，请在那里更改账号。',
    en: 'Another console is using this data; change accounts there.',
  },

  none: { zh: '还没有账号', en: 'No account yet' },
  noneText: {
    zh: '账号把控制台连到您的一个供应商。密钥存进这台电脑的系统钥匙串，只会发往您允许的主机。',
    en: "An account connects the console to one of your vendors. Its secret goes into this computer's system keychain, and only ever to the hosts you allow.",
  },
  practise: { zh: '先用模拟供应商试试', en: 'Try it on the twins' },
  practice: {
    zh: '练习模式：这些是模拟供应商的账号，由控制台自己准备，不能编辑，也没有一样是真的。调用都留在这台电脑上，系统钥匙串不会用到。',
    en: 'Practice: these are accounts of vendor twins, which the console makes itself. They cannot be edited and nothing about them is real. Calls stay on this computer and the system keychain is not used.',
  },

  vendor: { zh: '供应商', en: 'Vendor' },
  label: { zh: '名称', en: 'Name' },
  labelHelp: {
    zh: '您自己起的名字，例如店铺名。最多 80 个字符。',
    en: 'A name of your own, for instance the shop. At most 80 characters.',
  },
  environment: { zh: '环境', en: 'Environment' },
  address: { zh: '接口地址', en: 'Address' },
  ownAddress: { zh: '其他地址', en: 'Another address' },
  ownAddressHelp: {
    zh: '写成 https://主机，后面不带路径。只填您信任的地址：签名的请求会发到那里。',
    en: 'Write https://host, without a path. Give only an address you trust: signed requests go there.',
  },
  twinAddressHelp: {
    zh: '本机模拟供应商的地址，例如 http://127.0.0.1:8080。',
    en: 'Where the twin listens on this computer, for instance http://127.0.0.1:8080.',
  },
  goesTo: { zh: '密钥只能发往', en: 'The secret may go to' },
  goesNowhere: { zh: '填好地址后显示', en: 'shown once the address is filled in' },
  nowhereElse: { zh: '其他主机一律拒绝。', en: 'Every other host is refused.' },
  moreHosts: { zh: '另外允许的主机', en: 'Further hosts' },
  moreHostsHelp: {
    zh: '一般不用填。写成 主机 或 主机:端口，一行一个。密钥也可以发往这些主机。',
    en: 'Rarely needed. Write host or host:port, one a line. The secret may go to these hosts, too.',
  },
  signing: { zh: '谁来签名', en: 'Who signs' },
  signHere: { zh: '本机签名，密钥在系统钥匙串里', en: 'This computer, with the secret in its keychain' },
  signByRelay: {
    zh: '自己的签名中继，密钥不放在这台电脑上',
    en: 'A relay of our own; the secret is not on this computer',
  },
  relayUrl: { zh: '中继地址', en: 'Address of the relay' },
  relayHelp: {
    zh: '写成 https://主机，后面不带路径。每个请求签名前都要问它；示例见项目的 examples/relay。',
    en: 'Write https://host, without a path. It is asked before each request; an example lies in examples/relay of the project.',
  },
  signedBy: { zh: '由中继签名', en: 'Signed by the relay' },
  credentials: { zh: '凭据', en: 'Credentials' },
  secretHelp: {
    zh: '密钥存进系统钥匙串，保存后这里不再显示，只能更换。',
    en: 'Secrets go into the system keychain. Once saved they are never shown again, only replaced.',
  },
  secretKept: { zh: '在系统钥匙串里，不会显示', en: 'in the system keychain, never shown' },
  secretOptional: {
    zh: '如果填过，在系统钥匙串里，不会显示',
    en: 'if one was given, in the system keychain, never shown',
  },
  secretTwin: { zh: '模拟的，只在内存里', en: 'made up, in memory alone' },
  rule: { zh: '供应商的规定', en: "The vendor's rule" },
  agree: {
    zh: '我已读过并了解这条规定，同意把密钥保存在这台电脑上',
    en: 'I have read and understood this rule and agree that the secret is kept on this computer',
  },
  agreeKept: { zh: '同意的日期会随账号一起保存。', en: 'The date of your consent is kept with the account.' },
  agreed: { zh: '已同意供应商的规定', en: "Agreed to the vendor's rule" },
  notices: { zh: '使用前请知道', en: 'Good to know' },
  more: { zh: '设置、速度和主机', en: 'Settings, pacing and hosts' },
  moreText: { zh: '默认值是安全的，一般不用改。', en: 'The defaults are safe; most accounts need no change.' },
  pacing: { zh: '发送速度', en: 'Pacing' },
  perSecond: { zh: '每秒调用', en: 'Calls a second' },
  concurrency: { zh: '同时进行', en: 'At once' },
  pacingHelp: {
    zh: '留空就用供应商的安全默认值。调得更快，可能被限流。',
    en: "Leave empty for the vendor's safe default. Faster than that, the vendor may limit it.",
  },
  asDefault: { zh: '供应商的安全默认值', en: "the vendor's safe default" },
  notSet: { zh: '未设置', en: 'not set' },

  discardTitle: { zh: '放弃填写的内容？', en: 'Discard what you typed?' },
  discardText: { zh: '表单里有还没保存的内容。', en: 'The form holds something that is not saved.' },
  discard: { zh: '放弃', en: 'Discard' },

  added: {
    zh: '已添加账号，密钥已存进系统钥匙串。',
    en: 'The account is added; its secret is in the system keychain.',
  },
  changed: { zh: '改动已保存。', en: 'The changes are saved.' },
  replaced: {
    zh: '密钥已更换，旧的已从系统钥匙串里删掉。',
    en: 'The secret is replaced; the old one is gone from the system keychain.',
  },
  replaceText: {
    zh: '所有密钥字段会一起更换。留空的可选字段会被去掉。',
    en: 'All secret fields are replaced together. An optional one that you leave empty is taken away.',
  },
  staged: {
    zh: '新密钥已存在旧密钥旁边，正在用的还是旧的。',
    en: 'The new secret is kept beside the old one, which is still in use.',
  },
  switched: {
    zh: '正在用新密钥，旧的还留着，可以换回。',
    en: 'The new secret is in use; the old one is still kept, so you can go back.',
  },
  rotation: { zh: '轮换密钥', en: 'Change of the secret' },
  rotationText: {
    zh: '在供应商后台生成新密钥后，先存入、测试，通过了再切换，最后删除旧的；中间任何时候都可以退回。',
    en: 'Once the vendor has given you a new secret: keep it here, test it, switch to it, and delete the old one at last. You can go back at any time.',
  },
  stage: { zh: '存入新密钥', en: 'Keep a new secret' },
  stageNow: { zh: '存入，与旧的并存', en: 'Keep it beside the old one' },
  testNew: { zh: '测试新密钥', en: 'Test the new secret' },
  switchNow: { zh: '切换到新密钥', en: 'Switch to the new secret' },
  switchBack: { zh: '换回旧密钥', en: 'Go back to the old secret' },
  switchTitle: { zh: '没有测试就切换？', en: 'Switch without a test?' },
  switchUntested: {
    zh: '这个供应商没有测试调用，所以不知道新密钥对不对。切换后请做一次查询；不对可以换回旧的。',
    en: 'This vendor has no call to test it with, so it is not known whether the new secret is right. Look something up after the switch; if it fails, go back to the old one.',
  },
  finish: { zh: '删除旧密钥', en: 'Delete the old secret' },
  finishTitle: { zh: '删除旧密钥？', en: 'Delete the old secret?' },
  finishText: {
    zh: '删除后不能换回。请先确认在供应商后台停用旧密钥也没有问题。',
    en: 'You cannot go back to it then. See that nothing else at the vendor still needs it.',
  },
  drop: { zh: '不要新密钥', en: 'Give the new secret up' },
  dropTitle: { zh: '放弃新密钥？', en: 'Give the new secret up?' },
  dropText: {
    zh: '它会从系统钥匙串里删掉；继续用旧的。',
    en: 'It is deleted from the system keychain; the old one stays in use.',
  },
  deleteOther: { zh: '删除', en: 'Delete it' },
  accepted: { zh: '已采用钥匙串里现在的密钥。', en: 'The secret that is in the keychain now is taken.' },
  accept: { zh: '是我改的，采用它', en: 'I changed it: accept it' },
  acceptTitle: { zh: '采用被改过的密钥？', en: 'Accept the changed secret?' },
  acceptText: {
    zh: '系统钥匙串里的密钥不是在这里保存的。只有确实是您自己改的才采用；之后的请求都会用它签名。',
    en: 'The secret in the system keychain was not saved here. Accept it only if you changed it yourself: requests are signed with it from then on.',
  },
  secretPart: { zh: '密钥的状态', en: 'State of the secret' },
  savedAt: { zh: '密钥保存于', en: 'Secret saved' },
  moveUp: { zh: '上移', en: 'Move up' },
  moveDown: { zh: '下移', en: 'Move down' },
  colour: { zh: '颜色', en: 'Colour' },
  colourHelp: { zh: '在列表里一眼认出这个账号。', en: 'Tells the account apart in the lists at a glance.' },
  noColour: { zh: '不用', en: 'none' },
  tried: { zh: '自检：', en: 'Self-test: ' },
  removeTitle: { zh: '删除账号', en: 'Remove account' },

  where: { zh: '去向和凭据', en: 'Where it goes, and with what' },
  chosen: { zh: '速度和设置', en: 'Pacing and settings' },
  account: { zh: '账号', en: 'Account' },
  times: { zh: '记录', en: 'Record' },
  created: { zh: '添加时间', en: 'Added' },
  lastUsed: { zh: '上次使用', en: 'Last used' },
  lastVerified: { zh: '上次测试通过', en: 'Last verified' },
  never: { zh: '从未', en: 'never' },
  clock: { zh: '时钟', en: 'Clock' },
  clockUnknown: { zh: '第一次调用后才知道', en: 'known after the first call' },
  /** Follows the words of the clock. */
  clockThen: {
    zh: '；控制台会按供应商的时间签名，也请把本机时钟校准。',
    en: "; the console signs with the vendor's time, but please set this computer's clock right.",
  },

  testPart: { zh: '测试', en: 'Test' },
  testing: {
    zh: '正在测试：读取密钥并调用供应商一次…',
    en: 'Testing: reading the secret and calling the vendor once …',
  },
  passed: { zh: '测试通过', en: 'The test passed' },
  failed: { zh: '测试未通过', en: 'The test failed' },
  unknown: { zh: '没有得到可信的答复，所以不知道', en: 'No trustworthy answer, so it is not known' },
  secretRead: { zh: '密钥可以读出', en: 'The secret can be read' },
  notMade: { zh: '测试没有进行', en: 'The test was not made' },
  notTested: { zh: '这次还没有测试', en: 'Not tested yet this time' },
  proves: { zh: '通过说明什么', en: 'What a pass proves' },
  noPing: {
    zh: '供应商没有不改动数据的测试调用：测试只读出钥匙串里的密钥，不证明密钥有效。要检验它，请做一次查询。',
    en: 'The vendor has no call that changes nothing: the test only reads the secret from the keychain and does not prove that it is valid. A lookup does.',
  },
  vendorSays: { zh: '供应商的原话', en: "The vendor's words" },
  requestId: { zh: '请求编号', en: 'Request id' },

  keychain: { zh: '钥匙串', en: 'Keychain' },
  checkNow: { zh: '检查', en: 'Check now' },
  checking: { zh: '正在检查，系统可能会询问…', en: 'Checking, the system may ask …' },
  checkAgain: { zh: '再次检查', en: 'Check again' },
  goesOn: {
    zh: '其他一切照常：任务记录、批量更新的导入和检查、导出都可以用；查询、测试和发送要等钥匙串可用。',
    en: 'Everything else goes on: the records of jobs, reading in and checking a bulk update, and exports. Lookups, tests and sending wait for the keychain.',
  },
} as const satisfies Record<string, Bilingual>;

/** What an environment is, beside its word. */
export const ENVIRONMENT_HELP: Readonly<Record<Environment, Bilingual>> = {
  live: { zh: '真实的店铺和订单。', en: 'A real shop with real orders.' },
  test: { zh: '供应商给的测试环境。', en: "The vendor's own place for tests." },
  twin: { zh: '这台电脑上的模拟供应商，没有一样是真的。', en: 'A vendor twin on this computer; nothing is real.' },
};

/** What a keychain in trouble means and what to do, where a probe has not said it better. */
export const KEYCHAIN_HELP: Readonly<
  Partial<Record<KeychainStateView, { readonly message: Bilingual; readonly remedy: Bilingual }>>
> = {
  locked: {
    message: {
      zh: '系统钥匙串已锁定，密钥暂时无法保存或读取。',
      en: 'The system keychain is locked, so secrets can be neither kept nor read for now.',
    },
    remedy: {
      zh: '请用系统的登录密码解锁钥匙串，再检查一次。',
      en: 'Unlock it with the password of your system login, then check again.',
    },
  },
  denied: {
    message: { zh: '系统钥匙串拒绝了控制台的访问。', en: 'The system keychain denied access to the console.' },
    remedy: { zh: '请再检查一次，并在系统询问时允许。', en: 'Check again, and allow it when the system asks.' },
  },
  no_service: {
    message: {
      zh: '这台电脑上没有可用的系统钥匙串。没有它就不保存密钥，更不会写成明文。',
      en: 'No system keychain answers on this computer. Without one no secret is kept, and never as plain text.',
    },
    remedy: {
      zh: '请在桌面会话里登录，确认系统的密钥服务在运行，再检查一次。',
      en: "Sign in to a desktop session, make sure that the system's keyring service runs, then check again.",
    },
  },
  failed: {
    message: {
      zh: '系统钥匙串出错，密钥可能无法保存或读取。',
      en: 'The system keychain failed; secrets may be neither kept nor read.',
    },
    remedy: {
      zh: '请再检查一次；若仍不行，请重启控制台或重新登录系统。',
      en: 'Check again; if that does not help, restart the console or sign in to the system again.',
    },
  },
};

export const accounts = (count: string): Bilingual => ({ zh: `${count} 个账号`, en: `Accounts: ${count}` });

export const addOf = (vendor: Bilingual): Bilingual => ({
  zh: `添加账号：${vendor.zh}`,
  en: `Add an account: ${vendor.en}`,
});

export const editOf = (label: string): Bilingual => ({ zh: `编辑“${label}”`, en: `Edit "${label}"` });

export const replaceOf = (label: string): Bilingual => ({
  zh: `更换“${label}”的密钥`,
  en: `Replace the secret of "${label}"`,
});

export const replaceVerb = (count: number): Bilingual => ({
  zh: count === 1 ? '更换密钥' : `更换 ${count} 个密钥字段`,
  en: count === 1 ? 'Replace secret' : `Replace ${count} secret fields`,
});

export const removeText = (label: string): Bilingual => ({
  zh: `删除账号“${label}”？\n它的密钥会从系统钥匙串里删除，以后要用得重新填写。它的任务和每一行的结果都会保留，仍可查看和导出，但不能再继续发送。`,
  en: `Remove account "${label}"?\nIts secret is deleted from the system keychain and would have to be entered again. Its jobs and the outcome of every row stay: they can be looked at and exported, but nothing more is sent for them.`,
});

export const removeVerb = (label: string): Bilingual => ({ zh: `删除“${label}”`, en: `Remove "${label}"` });

export const foreignText = (hosts: readonly string[]): Bilingual => ({
  zh: `${hosts.join('、')} 不在这个账号原来的主机里。已保存的密钥不会自动发往新主机：如果确实要改，请重新填写密钥。`,
  en: `${hosts.join(', ')} was not among this account's hosts. The kept secret is not sent to a new host by itself: if the change is meant, enter the secrets again.`,
});

export const testedAt = (time: string): Bilingual => ({ zh: `测试于 ${time}`, en: `Tested at ${time}` });

export const usedAgo = (ago: string | null): Bilingual =>
  ago === null ? { zh: '从未使用', en: 'never used' } : { zh: `${ago}使用`, en: `used ${ago}` };

export const verifiedAgo = (ago: string | null): Bilingual =>
  ago === null ? { zh: '未测试通过', en: 'not verified' } : { zh: `${ago}测试通过`, en: `verified ${ago}` };

export const clockIs = (words: string): Bilingual => ({ zh: `时钟 ${words}`, en: `clock ${words}` });

export const waitUntil = (time: string): Bilingual => ({
  zh: `供应商要求等待，${time} 后再调用。`,
  en: `The vendor asked to wait; calls go on after ${time}.`,
});

export const defaultOf = (value: string): Bilingual => ({ zh: `默认 ${value}`, en: `default ${value}` });

export const pace = (perSecond: string, concurrency: string): Bilingual => ({
  zh: `每秒 ${perSecond} 次，同时 ${concurrency} 个`,
  en: `${perSecond} a second, ${concurrency} at once`,
});

export const vendorRule = (vendor: Bilingual): Bilingual => ({
  zh: `${vendor.zh}的规定`,
  en: `A rule of ${vendor.en}`,
});

/** What the self-test of the keychain does, in its order. */
export const TRY_WORDS: Readonly<Record<TryStep, Bilingual>> = {
  write: { zh: '写入', en: 'written' },
  read: { zh: '读回', en: 'read back' },
  delete: { zh: '删除', en: 'deleted' },
};

/** What is wrong with one account's item in the keychain, and what to do. Every other account goes on. */
export const SECRET_HELP: Readonly<
  Partial<Record<SecretStateView, { readonly message: Bilingual; readonly remedy: Bilingual }>>
> = {
  missing: {
    message: {
      zh: '系统钥匙串里没有这个账号的密钥，它可能被清空，或账号文件来自另一台机器。',
      en: 'The system keychain holds no secret of this account: it may have been cleared, or the accounts file comes from another machine.',
    },
    remedy: {
      zh: '请重新填写密钥，或从备份恢复。其他账号不受影响。',
      en: 'Enter the secret again, or restore it from a backup. Other accounts are not affected.',
    },
  },
  damaged: {
    message: {
      zh: '这个账号存在系统钥匙串里的密钥已损坏或不完整。',
      en: 'The secret of this account in the system keychain is damaged or incomplete.',
    },
    remedy: {
      zh: '请重新填写密钥。其他账号不受影响。',
      en: 'Enter the secret again. Other accounts are not affected.',
    },
  },
  changed: {
    message: {
      zh: '这个账号在系统钥匙串里的密钥被别的程序改过，不是这里保存的那个，所以没有使用。',
      en: 'The secret of this account in the system keychain was changed by something else. It is not the one saved here and was not used.',
    },
    remedy: {
      zh: '如果是您自己改的，请确认采用；否则请重新填写密钥，并查明是谁改的。其他账号不受影响。',
      en: 'If you changed it yourself, accept it; otherwise enter the secret again and find out who changed it. Other accounts are not affected.',
    },
  },
};

export const stageOf = (label: string): Bilingual => ({
  zh: `给“${label}”存入新密钥`,
  en: `Keep a new secret of "${label}"`,
});
export const secretAge = (age: string): Bilingual => ({
  zh: `现在的密钥保存于${age}`,
  en: `the present one was saved ${age}`,
});
