import type { FailureClass } from '../../../contract/outcome.ts';
import type { Bilingual } from '../../../contract/text.ts';
import type { ErrorEntry } from '../shared/errors.ts';

/** What to do, by the kind of trouble. */
export const REMEDIES = {
  credentials: {
    zh: '核对账户里的 Appid 和 AppSecret（鼎商云管理系统 → 商户信息），不要带空格',
    en: "Compare the account's Appid and AppSecret (DingShang console, merchant information), without spaces",
  },
  signKey: {
    zh: '签名密钥是商户 ID（AppKey），不是 AppSecret；核对后仍不对时，在账户设置里换“大小写”或“取值编码”',
    en: 'The sign key is the merchant id (AppKey), not the AppSecret; if it is right, try the account settings for hex case and value encoding',
  },
  permission: {
    zh: '请商户管理员开通权限；这个接口 2025 年 11 月后可能已停用，请向鼎商确认',
    en: "Ask the merchant's administrator for the permission; this interface may have ended after November 2025, so ask DingShang",
  },
  merchant: {
    zh: '在鼎商云管理系统里处理商户的认证、续费或状态，再继续',
    en: "Settle the merchant's verification, renewal or state in the DingShang console, then go on",
  },
  input: { zh: '核对这一行的数据后再发', en: 'Check the data of this row and send it again' },
  notFound: {
    zh: '核对订单号和设备编号，确认它们属于这个商户',
    en: 'Compare order number and machine number and see that they belong to this merchant',
  },
  query: {
    zh: '先查询订单的状态，再决定怎么办；不要直接重发',
    en: "Query the order's status first and decide then; do not simply send it again",
  },
  expired: {
    zh: '订单超过 20 分钟会失效并退回库存；请重新下单，已收的款请退给顾客',
    en: 'An order expires after 20 minutes and its stock is returned; place a new order, and refund what was paid',
  },
  machine: {
    zh: '检查设备的电源、网络和状态，恢复后再试',
    en: "Check the machine's power, network and state, then try again",
  },
  stock: {
    zh: '在鼎商云管理系统里补货或上架后再处理',
    en: 'Restock or relist the product in the DingShang console first',
  },
  pickup: { zh: '在鼎商云管理系统里查看取货码的状态', en: "See the pickup code's state in the DingShang console" },
  elsewhere: {
    zh: '订单更新不应遇到这个代码；请把代码和原话交给鼎商客服',
    en: "An order update should not meet this code; give the code and the words to DingShang's support",
  },
  later: { zh: '稍后再试；一直这样请联系鼎商', en: 'Try again later; if it stays, ask DingShang' },
} satisfies Record<string, Bilingual>;

type Line = readonly [
  code: string,
  failureClass: FailureClass,
  zh: string,
  en: string,
  remedy: keyof typeof REMEDIES,
  rejected?: 'rejected',
];

/** The table of April 2024 and the codes of page samples (vending.md 2.8, legacy). */
const LEGACY: readonly Line[] = [
  ['400', 'input', '请求格式不对', "The request's form is wrong", 'input'],
  [
    '404',
    'not_found',
    '没有找到订单，或接口地址已不存在',
    'The order was not found, or the interface is gone',
    'notFound',
  ],
  ['10001', 'input', '数据没有通过校验', 'The data did not pass the check', 'input'],
  [
    '10008',
    'permission',
    '没有收到 Appid 或 AppSecret',
    'Appid or AppSecret was not received',
    'credentials',
    'rejected',
  ],
  ['10009', 'permission', '商户已过期，需要续费', 'The merchant has expired and must renew', 'merchant', 'rejected'],
  ['10010', 'permission', '商户尚未认证', 'The merchant is not verified yet', 'merchant', 'rejected'],
  ['10013', 'permission', 'AppSecret 不对', 'The AppSecret is wrong', 'credentials', 'rejected'],
  ['10014', 'permission', 'Appid 不对', 'The Appid is wrong', 'credentials', 'rejected'],
  ['10023', 'state', '取货码功能没有开启', 'The pickup code function is off', 'pickup'],
  ['10025', 'state', '取货码已经用过', 'The pickup code has been used', 'pickup'],
  ['30001', 'not_found', '没有关联的设备编号', 'No machine is linked', 'notFound'],
  ['30002', 'system', '设备已离线', 'The machine is offline', 'machine'],
  ['30003', 'not_found', '设备不存在', 'There is no such machine', 'notFound'],
  ['30004', 'system', '设备不在运营中', 'The machine is not operating', 'machine'],
  ['40005', 'state', '订单已过期', 'The order has expired', 'expired'],
  ['40006', 'state', '订单现在的状态不允许这样更新', "The order's present state does not allow this update", 'query'],
  ['60002', 'state', '商品已下架', 'The product is off sale', 'stock'],
  ['60003', 'state', '商品库存不足', 'The product is short of stock', 'stock'],
  ['80002', 'not_found', '没有找到记录', 'No such record was found', 'notFound'],
];

