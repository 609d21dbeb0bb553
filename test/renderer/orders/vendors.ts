import type { Column, Field, OperationDescriptor, VendorDescriptor } from '../../../src/contract/vendor.ts';

const names = (en: string) => ({ zh: en, en });
const field = (id: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({
  id,
  names: names(id),
  kind,
  required: false,
  ...more,
});
const column = (id: string, kind: Column['kind'], more: Partial<Column> = {}): Column => ({
  id,
  names: names(id),
  kind,
  ...more,
});
const vendor = (
  id: VendorDescriptor['id'],
  zh: string,
  en: string,
  operations: readonly OperationDescriptor[],
): VendorDescriptor => ({
  id,
  names: { zh, en },
  credentials: [],
  settings: [],
  hosts: [],
  operations,
  notices: [],
  limits: { perSecond: 5, concurrency: 2 },
});

/** A vendor as Polyv is: a detail by order number first, then a list by many times, with customers' data. */
export const POLYV = vendor('polyv', '保利威直播', 'Polyv live', [
  {
    id: 'order-get',
    kind: 'lookup',
    names: names('Detail'),
    params: [field('orderNo', 'order', { required: true })],
    columns: [],
    warnings: [],
  },
  {
    id: 'order-list',
    kind: 'lookup',
    names: names('List'),
    params: [
      field('status', 'choice', { choices: [{ value: 'finish', names: names('finished') }] }),
      field('startCreateTime', 'time'),
      field('endCreateTime', 'time'),
      field('startPayTime', 'time'),
      field('endPayTime', 'time'),
      field('queryChannelId', 'text', { pattern: '\\d+' }),
      field('pageSize', 'integer', { required: true, initial: '50', pattern: '[1-9]\\d{0,2}|1000' }),
    ],
    columns: [
      column('orderNo', 'order'),
      column('status', 'status', { words: { wait_delivery: names('waiting for delivery') } }),
      column('source', 'status'),
      column('amount', 'amount'),
      column('createTime', 'time'),
      column('name', 'text', { personal: true }),
      column('level', 'status', { personal: true, words: { gold: names('gold') } }),
    ],
    warnings: [],
  },
  { id: 'update-status', kind: 'update', names: names('Status'), params: [], warnings: [] },
]);

/** A vendor as Suning is: sources of orders, itself among them, a span that must be given, and jobs within an order. */
export const SUNING = vendor('suning', '苏宁开放平台', 'Suning open platform', [
  {
    id: 'order-status',
    kind: 'lookup',
    names: names('Status'),
    params: [
      field('orderSource', 'choice', {
        required: true,
        choices: [
          { value: '201', names: { zh: '天猫旗舰店', en: 'Tmall flagship store' } },
          { value: '203', names: { zh: '苏宁', en: 'Suning' } },
        ],
      }),
      field('startTime', 'time', { required: true }),
      field('endTime', 'time', { required: true }),
      field('queryType', 'choice', { required: true, initial: '0', choices: [{ value: '0', names: names('all') }] }),
    ],
    columns: [
      column('orderSource', 'text'),
      column('orderId', 'order'),
      column('jobList.jobType', 'status', { words: { '0': names('delivery') } }),
      column('jobList.jobId', 'order'),
    ],
    warnings: [],
  },
]);
