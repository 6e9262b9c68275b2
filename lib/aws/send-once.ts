import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Problem } from "../problem.ts";

type UpdateInput = ConstructorParameters<typeof UpdateCommand>[0];

/** No connection was made, so nothing was sent. */
const unsentCodes: readonly (string | undefined)[] = ["ECONNREFUSED", "ENOTFOUND"];

/** Whether the service has said itself that it did nothing, or was never asked. */
function isUndone(error: unknown): boolean {
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = $metadata?.httpStatusCode ?? 0;
  return (status >= 400 && status < 500) || unsentCodes.includes(code);
}

/**
 * Sends an update whose repeat would count twice. The SDK repeats it where nothing was written
 * (throttling, no connection) and not where the answer was lost (a time-out, a connection that broke,
 * a 5xx): then nobody knows whether it was written.
 *
 * @throws Problem `outcome-unknown`, and whatever the client throws where nothing was written
 */
export async function sendOnce(documents: DynamoDBDocumentClient, input: UpdateInput) {
  const command = new UpdateCommand(input);
  let lost: unknown;
  command.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } catch (error) {
        if (isUndone(error)) throw error;
        lost = error;
        // Without a cause: the SDK looks into it for a reason to repeat.
        throw new Error("the answer was lost");
      }
    },
    // Inside the SDK's own repeating, which the client put at the same place before. `override`: the
    // document client joins a command's middleware twice.
    { name: "sendOnce", step: "finalizeRequest", priority: "high", override: true },
  );
  try {
    return await documents.send(command);
  } catch (error) {
    if (lost === undefined) throw error;
    throw new Problem("outcome-unknown", { cause: lost });
  }
}
