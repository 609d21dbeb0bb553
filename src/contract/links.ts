/** Pages that the person may open in the system's browser; no other address is ever opened. */
export const LINKS = ['polyv_docs', 'pdd_docs', 'suning_docs', 'vending_docs'] as const;
export type LinkId = (typeof LINKS)[number];
