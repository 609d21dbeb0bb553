import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { UpdateSource } from '../../contract/routes.ts';

/** Orders that are selected on another screen; the selection lies in main. */
export type SelectedSource = Extract<UpdateSource, { readonly kind: 'lookup' | 'kept' }>;

/** Rows that one screen hands to a bulk update. */
export interface Handover {
  readonly source: SelectedSource | Extract<UpdateSource, { readonly kind: 'paste' }>;
  readonly accountId: string;
  /** The update that is wanted; without one the person chooses. */
  readonly operation?: string;
}

/** What waits to be taken by the bulk update's screen: at most one. */
export const useHandover = defineStore('handover', () => {
  const waiting = shallowRef<Handover | null>(null);

  function offer(next: Handover): void {
    waiting.value = next;
  }

  /** What waits, which then waits no more; null when nothing does. */
  function take(): Handover | null {
    const taken = waiting.value;
    waiting.value = null;
    return taken;
  }

  return { waiting, offer, take };
});