/** The table from June 2024 on, as far as keys, orders and machines go (vending.md 2.8, current). */
const CURRENT: readonly Line[] = [
  ['1000', 'permission', '没有通过认证', 'Not authorised', 'credentials', 'rejected'],
  ['4000', 'permission', '没有收到 Appid', 'The Appid was not received', 'credentials', 'rejected'],
  ['4001', 'permission', 'Appid 不对', 'The Appid is wrong', 'credentials', 'rejected'],
  [
    '4002',
    'permission',
    '这个应用目前不被支持',
    'This application is not supported at present',
    'permission',
    'rejected',
  ],
  ['4003', 'input', '参数不对', 'A parameter is wrong', 'input'],
  ['4004', 'not_found', '没有找到记录', 'No such record was found', 'notFound'],
  ['4006', 'sign', '签名不对', 'The sign is wrong', 'signKey', 'rejected'],
  ['4008', 'system', '设备已离线', 'The machine is offline', 'machine'],
  ['4009', 'permission', 'AppSecret 不对', 'The AppSecret is wrong', 'credentials', 'rejected'],
  ['5001', 'system', '设备正在转移，暂不能服务', "The machine is being transferred and can't serve now", 'machine'],
  ['6002', 'permission', '没有新建的权限', 'No permission to create', 'permission', 'rejected'],
  ['6003', 'permission', '没有删除的权限', 'No permission to delete', 'permission', 'rejected'],
  ['6004', 'permission', '没有更新的权限', 'No permission to update', 'permission', 'rejected'],
  ['6005', 'permission', '没有读取的权限', 'No permission to read', 'permission', 'rejected'],
  [
    '6015',
    'system',
    '文档给这个代码两种意思：二维码已过期，或者操作超时；请看供应商的原话',
    "The documents give this code two meanings: the QR code has expired, or the action timed out; see the vendor's words",
    'query',
  ],
  ['6016', 'permission', '接口地址不存在', "The interface's address does not exist", 'permission', 'rejected'],
  ['6017', 'permission', '商户已过期', 'The merchant has expired', 'merchant', 'rejected'],
  ['6018', 'permission', '商户尚未认证', 'The merchant is not verified', 'merchant', 'rejected'],
  ['6020', 'permission', 'Appid 不对', 'The Appid is wrong', 'credentials', 'rejected'],
  ['6021', 'permission', '不允许这种请求方法', 'This request method is not allowed', 'permission', 'rejected'],
  ['6023', 'permission', '没有找到商户', 'The merchant was not found', 'merchant', 'rejected'],
  ['6025', 'system', '设备已离线', 'The machine is offline', 'machine'],
  ['6026', 'not_found', '没有找到设备', 'The machine was not found', 'notFound'],
  ['6030', 'state', '取货码已存在', 'The pickup code exists already', 'pickup'],
  ['6031', 'state', '取货码功能没有开启', 'The pickup code function is off', 'pickup'],
  ['6032', 'state', '取货码已过期', 'The pickup code has expired', 'pickup'],
  ['6033', 'state', '取货码已经用过', 'The pickup code has been used', 'pickup'],
  ['6034', 'state', '订单已经出货', 'The order has been delivered already', 'query'],
  ['6035', 'state', '取货码不够', 'There are not enough pickup codes', 'pickup'],
  ['6039', 'permission', '商户无效', 'The merchant is invalid', 'merchant', 'rejected'],
  ['6040', 'input', '自定义订单号已存在', 'The trade id exists already', 'input'],
  ['6041', 'input', '自定义订单号是空的', 'The trade id is empty', 'input'],
  ['6042', 'state', '订单已过期', 'The order has expired', 'expired'],
  ['6043', 'state', '订单现在的状态不允许这样更新', "The order's present state does not allow this update", 'query'],
  ['6044', 'permission', '权限被拒绝', 'Permission was denied', 'permission', 'rejected'],
  ['6045', 'not_found', '没有找到商品', 'The product was not found', 'notFound'],
  ['6046', 'state', '商品已下架', 'The product is off sale', 'stock'],
  ['6047', 'state', '商品库存不足', 'The product is short of stock', 'stock'],
  ['6048', 'system', '订单创建失败', 'The order could not be created', 'later'],
  ['6049', 'state', '订单已支付', 'The order is paid', 'query'],
  ['6053', 'state', '订单支付失败', "The order's payment failed", 'query'],
  ['6054', 'state', '订单未支付', 'The order is not paid', 'query'],
  ['6056', 'state', '商品不在售', 'The product is not for sale', 'stock'],
];

