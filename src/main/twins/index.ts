export { serveTwin, TWIN_CREDENTIALS } from './server.ts';
export type {
  PartFactory,
  PartSetup,
  Twin,
  TwinHook,
  TwinOptions,
  TwinOrder,
  TwinPart,
  TwinReply,
  TwinRequest,
  TwinVendor,
} from './server.ts';
export { Ledger } from './ledger.ts';
export type { LedgerAction, LedgerArrival, LedgerTotals } from './ledger.ts';
export type { FaultCondition, FaultKind, FaultRule } from './faults.ts';
