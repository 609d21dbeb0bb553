import { z } from './zod.ts';

/** A route: what it takes and what it answers. */
export const route = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O } => ({
  input,
  output,
});

/** A file that the person had saved, by its id; null where no place was chosen. */
export const savedSchema = z
  .object({ fileId: z.string().min(1).max(80), name: z.string(), rows: z.number().int().nonnegative() })
  .readonly()
  .nullable();
