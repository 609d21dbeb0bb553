import type { Bridge } from '../contract/bridge.ts';

declare global {
  interface Window {
    /** What the preload exposes; see contract/bridge.ts. */
    readonly orderConsole: Bridge;
  }
}
