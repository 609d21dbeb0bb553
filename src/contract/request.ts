import { z } from './zod.ts';

/** A signed request for a person's eyes: secrets masked. */
export const requestSchema = z
  .object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()).readonly(),
    body: z.string(),
    signedText: z.string(),
    sign: z.string(),
  })
  .readonly();
export type RequestView = z.infer<typeof requestSchema>;
