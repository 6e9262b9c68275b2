import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AuditEntry } from "../audit/record.ts";
import { auditPut } from "../audit/record.ts";
import { identityKeys } from "../aws/item-keys.ts";
import type { PeriodBudget } from "../aws/period-budget.ts";
import { hourEndMs, hourOf, spend } from "../aws/period-budget.ts";
import type { Outcome } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import type { Ticket } from "./store.ts";
import { putTicket } from "./ticket-store.ts";

/** One source's sign-ups at one address within an hour: another source's are not spent by them. */
const mailsPerSourceMax = 3;

/** Index of each conditional statement, by which a refused transaction says why. */
export const signUpStatements = { address: 0, source: 1 } as const;

/**
 * Stores a sign-up's ticket and the audit entry that makes the notifier send it; without a ticket only
 * the entry, for the "somebody tried" mail. Both counters are of the source that the sign-up comes from:
 * no source spends what others have, at an address or in all.
 */
export const requestSignUpMail =
  (documents: DynamoDBDocumentClient, tables: { identity: string; audit: string }) =>
  (
    { emailHash, source, budget }: { emailHash: string; source: string; budget: PeriodBudget },
    ticket: { token: string; content: Ticket } | undefined,
    entry: AuditEntry,
  ): Promise<Outcome> =>
    transact(documents, [
      spend(tables.identity, {
        key: identityKeys.mailBudget(emailHash, "sign-up", hourOf(entry.timeMs), source),
        max: mailsPerSourceMax,
        endsAtMs: hourEndMs(entry.timeMs),
      }),
      spend(tables.identity, budget),
      auditPut(tables.audit, entry),
      ...(ticket ? [putTicket(tables.identity, ticket)] : []),
    ]);

export type RequestSignUpMail = ReturnType<typeof requestSignUpMail>;
