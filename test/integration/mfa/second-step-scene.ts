import { generateKeyPairSync } from "node:crypto";
import { KMSClient } from "@aws-sdk/client-kms";
import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { failureRecorder } from "../../../lib/audit/record.ts";
import { auditReader } from "../../../lib/audit/store.ts";
import { verifyBackupCode } from "../../../lib/auth/verify-backup-code.ts";
import { verifyMfaToken } from "../../../lib/auth/verify-mfa-token.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { transact } from "../../../lib/aws/transact.ts";
import { newId } from "../../../lib/id.ts";
import { newBackupCodes, putBackupCode } from "../../../lib/mfa/backup-codes.ts";
import { factorSecrets } from "../../../lib/mfa/factor-secrets.ts";
import { factorStore } from "../../../lib/mfa/factor-store.ts";
import { issueMfaToken } from "../../../lib/mfa/mfa-token.ts";
import { codeAt, newTotpSecret } from "../../../lib/mfa/totp.ts";
import { credentials, region } from "../../../local/aws-account.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import type { ServicesUnderTest } from "../../support/services.ts";

const issuer = "https://issuer.example";
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A clock that stands still until it is moved. */
export function createClock() {
  let nowMs = Date.UTC(2026, 10, 24, 12, 0, 10);
  return {
    now: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

export interface FactorInScene {
  factorId: string;
  secret: Uint8Array;
}

/**
 * A member with password, authenticator apps and backup codes on the real database, and the rules of
 * the second step as the functions wire them. Each scene is a member of its own.
 */
export async function createScene(
  services: ServicesUnderTest,
  clock: ReturnType<typeof createClock>,
  factorCount = 1,
) {
  const { documents, tableNames } = services;
  const { now } = clock;
  const tables = { identity: tableNames.identity, audit: tableNames.audit };
  const kms = new KMSClient({ endpoint: services.endpoints.kms, region, credentials });
  const factors = factorStore(documents, tables, now);
  const secrets = factorSecrets({
    documents,
    kms,
    env: {
      KEYS_TABLE: tableNames.keys,
      IDENTITY_TABLE: tableNames.identity,
      MANUFACTURER_KEY_ARN: services.keyArns.manufacturer,
    },
    region,
    now,
  });
  const signingKey = async () => ({ keyId: "key_1", privateKey });
  const dependencies = {
    issuer,
    signingKey,
    secret: secretsOf(secretOf(1)),
    now,
    tables,
    factors,
    secrets,
    commit: (statements: Parameters<typeof transact>[1]) => transact(documents, statements),
    recordFailure: failureRecorder(documents, tableNames.audit),
  };

  const member = { memberId: newId("member"), manufacturerId: newId("manufacturer") };
  const emailHash = newId("token");
  const { memberId, manufacturerId } = member;
  const put = (Item: Record<string, unknown>) =>
    documents.send(new PutCommand({ TableName: tables.identity, Item }));
  const apps: FactorInScene[] = [];
  for (let index = 0; index < factorCount; index++) {
    const factorId = newId("factor");
    const secret = newTotpSecret();
    apps.push({ factorId, secret });
    await put({
      ...identityKeys.factor(memberId, factorId),
      ...member,
      factorId,
      kind: "totp",
      status: "active",
      label: `app ${index}`,
      secret: await secrets.seal({ ...member, factorId }, secret),
      lastStep: 0,
      failures: 0,
      createdAtMs: now(),
    });
  }
  const known = { failures: 0, lastUsedAtMs: 0 };
  const backupCodes = newBackupCodes();
  await dependencies.commit(
    backupCodes.map((code) => putBackupCode(tables.identity, memberId, 1, code)),
  );
  const totpFactorIds = apps.map(({ factorId }) => factorId);
  await put({
    ...identityKeys.member(manufacturerId, memberId),
    ...member,
    emailHash,
    roles: ["owner"],
    status: "active",
    sessionsValidFromMs: 0,
    endedSessions: {},
    secondFactors: {
      totpFactorIds,
      deviceIds: [],
      backupCodeGeneration: 1,
      backupCodesLeft: 10,
      mustRebind: false,
    },
  });
  await put({ ...identityKeys.login(emailHash), ...member, failures: 0, knownDevices: { known } });

  const issueToken = () =>
    issueMfaToken(
      {
        ...member,
        emailHash,
        roles: ["owner"],
        totpFactorIds,
        backupCodeGeneration: 1,
        knownDeviceHash: "known",
      },
      { issuer, secret: dependencies.secret, now },
    );
  const request = {
    bodyText: () => "",
    params: undefined,
    query: undefined,
    headers: undefined,
    caller: undefined,
    requestId: "request",
    origin: systemOrigin("request"),
    signal: new AbortController().signal,
  };
  return {
    ...member,
    emailHash,
    apps,
    backupCodes,
    factors,
    issueToken,
    /** The code that an app shows, `steps` time steps from now. */
    code: (app: FactorInScene | undefined, steps = 0) =>
      codeAt(app?.secret ?? newTotpSecret(), now() + steps * 30_000),
    signIn: async (code: string, mfaToken?: string, factorId?: string) =>
      verifyMfaToken(
        { ...request, body: { mfaToken: mfaToken ?? (await issueToken()), code, factorId } },
        dependencies,
      ),
    signInWithBackupCode: async (code: string, mfaToken?: string) =>
      verifyBackupCode(
        { ...request, body: { mfaToken: mfaToken ?? (await issueToken()), code } },
        dependencies,
      ),
    put,
    sessions: async () => {
      const { Items = [] } = await documents.send(
        new QueryCommand({
          TableName: tables.identity,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
          ExpressionAttributeValues: {
            ":pk": identityKeys.memberOf(memberId).pk,
            ":prefix": identityKeys.sessionPrefix,
          },
        }),
      );
      return Items;
    },
    actions: async () => {
      const day = new Date(now()).toISOString().slice(0, 10);
      const { records } = await auditReader(
        documents,
        tables.audit,
      )({
        manufacturerId,
        day,
        end: day,
        limit: 1000,
      });
      return records.map(({ action }) => action);
    },
  };
}

/** The problem code that a refused attempt answers. */
export const codeOf = (reason: unknown): unknown => (reason as { code?: unknown }).code;