/** The rest of the vendor's published table (docs/zh-CN/error_code.md): codes that an order's update has no part in. */
const ELSEWHERE: readonly Line[] = [
  ['4005', 'state', '设备已安装', 'The machine is installed already', 'elsewhere'],
  ['4007', 'input', '安装密码不对', 'The install password is wrong', 'elsewhere'],
  ['5002', 'state', '设备不在转移中，不能服务', "The machine is not being transferred and can't serve", 'elsewhere'],
  ['5003', 'input', '目标设备不能是自己', "The target machine can't be the same machine", 'elsewhere'],
  ['6001', 'input', '4G 模块的 IMEI 已被使用', "The 4G module's IMEI is in use", 'elsewhere'],
  ['6006', 'state', '设备正在转移', 'The machine is being transferred', 'machine'],
  ['6007', 'permission', '不是这个商户的所有者', 'Not the owner of this merchant', 'merchant', 'rejected'],
  ['6008', 'state', '目标商户可用的设备数不够', 'The target merchant has too few machines left', 'elsewhere'],
  ['6009', 'input', '用户名已被使用', 'The user name is in use', 'elsewhere'],
  ['6010', 'input', '密码不一致', 'The password does not match', 'elsewhere'],
  ['6011', 'input', '密码是空的', 'The password is empty', 'elsewhere'],
  ['6012', 'input', '用户名是空的', 'The user name is empty', 'elsewhere'],
  [
    '6013',
    'input',
    '文档给这个代码两种意思：电话已被使用，或者角色名已被使用；请看供应商的原话',
    "The documents give this code two meanings: the telephone number is in use, or the role name is; see the vendor's words",
    'elsewhere',
  ],
  [
    '6014',
    'vendor',
    '文档给这个代码两种意思：邮箱已被使用，或者令牌生成失败；请看供应商的原话',
    "The documents give this code two meanings: the e-mail address is in use, or a token could not be made; see the vendor's words",
    'elsewhere',
  ],
  ['6022', 'state', '商户已存在', 'The merchant exists already', 'elsewhere'],
  ['6024', 'permission', '不允许创建商户', 'The merchant may not be created', 'elsewhere'],
  ['6027', 'input', 'IMEI 已被使用', 'The IMEI is in use', 'elsewhere'],
  ['6028', 'state', '设备里还有商品', 'The machine still holds products', 'elsewhere'],
  ['6029', 'input', '过期时间不对', 'The expiry time is wrong', 'elsewhere'],
  ['6036', 'state', '广告图不够', 'There are not enough banners', 'elsewhere'],
  ['6037', 'state', '型号不够', 'There are not enough models', 'elsewhere'],
  ['6038', 'not_found', '货柜不存在', 'There is no such cabinet', 'elsewhere'],
  ['6050', 'system', '加入购物车失败', 'Adding to the cart failed', 'elsewhere'],
  ['6051', 'system', '从购物车删除失败', 'Removing from the cart failed', 'elsewhere'],
  ['6052', 'state', '购物车是空的', 'The cart is empty', 'elsewhere'],
  ['6055', 'state', '型号已被使用', 'The model is in use already', 'elsewhere'],
];

/** Both published generations in one table: which one is live is not known (vending.md 2.8). */
export const ERRORS: readonly ErrorEntry[] = [...LEGACY, ...CURRENT, ...ELSEWHERE].map(
  ([code, failureClass, zh, en, remedy, rejected]) => ({
    code,
    class: failureClass,
    reading: { zh, en },
    remedy: REMEDIES[remedy],
    ...(rejected === undefined ? {} : { rejected: true }),
  }),
);

/** The order is paid: while sending "paid" this may be our own earlier call (design, Verifying). */
export const ORDER_IS_PAID = '6049';
/** Listed twice, once as "action run timeout": the action may have run. */
export const ACTION_TIMEOUT = '6015';
/** The order has been delivered: while dispensing this may be our own earlier call. */
export const ALREADY_DELIVERED = '6034';
export const ORDER_UNPAID = '6054';
/** The words of the dispense page's failure sample, which prints code 0 beside them (vending.md 2.2). */
export const UNPAID_WORDS = /未支付|unpaid/iu;
