import { renderSVG } from "uqr";
import type { ReadAccessItem } from "../access/access-item.ts";
import { assertPermission } from "../access/authenticate.ts";
import type { AccountStore } from "../accounts/store.ts";
import type { ProvePasswordDependencies } from "../auth/prove-password.ts";
import { provePassword } from "../auth/prove-password.ts";
import { hourEndMs } from "../aws/period-budget.ts";
import type { Clock } from "../clock.ts";
import type { Caller, OperationRequest } from "../http/request.ts";
import { newId } from "../id.ts";
import { Problem } from "../problem.ts";
import type { setupMfaRoute } from "./api.ts";
import type { TotpFactor } from "./factor.ts";
import type { FactorSecrets } from "./factor-secrets.ts";
import type { FactorStore } from "./factor-store.ts";
import { factorsMax } from "./factor-store.ts";
import type { SecondFactors } from "./second-factors.ts";
import { hasTotpFactor, noSecondFactors } from "./second-factors.ts";
import { newTotpSecret, otpauthUri, toBase32, totpIssuer } from "./totp.ts";

export interface SetupMfaDependencies extends ProvePasswordDependencies {
  factors: FactorStore;
  secrets: FactorSecrets;
  accessItem: ReadAccessItem;
  readMember: AccountStore["readMember"];
}

/**
 * Makes a pending authenticator app beside those that are bound. The secret is shown here and never
 * again; it is good for nothing until a code of it is confirmed within an hour. While no app is bound
 * it takes the current password: a stolen session alone must not become a stronger one that shuts its
 * owner out (ASVS 7.5.1).
 *
 * @throws Problem `insufficient-authentication` where a factor is bound and the session is not at
 * `aal2`, `password-needed`, `invalid-credentials`, `too-many-attempts`, `too-many-factors`, `too-many-set-ups`, `not-found` (the factor to replace)
 */
export async function setupMfa(
  { body, caller, origin }: OperationRequest<typeof setupMfaRoute>,
  dependencies: SetupMfaDependencies,
): Promise<{ factorId: string; secret: string; otpauthUri: string; qrCodeSvg: string }> {
  const { factors, secrets, accessItem, readMember, now } = dependencies;
  const { manufacturerId, memberId } = caller;
  const item = await accessItem(manufacturerId, memberId, false);
  assertMayBind(caller, item?.secondFactors, body.replacesFactorId, now);
  const member = await readMember(manufacturerId, memberId);
  if (!member) throw new Problem("not-found");
  const login = hasTotpFactor(item?.secondFactors)
    ? undefined
    : await provePassword(demanded(body.password), member, origin, dependencies);
  const factorId = newId("factor");
  const secret = newTotpSecret();
  const createdAtMs = now();
  const pending: TotpFactor = {
    factorId,
    memberId,
    manufacturerId,
    kind: "totp",
    status: "pending",
    label: body.label ?? "Authenticator app",
    secret: await secrets.seal({ manufacturerId, memberId, factorId }, secret),
    lastStep: 0,
    failures: 0,
    createdAtMs,
    replacesFactorId: body.replacesFactorId,
  };
  const outcome = await factors.putPending(
    caller,
    pending,
    login && { emailHash: member.emailHash, verifiedHash: login.passwordHash },
  );
  if (!outcome.committed) {
    throw outcome.failed.has(0) ? tooManySetUps(createdAtMs) : new Problem("contention");
  }
  const uri = otpauthUri(secret, { issuer: totpIssuer, account: member.email });
  return {
    factorId,
    secret: toBase32(secret),
    otpauthUri: uri,
    qrCodeSvg: renderSVG(uri, { ecc: "M", border: 4 }),
  };
}

/** The password that a first factor takes. */
function demanded(password: string | undefined): string {
  if (password !== undefined) return password;
  throw new Problem("password-needed", {
    detail: "Send the current password: nothing else proves who binds the first factor.",
    extra: { errors: [{ pointer: "/body/password", code: "missing" }] },
  });
}

/** 429 until the hour is over. */
const tooManySetUps = (nowMs: number): Problem =>
  new Problem("too-many-set-ups", {
    detail: "Confirm the app that was set up last, or set one up in the next hour.",
    headers: { "retry-after": String(Math.ceil((hourEndMs(nowMs) - nowMs) / 1000)) },
  });

/**
 * Binding a factor takes the best assurance that the account has (SP 800-63B-4 section 4.1.2.1): an
 * open session at `aal1` cannot add a factor to an account that has one.
 */
export function assertMayBind(
  caller: Caller,
  held: SecondFactors = noSecondFactors,
  replacesFactorId: string | undefined,
  now: Clock,
): void {
  if (hasTotpFactor(held)) assertPermission(caller, "factors:write", now);
  if (replacesFactorId === undefined) {
    if (held.totpFactorIds.length >= factorsMax) throw new Problem("too-many-factors");
  } else if (!held.totpFactorIds.includes(replacesFactorId)) {
    throw new Problem("not-found");
  }
}
