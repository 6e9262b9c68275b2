import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { hashEmail } from "../../../lib/accounts/email-address.ts";
import { accountStore } from "../../../lib/accounts/store.ts";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import {
  attemptsByStrangersMax,
  attemptsPerDeviceMax,
  beyondStrangersMax,
  hashDeviceToken,
} from "../../../lib/auth/known-devices.ts";
import { signIn } from "../../../lib/auth/sign-in.ts";
import type { AuthStore } from "../../../lib/auth/store.ts";
import { authStore } from "../../../lib/auth/store.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId, newSecret } from "../../../lib/id.ts";
import { cheapHash } from "../../support/cheap-hash.ts";
import { barrier, race } from "../../support/race.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const racers = 60;
/** Four without a wait, and the one that starts the first wait. */
const allowed = 5;
const knownDevice = newSecret();

async function makeLogin(counters: Record<string, unknown> = {}): Promise<string> {
  const email = `${newId("member")}@rohrwerk.example`;
  const Item = {
    ...identityKeys.login(hashEmail(email, secretOf(1))),
    manufacturerId: newId("manufacturer"),
    memberId: newId("member"),
    passwordHash: cheapHash("tidal copper vex"),
    failures: 0,
    knownDevices: { [hashDeviceToken(knownDevice)]: { failures: 0, lastUsedAtMs: 0 } },
    ...counters,
  };
  await services.documents.send(new PutCommand({ TableName: services.tableNames.identity, Item }));
  return email;
}

const store = (now = Date.now): AuthStore =>
  authStore(services.documents, services.tableNames, now);

/** Reads the counter, decides, and counts afterwards. */
const naiveStore = (allHaveLooked = barrier(racers)): AuthStore => ({
  ...store(),
  chargePassword: async (emailHash) => {
    const key = { TableName: services.tableNames.identity, Key: identityKeys.login(emailHash) };
    const { Item } = await services.documents.send(new GetCommand(key));
    if (Number(Item?.["failures"]) >= allowed)
      return { charged: false, reason: "disabled", item: Item };
    await allHaveLooked();
    await services.documents.send(
      new UpdateCommand({
        ...key,
        UpdateExpression: "SET failures = failures + :one",
        ExpressionAttributeValues: { ":one": 1 },
      }),
    );
    return { charged: true, item: Item ?? {} };
  },
});

/** How many of many wrong guesses at once are held against the hash, by what each is answered. */
async function countEvaluated(
  auth: AuthStore,
  email: string,
  device?: string,
  now = Date.now,
): Promise<number> {
  const { rejected } = await race(racers, () =>
    signIn(
      {
        body: { email, password: "not the right password", ...(device && { knownDevice: device }) },
        origin: systemOrigin("race"),
      } as Parameters<typeof signIn>[0],
      {
        auth,
        readMember: accountStore(services.documents, services.tableNames).readMember,
        recordFailure: async () => undefined,
        issuer: "https://issuer.example",
        signingKey: () => Promise.reject(new Error("no token is due")),
        secret: secretsOf(secretOf(1)),
        passwordScheme: "argon2id",
        now,
      },
    ),
  );
  const codes = rejected.map((error) => (error as { code?: string }).code);
  expect(["invalid-credentials", "too-many-attempts"]).toEqual(
    expect.arrayContaining([...new Set(codes)]),
  );
  return codes.filter((code) => code === "invalid-credentials").length;
}

describe(`${racers} wrong guesses at one password at once`, () => {
  test(`${allowed} are evaluated`, async () => {
    expect(await countEvaluated(store(), await makeLogin())).toBe(allowed);
  });

  test("negative control: reading the counter before counting evaluates all", async () => {
    expect(await countEvaluated(naiveStore(), await makeLogin())).toBe(racers);
  });

  test("an address that nobody has is throttled to the same number", async () => {
    expect(await countEvaluated(store(), `${newId("member")}@rohrwerk.example`)).toBe(allowed);
  });

  test("when a wait is over, one is evaluated", async () => {
    const later = () => Date.now() + 30_000;
    const email = await makeLogin({ failures: allowed, notBeforeMs: Date.now() + 30_000 });
    expect(await countEvaluated(store(later), email, undefined, later)).toBe(1);
  });

  test("after thirty quiet days as many are evaluated as at first, however many failed before", async () => {
    const quietSinceMs = Date.now() - beyondStrangersMax.forgottenAfterMs;
    for (const failures of [1, 2, 4]) {
      const email = await makeLogin({ failures, attemptedAtMs: quietSinceMs });
      expect(await countEvaluated(store(), email)).toBe(allowed);
    }
  });

  test("the last one before the long waits is evaluated once", async () => {
    const email = await makeLogin({
      failures: attemptsByStrangersMax - 1,
      notBeforeMs: Date.now() - 1,
    });
    expect(await countEvaluated(store(), email)).toBe(1);
    const { Item } = await services.documents.send(
      new GetCommand({
        TableName: services.tableNames.identity,
        Key: identityKeys.login(hashEmail(email, secretOf(1))),
      }),
    );
    expect(Item?.["failures"]).toBe(attemptsByStrangersMax);
  });

  test("a known device adds its own few to those of strangers, and no more", async () => {
    const email = await makeLogin();
    expect(await countEvaluated(store(), email, knownDevice)).toBe(attemptsPerDeviceMax + allowed);
  });
});
