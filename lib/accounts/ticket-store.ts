import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Ticket } from "./store.ts";
import { hashTicketToken } from "./ticket.ts";

/** A ticket is found by its token's digest: the table cannot tell the token. */
export const putTicket = (
  table: string,
  { token, content }: { token: string; content: Ticket },
): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...identityKeys.ticket(hashTicketToken(token)),
      ...content,
      expiresAt: toEpochSeconds(content.expiresAtMs),
    },
  },
});

/**
 * Uses a ticket up; the condition makes it single-use and time-bound. What following it needed goes
 * with it.
 */
export const redeemTicket = (
  table: string,
  token: string,
  kind: Ticket["kind"],
  nowMs: number,
): Statement => ({
  Update: {
    TableName: table,
    Key: identityKeys.ticket(hashTicketToken(token)),
    UpdateExpression: "SET redeemedAtMs = :now REMOVE email, signUp",
    ConditionExpression:
      "kind = :kind AND attribute_not_exists(redeemedAtMs) AND expiresAtMs > :now",
    ExpressionAttributeValues: { ":now": nowMs, ":kind": kind },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
