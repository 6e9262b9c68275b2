import * as z from "zod/mini";
import { platformManufacturerId } from "../access/rank.ts";
import { hashEmail, normalizeEmail } from "../accounts/email-address.ts";
import { EmailAddress, Name } from "../accounts/fields.ts";
import { sealProfile } from "../accounts/sealed-profile.ts";
import type { Member } from "../accounts/store.ts";
import { systemOrigin } from "../audit/origin.ts";
import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import type { Clock } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import { invalidRequest } from "../http/response.ts";
import { validatePart } from "../http/validate.ts";
import { newId, newSecret } from "../id.ts";
import { newBackupCodes } from "../mfa/backup-codes.ts";
import type { TotpFactor } from "../mfa/factor.ts";
import type { FactorSecrets } from "../mfa/factor-secrets.ts";
import { noSecondFactors } from "../mfa/second-factors.ts";
import { newTotpSecret, otpauthUri, toBase32, totpIssuer } from "../mfa/totp.ts";
import { Problem } from "../problem.ts";
import type { OperatorStore } from "./store.ts";

const FirstOperator = z.strictObject({
  name: Name,
  email: EmailAddress,
});

export interface CreateFirstOperatorDependencies extends PasswordDependencies {
  operators: OperatorStore;
  secrets: FactorSecrets;
  /** Makes the platform's keys when it first seals. */
  encryption: EncryptionDependencies;
  now: Clock;
}

export interface OperatorCredentials {
  manufacturerId: string;
  memberId: string;
  email: string;
  /** Shown once; change it after the first sign-in. */
  password: string;
  factorId: string;
  /** Base 32; for the authenticator app that the operator signs in with from the start. */
  totpSecret: string;
  otpauthUri: string;
  /** Ten, for the day the phone is lost; keep them apart from it. */
  backupCodes: string[];
}

/**
 * Makes the platform's first operator, once, with a second factor bound: no operator is ever without
 * one. Others are invited by operators. Invoked by name, so that whoever holds the deployment's IAM
 * permissions decides who operates it.
 *
 * @throws Problem `operator-exists`, `invalid-request` for a malformed event
 */
export async function createFirstOperator(
  event: unknown,
  dependencies: CreateFirstOperatorDependencies,
): Promise<OperatorCredentials> {
  const parsed = validatePart("event", FirstOperator, event);
  if (parsed.errors.length > 0) throw invalidRequest(parsed.errors);
  const { name, email: address } = parsed.value as z.infer<typeof FirstOperator>;
  const { operators, secret, now } = dependencies;
  const email = normalizeEmail(address);
  const password = newSecret();
  const timeMs = now();
  const { factor, totpSecret } = await newFactor(newId("member"), dependencies);
  const backupCodes = newBackupCodes();
  const operator: Member = {
    manufacturerId: platformManufacturerId,
    memberId: factor.memberId,
    name,
    email,
    emailHash: hashEmail(email, await secret("email-lookup")),
    roles: ["operator"],
    status: "active",
    createdAtMs: timeMs,
    sessionsValidFromMs: timeMs,
    endedSessions: {},
    secondFactors: {
      ...noSecondFactors,
      totpFactorIds: [factor.factorId],
      backupCodeGeneration: 1,
      backupCodesLeft: backupCodes.length,
    },
  };
  const outcome = await operators.createPlatform(
    await sealProfile(dependencies.encryption, {
      manufacturerId: platformManufacturerId,
      legalName: "Platform",
      country: "ZZ",
      contact: { email, phone: "" },
      createdAtMs: timeMs,
    }),
    operator,
    { passwordHash: await hashNewPassword(password, dependencies), isLongPassword: true },
    { factor, backupCodes },
    {
      manufacturerId: platformManufacturerId,
      subjectId: operator.memberId,
      action: "operator.operator.created",
      outcome: "success",
      origin: systemOrigin("invoke"),
      timeMs,
    },
  );
  if (!outcome.committed) {
    throw new Problem("operator-exists", {
      detail: "The platform has an operator, or the address an account.",
    });
  }
  return {
    manufacturerId: platformManufacturerId,
    memberId: operator.memberId,
    email,
    password,
    factorId: factor.factorId,
    totpSecret: toBase32(totpSecret),
    otpauthUri: otpauthUri(totpSecret, { issuer: totpIssuer, account: email }),
    backupCodes,
  };
}

/** An app that is bound without a first code: the credentials are handed over by whoever deploys. */
async function newFactor(
  memberId: string,
  { secrets, now }: CreateFirstOperatorDependencies,
): Promise<{ factor: TotpFactor; totpSecret: Uint8Array }> {
  const totpSecret = newTotpSecret();
  const place = {
    manufacturerId: platformManufacturerId,
    memberId,
    factorId: newId("factor"),
  };
  const factor: TotpFactor = {
    ...place,
    kind: "totp",
    status: "active",
    label: "First authenticator app",
    secret: await secrets.seal(place, totpSecret),
    lastStep: 0,
    failures: 0,
    createdAtMs: now(),
    confirmedAtMs: now(),
  };
  return { factor, totpSecret };
}
