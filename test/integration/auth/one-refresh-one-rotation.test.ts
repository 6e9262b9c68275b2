import { generateKeyPairSync } from "node:crypto";
import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { systemOrigin } from "../../../lib/audit/origin.ts";
import { refresh } from "../../../lib/auth/refresh.ts";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.ts";
import { startSession } from "../../../lib/auth/session.ts";
import type { SessionStore, StoredSession } from "../../../lib/auth/session-store.ts";
import { putSession, sessionStore } from "../../../lib/auth/session-store.ts";
import { identityKeys } from "../../../lib/aws/item-keys.ts";
import { newId } from "../../../lib/id.ts";
import { barrier, race } from "../../support/race.ts";
import { secretOf, secretsOf } from "../../support/secrets.ts";
import { useServices } from "../../support/services.ts";

const services = useServices();
const racers = 50;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

async function makeSession(): Promise<{
  key: ReturnType<typeof identityKeys.session>;
  token: string;
}> {
  const member = { memberId: newId("member"), manufacturerId: newId("manufacturer") };
  const session = startSession(
    member,
    { acr: "aal1", amr: ["pwd"] },
    systemOrigin("start"),
    Date.now(),
  );
  await services.documents.send(
    new PutCommand(putSession(services.tableNames.identity, session).Put),
  );
  await services.documents.send(
    new PutCommand({
      TableName: services.tableNames.identity,
      Item: {
        ...identityKeys.member(member.manufacturerId, member.memberId),
        roles: ["viewer"],
        status: "active",
        sessionsValidFromMs: 0,
        endedSessions: {},
      },
    }),
  );
  return {
    key: identityKeys.session(session.memberId, session.sessionId),
    token: await issueRefreshToken({ ...session, roles: ["viewer"] }, secretOf(1)),
  };
}

const store = (): SessionStore => sessionStore(services.documents, services.tableNames, Date.now);

/** Compares what it has read, then moves the chain on. */
const naiveStore = (allHaveLooked = barrier(racers)): SessionStore => ({
  ...store(),
  rotate: async ({ memberId, sessionId, counter }) => {
    const item = {
      TableName: services.tableNames.identity,
      Key: identityKeys.session(memberId, sessionId),
    };
    const { Item } = await services.documents.send(new GetCommand(item));
    if (Item?.["counter"] !== counter) return { session: Item as StoredSession };
    await allHaveLooked();
    await services.documents.send(
      new UpdateCommand({
        ...item,
        UpdateExpression: "SET #counter = #counter + :one, refreshedAtMs = :now",
        ExpressionAttributeNames: { "#counter": "counter" },
        ExpressionAttributeValues: { ":one": 1, ":now": Date.now() },
      }),
    );
    return { rotated: true };
  },
});

async function raceRefresh(sessions: SessionStore) {
  const { key, token } = await makeSession();
  const { fulfilled, rejected } = await race(racers, () =>
    refresh(
      { body: { refreshToken: token }, origin: systemOrigin("race") } as Parameters<
        typeof refresh
      >[0],
      {
        sessions,
        issuer: "https://issuer.example",
        signingKey: async () => ({ keyId: "key_1", privateKey }),
        secret: secretsOf(secretOf(1)),
        now: Date.now,
      },
    ),
  );
  const { Item } = await services.documents.send(
    new GetCommand({ TableName: services.tableNames.identity, Key: key }),
  );
  return {
    refused: rejected.length,
    successors: new Set(fulfilled.map(({ refreshToken }) => refreshToken)).size,
    rotations: Item?.["counter"],
  };
}

describe(`${racers} uses of one refresh token at once`, () => {
  test("rotate it once, and all get the same successor", async () => {
    expect(await raceRefresh(store())).toEqual({ refused: 0, successors: 1, rotations: 1 });
  });

  test("negative control: comparing first and writing then rotates it for each", async () => {
    expect((await raceRefresh(naiveStore())).rotations).toBe(racers);
  });
});
