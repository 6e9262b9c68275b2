import type { OperationRequest } from "../http/request.ts";
import { returnCharge, useTimeStep } from "../mfa/factor-statements.ts";
import type { FinishDependencies } from "../mfa/finish-sign-in.ts";
import { finishSignIn } from "../mfa/finish-sign-in.ts";
import type { MatchDependencies } from "../mfa/match-totp.ts";
import { matchTotp, useMatch } from "../mfa/match-totp.ts";
import type { MfaTokenDependencies } from "../mfa/mfa-token.ts";
import { readMfaToken } from "../mfa/mfa-token.ts";
import { refuseReplay } from "../mfa/refuse-replay.ts";
import type { verifyMfaTokenRoute } from "../mfa/sign-in-api.ts";
import { innerOperations } from "../performance/budgets.ts";
import { performanceMonitor } from "../performance/monitor.ts";
import type { Tokens } from "./session.ts";

/**
 * Finishes a sign-in with a code of an authenticator app (RFC 6238): charge, compare, commit. Each
 * time step of a factor makes one session, however many requests carry its code.
 *
 * @throws Problem `invalid-mfa-token`, `invalid-code`, `too-many-attempts`, `factor-disabled`
 */
export const verifyMfaToken = performanceMonitor(innerOperations.mfaVerification)(verify);

async function verify(
  { body, origin }: OperationRequest<typeof verifyMfaTokenRoute>,
  dependencies: MfaTokenDependencies & MatchDependencies & FinishDependencies,
): Promise<Tokens & { knownDevice?: string }> {
  const token = await readMfaToken(body.mfaToken, dependencies);
  const { memberId, manufacturerId, totpFactorIds } = token;
  const factorIds =
    body.factorId === undefined
      ? totpFactorIds
      : totpFactorIds.filter((factorId) => factorId === body.factorId);
  const match = await matchTotp(
    { manufacturerId, memberId, factorIds, code: body.code, origin },
    dependencies,
  );
  const { identity } = dependencies.tables;
  return useMatch(match, ({ factor, step, otherCharges }) =>
    finishSignIn(
      token,
      {
        statement: useTimeStep(identity, factor, step),
        refuse: (met) => refuseReplay(met, { ...factor, step, origin }, dependencies),
        method: "otp",
        others: otherCharges.map((charge) => returnCharge(identity, charge)),
      },
      { origin },
      dependencies,
    ),
  );
}
