import type { AuditEntry, RecordFailure } from "../audit/record.ts";
import type { OperationRequest } from "../http/request.ts";
import { hashBackupCode, normalizeBackupCode, useBackupCode } from "../mfa/backup-codes.ts";
import type { FinishDependencies } from "../mfa/finish-sign-in.ts";
import { finishSignIn } from "../mfa/finish-sign-in.ts";
import { invalidCode } from "../mfa/match-totp.ts";
import type { MfaTokenDependencies } from "../mfa/mfa-token.ts";
import { readMfaToken } from "../mfa/mfa-token.ts";
import type { verifyBackupCodeRoute } from "../mfa/sign-in-api.ts";
import type { Tokens } from "./session.ts";

/**
 * Finishes a sign-in with a backup code: one conditional transaction, no search and no slow hash,
 * since nobody guesses 120 bits. Each code makes one session.
 *
 * @throws Problem `invalid-mfa-token`, `invalid-code` (wrong, used, or of a replaced set)
 */
export async function verifyBackupCode(
  { body, origin }: OperationRequest<typeof verifyBackupCodeRoute>,
  dependencies: MfaTokenDependencies & FinishDependencies & { recordFailure: RecordFailure },
): Promise<Tokens & { knownDevice?: string }> {
  const { recordFailure, now, tables } = dependencies;
  const token = await readMfaToken(body.mfaToken, dependencies);
  const { memberId, manufacturerId, backupCodeGeneration: generation } = token;
  const entry = { manufacturerId, subjectId: memberId, origin, timeMs: now() };
  const refuse = async () => {
    await recordFailure({ ...entry, action: "mfa.backup-code.refused" });
    return invalidCode();
  };
  const code = normalizeBackupCode(body.code);
  if (code === undefined) throw await refuse();
  const codeHash = hashBackupCode(memberId, code);
  const used: AuditEntry = { ...entry, action: "mfa.backup-code.used", outcome: "success" };
  return finishSignIn(
    token,
    {
      statement: useBackupCode(tables.identity, { memberId, generation, codeHash }, now()),
      refuse,
      method: "backup-code",
      memberChange: { backupCodeUsed: { generation } },
      entries: [{ ...used, actorId: memberId }],
    },
    { origin },
    dependencies,
  );
}
