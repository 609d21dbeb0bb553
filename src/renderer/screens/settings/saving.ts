import { computed, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import type { BridgeError } from '../../../contract/bridge.ts';
import type { Bilingual } from '../../../contract/text.ts';
import { errorOf } from '../../api/client.ts';

/** How the settings are saved: each at once, one after the other, its error beside its field. */
export interface Saving {
  /** The field that was saved last. */
  readonly saved: Readonly<Ref<string | null>>;
  /** What became of the latest change. */
  readonly latest: ShallowRef<{ readonly names: Bilingual; readonly done: boolean } | null>;
  readonly busy: ComputedRef<boolean>;
  readonly errors: ShallowRef<Readonly<Record<string, BridgeError>>>;
  /** Saves a field; answers whether it is saved. An error is kept by the field's id, until it is saved well. */
  save(field: string, names: Bilingual, work: () => Promise<unknown>): Promise<boolean>;
}

/** See `Saving`. */
export function useSaving(): Saving {
  const saved = ref<string | null>(null);
  const latest: Saving['latest'] = shallowRef(null);
  const waiting = ref(0);
  const errors = shallowRef<Readonly<Record<string, BridgeError>>>({});
  // In turn, so that of two changes the later one stays.
  let last: Promise<unknown> = Promise.resolve();

  async function saveNow(field: string, names: Bilingual, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      const { [field]: _mended, ...others } = errors.value;
      errors.value = others;
      saved.value = field;
      latest.value = { names, done: true };
      return true;
    } catch (thrown) {
      errors.value = { ...errors.value, [field]: errorOf(thrown) };
      saved.value = null;
      latest.value = { names, done: false };
      return false;
    } finally {
      waiting.value -= 1;
    }
  }

  function save(field: string, names: Bilingual, work: () => Promise<unknown>): Promise<boolean> {
    waiting.value += 1;
    const mine = last.then(() => saveNow(field, names, work));
    last = mine;
    return mine;
  }

  return { saved, latest, busy: computed(() => waiting.value > 0), errors, save };
}
