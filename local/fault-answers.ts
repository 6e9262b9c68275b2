import type { ActiveFault, EmulatedService } from "./faults.ts";

export interface FaultAnswer {
  status: number;
  body: unknown;
}

const databaseTypes = "com.amazonaws.dynamodb.v20120810#";
const conflictMessage = "Transaction is ongoing for the item";
const itemWrites = new Set(["PutItem", "UpdateItem", "DeleteItem"]);
const transactions = new Set(["TransactWriteItems", "TransactGetItems"]);

/**
 * What AWS answers when the fault strikes, without having carried out anything.
 *
 * @returns undefined when the call goes through: the fault strikes later, or cannot hit it
 */
export function faultAnswer(
  { mode }: ActiveFault,
  service: EmulatedService,
  operation: string,
  body: Buffer,
): FaultAnswer | undefined {
  if (mode === "throttle") return throttled;
  if (mode === "error") return internalError(service);
  if (mode === "conflict" && service === "dynamodb") return conflict(operation, body);
  return undefined;
}

const throttled: FaultAnswer = {
  status: 400,
  body: { __type: "com.amazon.coral.availability#ThrottlingException", message: "Rate exceeded" },
};

const internalError = (service: EmulatedService): FaultAnswer => ({
  status: 500,
  body: {
    __type: service === "dynamodb" ? `${databaseTypes}InternalServerError` : "KMSInternalException",
    message: "Internal server error",
  },
});

function conflict(operation: string, body: Buffer): FaultAnswer | undefined {
  if (itemWrites.has(operation))
    return {
      status: 400,
      body: { __type: `${databaseTypes}TransactionConflictException`, message: conflictMessage },
    };
  if (!transactions.has(operation)) return undefined;
  const { TransactItems: items } = JSON.parse(body.toString()) as { TransactItems: unknown[] };
  const reasons = items.map((_, index) =>
    index === 0 ? { Code: "TransactionConflict", Message: conflictMessage } : { Code: "None" },
  );
  return {
    status: 400,
    body: {
      __type: `${databaseTypes}TransactionCanceledException`,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`,
      CancellationReasons: reasons,
    },
  };
}
