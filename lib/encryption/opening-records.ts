import type { RecordFailure } from "../audit/record.ts";
import { failureRecorder, recordPreparer } from "../audit/record.ts";
import type { EncryptionPlace } from "./encryption-dependencies.ts";
import { OpeningTrail } from "./opening-trail.ts";
import { budgetRefusals } from "./refusal-budget.ts";

/** What puts openings, and openings that were refused, on record. */
export const openingRecords = ({
  documents,
  env: { AUDIT_TABLE: table },
  now,
}: Pick<EncryptionPlace, "documents" | "now"> & { env: { AUDIT_TABLE: string } }): {
  recordFailure: RecordFailure;
  trail: OpeningTrail;
} => ({
  recordFailure: budgetRefusals(failureRecorder(documents, table)),
  trail: new OpeningTrail({ now, prepareRecord: recordPreparer(documents, table) }),
});
