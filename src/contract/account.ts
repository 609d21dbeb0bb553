import { z } from 'zod';
import { environmentSchema, vendorIdSchema } from './vendor.ts';

const valuesSchema = z.record(z.string(), z.string()).readonly();

/** An account without its secret: what the accounts file holds and a screen may see. */
export const accountSchema = z
  .object({
    id: z.string().regex(/^[a-z0-9-]{1,64}$/),
    label: z.string().min(1).max(80),
    vendor: vendorIdSchema,
    environment: environmentSchema,
    /** Origin that calls go to, without a trailing slash. */
    baseUrl: z.string(),
    /** Hosts (`host` or `host:port`) this account's secret may be sent to. */
    hosts: z.array(z.string()).readonly(),
    /** Plain credential fields by id. */
    plain: valuesSchema,
    settings: valuesSchema,
    pacing: z
      .object({ perSecond: z.number().positive().optional(), concurrency: z.number().int().positive().optional() })
      .readonly()
      .optional(),
    /** When the person agreed to the vendor's notice about keeping the secret here (ISO 8601), where one is asked. */
    consentAt: z.string().optional(),
    createdAt: z.string(),
    lastUsedAt: z.string().optional(),
    lastVerifiedAt: z.string().optional(),
  })
  .readonly();
export type Account = z.infer<typeof accountSchema>;
