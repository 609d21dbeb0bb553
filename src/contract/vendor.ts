import type { Bilingual } from './text.ts';
import { z } from './zod.ts';

export const VENDOR_IDS = ['polyv', 'pdd', 'vending', 'suning'] as const;
export const vendorIdSchema = z.enum(VENDOR_IDS);
export type VendorId = z.infer<typeof vendorIdSchema>;

export const ENVIRONMENTS = ['live', 'test', 'twin'] as const;
export const environmentSchema = z.enum(ENVIRONMENTS);
export type Environment = z.infer<typeof environmentSchema>;

export const bilingualSchema = z.object({ zh: z.string(), en: z.string() }).readonly();

/** Colours that a vendor marks orders with; a screen shows them with their word. */
export const COLOURS = ['red', 'yellow', 'green', 'blue', 'purple'] as const;
export const colourSchema = z.enum(COLOURS);
export type Colour = z.infer<typeof colourSchema>;

/** One field of a form, a row or an account: what the renderer and the terminal draw. */
export const fieldSchema = z
  .object({
    id: z.string(),
    names: bilingualSchema,
    help: bilingualSchema.optional(),
    /** `order`: an order's number, kept to the digit; `time`: `yyyy-MM-dd HH:mm:ss`, Asia/Shanghai; `choice`: one of `choices`. */
    kind: z.enum(['text', 'order', 'secret', 'time', 'choice', 'integer', 'boolean', 'orders']),
    required: z.boolean(),
    choices: z
      .array(
        z
          .object({
            value: z.string(),
            names: bilingualSchema,
            warning: bilingualSchema.optional(),
            colour: colourSchema.optional(),
          })
          .readonly(),
      )
      .readonly()
      .optional(),
    /** The value when none is given; a setting's safe default. */
    initial: z.string().optional(),
    /** Header names that sellers use for this column, Chinese and English, compared without case, spaces or marks. */
    aliases: z.array(z.string()).readonly().optional(),
    /** The whole value must match this (JavaScript RegExp source, flag u); `example` shows one that does. */
    pattern: z.string().optional(),
    example: z.string().optional(),
    /** Most characters, by code point. */
    maxLength: z.number().int().optional(),
    /** Personal data of a customer: masked until asked for. */
    personal: z.boolean().optional(),
  })
  .readonly();
export type Field = z.infer<typeof fieldSchema>;

/** A column of a lookup's result. */
export const columnSchema = z
  .object({
    id: z.string(),
    names: bilingualSchema,
    kind: z.enum(['text', 'order', 'status', 'amount', 'time', 'integer', 'boolean']),
    personal: z.boolean().optional(),
    /** Readable words for the vendor's values; a value not listed is shown as it came. */
    words: z.record(z.string(), bilingualSchema).optional(),
    /** The colours that values stand for. */
    colours: z.record(z.string(), colourSchema).optional(),
    /** What the console itself says of an order: the vendor has no such value. */
    own: z.boolean().optional(),
  })
  .readonly();
export type Column = z.infer<typeof columnSchema>;

/** A column's words for a value; none for one that is not listed, whatever it is called (`constructor`). */
export function wordsFor(column: Pick<Column, 'words'> | undefined, value: string): Bilingual | undefined {
  return column?.words !== undefined && Object.hasOwn(column.words, value) ? column.words[value] : undefined;
}

/** What crosses to a screen of one vendor's operation: plain data, no functions. */
export const operationDescriptorSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['lookup', 'update', 'ping']),
    names: bilingualSchema,
    params: z.array(fieldSchema).readonly(),
    rowFields: z.array(fieldSchema).readonly().optional(),
    columns: z.array(columnSchema).readonly().optional(),
    batchSize: z.number().int().positive().optional(),
    /** Of an update: whether a person may send a row again: never without verification, after it, or always. */
    repeatable: z.enum(['never', 'afterVerify', 'always']).optional(),
    /** Of an update: whether unknown rows can be read at the vendor, and the present value before a write. */
    canVerify: z.boolean().optional(),
    canReadBefore: z.boolean().optional(),
    /** Of an update that can read it: whether it does before each write unless a person says otherwise. */
    readsBefore: z.boolean().optional(),
    /** Of an update that can read it: the parameter's value with which it always does. */
    readsAlways: z.object({ param: z.string(), value: z.string() }).readonly().optional(),
    /** Of an update that can read it: whether it always does, and nobody may insist on what the state forbids. */
    readsRequired: z.boolean().optional(),
    /** Of an update that can read it: what the present values are. */
    present: z.array(columnSchema).readonly().optional(),
    /** Of an update: whether its rows may be sent until some time only. */
    hasDeadline: z.boolean().optional(),
    /** Of an update: the parameter whose text, with placeholders for columns, fills a row field of every row. */
    template: z.object({ param: z.string(), field: z.string() }).readonly().optional(),
    /** Of an update: whether what it writes can be set back from the values that were read before. */
    canUndo: z.boolean().optional(),
    /** Of a ping: what it proves and what it does not. */
    proves: bilingualSchema.optional(),
    warnings: z.array(bilingualSchema).readonly(),
  })
  .readonly();
export type OperationDescriptor = z.infer<typeof operationDescriptorSchema>;

export const vendorDescriptorSchema = z
  .object({
    id: vendorIdSchema,
    names: bilingualSchema,
    credentials: z.array(fieldSchema).readonly(),
    settings: z.array(fieldSchema).readonly(),
    hosts: z.array(z.object({ url: z.string(), names: bilingualSchema }).readonly()).readonly(),
    operations: z.array(operationDescriptorSchema).readonly(),
    notices: z.array(bilingualSchema).readonly(),
    /** A rule of the vendor's that a person must agree to before the secret of a real account is kept. */
    consent: bilingualSchema.optional(),
    /** Whether the merchant's own relay can sign this vendor's requests, so that the secret is not kept here. */
    relay: z.boolean().optional(),
    /** The safe defaults of pacing. */
    limits: z.object({ perSecond: z.number().positive(), concurrency: z.number().int().positive() }).readonly(),
  })
  .readonly();
export type VendorDescriptor = z.infer<typeof vendorDescriptorSchema>;
