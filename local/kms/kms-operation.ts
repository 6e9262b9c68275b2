import * as z from "zod/mini";
import { AwsError } from "../aws-json-server.ts";

export type KmsOperations = Record<string, (input: unknown) => Record<string, unknown>>;

const DryRun = z.object({ DryRun: z.optional(z.boolean()) });

/**
 * One operation with its input checked.
 *
 * @throws ValidationException for an input that does not fit, DryRunOperationException when the
 *   caller only asked whether it would succeed
 */
export function kmsOperation<Schema extends z.ZodMiniType>(
  schema: Schema,
  run: (input: z.output<Schema>) => Record<string, unknown>,
): (input: unknown) => Record<string, unknown> {
  return (input) => {
    const parsed = z.safeParse(schema, input);
    if (!parsed.success) {
      const places = parsed.error.issues.map(({ code, path }) => `${path.join(".")} (${code})`);
      throw new AwsError("ValidationException", `Invalid input: ${places.join(", ")}`);
    }
    const output = run(parsed.data);
    if (z.safeParse(DryRun, input).data?.DryRun)
      throw new AwsError("DryRunOperationException", "The request would have succeeded.");
    return output;
  };
}
