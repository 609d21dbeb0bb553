import { z } from './zod.ts';
import { failureSchema } from './job.ts';
import { bilingualSchema, colourSchema, environmentSchema, vendorIdSchema, type Field } from './vendor.ts';

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
    /** The merchant's own relay that signs (an origin): its token is then the account's only secret here. */
    relay: z.object({ url: z.string() }).readonly().optional(),
    /** When the person agreed to the vendor's notice about keeping the secret here (ISO 8601), where one is asked. */
    consentAt: z.string().optional(),
    createdAt: z.string(),
    /**
     * A second secret beside the one in use: a new one that is yet to be tested and switched to (`staged`), or the old one after the switch
     * (`switched`).
     */
    rotation: z
      .object({ stage: z.enum(['staged', 'switched']), at: z.string(), testedAt: z.string().optional() })
      .readonly()
      .optional(),
    /** When its present secret was saved here. */
    secretSavedAt: z.string().optional(),
    /** The person's own colour for it. */
    colour: colourSchema.optional(),
    lastUsedAt: z.string().optional(),
    lastVerifiedAt: z.string().optional(),
  })
  .readonly();
export type Account = z.infer<typeof accountSchema>;

export const secretsSchema = z.record(z.string().max(80), z.string().max(4_000)).readonly();
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
    colour: colourSchema.optional(),
    /** The merchant's own relay that signs; `secrets` then holds its `relayToken` alone. */
    relay: z.object({ url: baseUrl }).readonly().optional(),
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
    /** null takes it away. */
    colour: colourSchema.nullable().optional(),
    secrets: secretsSchema.optional(),
  })
  .readonly();
export type AccountPatchInput = z.infer<typeof accountPatchSchema>;

export const KEYCHAIN_STATES = ['not_checked', 'ready', 'locked', 'denied', 'no_service', 'failed'] as const;
export const keychainStateSchema = z.enum(KEYCHAIN_STATES);
/** Whether secrets can be kept and read; `not_checked` until the keychain is first used. */
export type KeychainStateView = z.infer<typeof keychainStateSchema>;

/** What is known of an account's item in the keychain: `not_read` until it is needed, `missing`, `damaged`, or `changed` behind our back. */
export const SECRET_STATES = ['not_read', 'ok', 'missing', 'damaged', 'changed'] as const;
export const secretStateSchema = z.enum(SECRET_STATES);
export type SecretStateView = z.infer<typeof secretStateSchema>;

/** What a try of the keychain does, in its order. */
export const TRY_STEPS = ['write', 'read', 'delete'] as const;
export type TryStep = (typeof TRY_STEPS)[number];

/** What the test of an account came to. */
export const testSchema = z
  .object({
    /** null: the vendor has no call that changes nothing, so only the secret was read. */
    ok: z.boolean().nullable(),
    /** What the test proves and what it does not. */
    proves: bilingualSchema,
    failure: failureSchema.nullable(),
    why: bilingualSchema.nullable(),
    clockOffsetMs: z.number().nullable(),
  })
  .readonly();
export type AccountTest = z.infer<typeof testSchema>;

/** The one secret of an account whose requests a relay signs. */
export const RELAY_FIELDS: readonly Field[] = [
  {
    id: 'relayToken',
    names: { zh: '中继令牌', en: 'Relay token' },
    help: {
      zh: '您的签名中继认出这台控制台的令牌。供应商的密钥只在中继里，不在这台电脑上。',
      en: "The token by which your signing relay knows this console. The vendor's secret is in the relay alone, not on this computer.",
    },
    kind: 'secret',
    required: true,
    maxLength: 500,
  },
];
