import { shallowRef } from 'vue';

/** A question before something that cannot be taken back: asked once, the safe button has the focus (ui.md, Danger). */
export interface Question {
  readonly title: string;
  /** What will happen, with the count and the account's name. */
  readonly text: string;
  /** The verb and its count: "Send 2,500 orders". */
  readonly verb: string;
  /** Whether the verb destroys something. */
  readonly danger: boolean;
  /** Further lines, e.g. a vendor's warnings. */
  readonly warnings?: readonly string[];
  /** A number that must be typed before the verb may be chosen, where there is no way back; null or absent asks for none. */
  readonly typed?: number | null;
}

/** The question that stands open, for ConfirmDialog alone. */
export const open = shallowRef<(Question & { readonly answer: (yes: boolean) => void }) | null>(null);

/** Whether a text is the number that was asked for, however its digits are grouped or typed. */
export function isTyped(text: string, wanted: number): boolean {
  return text.normalize('NFKC').replaceAll(/[\s,.'_]/gu, '') === String(wanted);
}

/** Asks and answers whether the person said yes; Esc and closing say no. */
export function confirm(question: Question): Promise<boolean> {
  open.value?.answer(false);
  return new Promise((resolve) => {
    open.value = {
      ...question,
      answer: (yes) => {
        open.value = null;
        resolve(yes);
      },
    };
  });
}
