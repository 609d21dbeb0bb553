import { z } from './zod.ts';
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

const secretsSchema = z.record(z.string().max(80), z.string().max(4_000)).readonly();
const pacingSchema = z
  .object({
    perSecond: z.number().positive().max(10_000).optional(),
    concurrency: z.number().int().positive().max(256).optional(),
  })
  .readonly();
const label = z.string().max(200);
const baseUrl = z.string().max(500);
const hosts = z.array(z.string().max(300)).max(20).readonly();
const fields = z.record(z.string().max(80), z.string().max(2_000)).readonly();

/** A new account as a person fills it in. The one place where a secret crosses the bridge, inward only. */
export const newAccountSchema = z
  .object({
    label,
    vendor: vendorIdSchema,
    environment: environmentSchema,
    baseUrl: baseUrl.optional(),
    hosts: hosts.optional(),
    plain: fields,
    settings: fields,
    secrets: secretsSchema,
    pacing: pacingSchema.optional(),
    /** The person has agreed to the vendor's rule. */
    consent: z.boolean(),
  })
  .readonly();
export type NewAccountInput = z.infer<typeof newAccountSchema>;

/** Changes of an account; `secrets` replaces all its secret fields, which a new host needs. */
export const accountPatchSchema = z
  .object({
    label: label.optional(),
    baseUrl: baseUrl.optional(),
    hosts: hosts.optional(),
    plain: fields.optional(),
    settings: fields.optional(),
    /** null goes back to the vendor's default. */
    pacing: pacingSchema.nullable().optional(),
    secrets: secretsSchema.optional(),
  })
  .readonly();
export type AccountPatchInput = z.infer<typeof accountPatchSchema>;

export const KEYCHAIN_STATES = ['not_checked', 'ready', 'locked', 'denied', 'no_service', 'failed'] as const;
export const keychainStateSchema = z.enum(KEYCHAIN_STATES);
/** Whether secrets can be kept and read; `not_checked` until the keychain is first used. */
export type KeychainStateView = z.infer<typeof keychainStateSchema>;
