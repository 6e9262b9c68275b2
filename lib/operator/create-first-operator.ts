import * as z from "zod/mini";
import { platformManufacturerId } from "../access/rank.ts";
import { EmailAddress } from "../accounts/api.ts";
import { hashEmail, normalizeEmail } from "../accounts/email-address.ts";
import { sealProfile } from "../accounts/sealed-profile.ts";
import type { Member } from "../accounts/store.ts";
import type { PasswordDependencies } from "../auth/compare-password.ts";
import { hashNewPassword } from "../auth/compare-password.ts";
import type { Clock } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import { newId, newSecret } from "../id.ts";
import type { OperatorStore } from "./store.ts";

const FirstOperator = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  email: EmailAddress,
});

export interface CreateFirstOperatorDependencies extends PasswordDependencies {
  operators: OperatorStore;
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
}

/**
 * Makes the platform's first operator, once; others are invited by operators. Invoked by name, so
 * that whoever holds the deployment's IAM permissions decides who operates it.
 *
 * @throws Error for a malformed event, or where the platform has an operator already
 */
export async function createFirstOperator(
  event: unknown,
  dependencies: CreateFirstOperatorDependencies,
): Promise<OperatorCredentials> {
  const { name, email: address } = z.parse(FirstOperator, event);
  const { operators, secret, now } = dependencies;
  const email = normalizeEmail(address);
  const password = newSecret();
  const timeMs = now();
  const operator: Member = {
    manufacturerId: platformManufacturerId,
    memberId: newId("member"),
    name,
    email,
    emailHash: hashEmail(email, await secret("email-lookup")),
    roles: ["operator"],
    status: "active",
    createdAtMs: timeMs,
    sessionsValidFromMs: timeMs,
    endedSessions: {},
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
    {
      manufacturerId: platformManufacturerId,
      subjectId: operator.memberId,
      action: "operator.operator.created",
      outcome: "success",
      requestId: "invoke",
      timeMs,
    },
  );
  if (!outcome.committed)
    throw new Error("the platform has an operator, or the address an account");
  return { manufacturerId: platformManufacturerId, memberId: operator.memberId, email, password };
}
