import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Charge } from "../auth/attempt-counter.ts";
import { chargeAttempt, freeAttempts, giveBackAttempt } from "../auth/attempt-counter.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { Statement } from "../aws/transact.ts";
import type { Clock } from "../clock.ts";
import { toEpochSeconds } from "../clock.ts";
import type { Ticket } from "./store.ts";
import { hashTicketToken } from "./ticket.ts";

/** The attempts at the password that a link asks for: few for its whole life, and no waits between them. */
export const ticketAttempts = (documents: DynamoDBDocumentClient, table: string, now: Clock) => ({
  /** Takes one attempt from a living link of that kind, followed or not; brings the ticket along. */
  charge(token: string, kind: Ticket["kind"]): Promise<Charge> {
    return chargeAttempt(
      documents,
      {
        table,
        key: identityKeys.ticket(hashTicketToken(token)),
        attemptsMax: freeAttempts,
        condition: "kind = :kind AND expiresAtMs > :now",
        values: { ":kind": kind, ":now": now() },
      },
      now,
    );
  },

  /** Gives back an attempt that came to nothing because the platform failed. */
  giveBack(token: string, charge: Extract<Charge, { charged: true }>): Promise<void> {
    const key = identityKeys.ticket(hashTicketToken(token));
    return giveBackAttempt(documents, { table, key }, charge);
  },
});

export type TicketAttempts = ReturnType<typeof ticketAttempts>;

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
