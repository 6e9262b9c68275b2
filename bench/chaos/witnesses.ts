import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Resource } from "../../lib/usage/tiers.ts";
import { tierLimits } from "../../lib/usage/tiers.ts";
import type { Person } from "./scene.ts";

export interface Verdict {
  attempted: number;
  acknowledged: number;
  violations: string[];
}

/** Uses the API under fire, remembers what it was promised, and holds the API to it afterwards. */
export interface Witness {
  promise: string;
  act: () => Promise<void>;
  verify: () => Promise<Verdict>;
}

const pauseMs = 100;
const charge = (person: Person, resource: Resource, key?: string) =>
  person.call({
    method: "POST",
    path: `/v1/usage/${resource}/increments`,
    body: {},
    ...(key !== undefined && { key }),
  });
const usedBy = async (person: Person, resource: Resource): Promise<number> =>
  (await person.call({ method: "GET", path: `/v1/usage/${resource}` })).body.used;

/** Every charge has a key of its own; an unclear one is repeated later, as a careful client does. */
export function chargeWitness(person: Person, resource: Resource): Witness {
  const attempted: string[] = [];
  const acknowledged = new Set<string>();
  return {
    promise: `each key of ${resource} is charged once`,
    act: async () => {
      const key = randomUUID();
      attempted.push(key);
      for (let attempt = 0; attempt < 2 && !acknowledged.has(key); attempt += 1) {
        if ((await charge(person, resource, key)).status === 200) acknowledged.add(key);
      }
    },
    verify: async () => {
      const violations: string[] = [];
      for (const key of attempted) {
        const { status, body } = await charge(person, resource, key);
        if (status !== 200) violations.push(`${key} is answered ${status} after all is well`);
        else if (acknowledged.has(key) && !body.replayed) violations.push(`${key} was lost`);
      }
      const used = await usedBy(person, resource);
      if (used !== attempted.length)
        violations.push(`${attempted.length} keys were charged ${used} times`);
      return { attempted: attempted.length, acknowledged: acknowledged.size, violations };
    },
  };
}

/** Answers after which nobody knows whether a charge without a key was made; 0 is none at all. */
const unclear: readonly (number | string)[] = [0, "outcome-unknown", "timeout", "internal"];

/** Charges without a key, and repeats nothing. */
export function keylessWitness(person: Person): Witness {
  let attempted = 0;
  let acknowledged = 0;
  let unknown = 0;
  return {
    promise: "a charge without a key counts once at most",
    act: async () => {
      attempted += 1;
      const { status, body } = await charge(person, "api_calls");
      if (status === 200) acknowledged += 1;
      else if (unclear.includes(body?.code ?? status)) unknown += 1;
    },
    verify: async () => {
      const used = await usedBy(person, "api_calls");
      const isKept = used >= acknowledged && used <= acknowledged + unknown;
      const violations = isKept
        ? []
        : [`${used} are counted; ${acknowledged} acknowledged, ${unknown} unknown`];
      return { attempted, acknowledged, violations };
    },
  };
}

/** Charges on and on, whatever the answer. */
export function quotaWitness(person: Person): Witness {
  const limit = tierLimits.free.product_uploads;
  let attempted = 0;
  let acknowledged = 0;
  const act = async (): Promise<void> => {
    attempted += 1;
    if ((await charge(person, "product_uploads", randomUUID())).status === 200) acknowledged += 1;
  };
  return {
    promise: `no quota is exceeded (${limit})`,
    act,
    verify: async () => {
      const violations: string[] = [];
      if (acknowledged > limit) violations.push(`${acknowledged} were acknowledged`);
      for (let left = limit; left >= 0; left -= 1) await act();
      const used = await usedBy(person, "product_uploads");
      if (used !== limit) violations.push(`${used} are counted of ${limit}`);
      return { attempted, acknowledged, violations };
    },
  };
}

export function memberWitness(person: Person): Witness {
  const acknowledged: string[] = [];
  let attempted = 0;
  return {
    promise: "no acknowledged member is lost",
    act: async () => {
      attempted += 1;
      const email = `witness-${randomUUID()}@rohrwerk.example`;
      const body = { name: "Jonas Weber", email, role: "viewer" };
      const { status, body: answer } = await person.call({
        method: "POST",
        path: "/v1/members",
        body,
      });
      if (status === 201) acknowledged.push(answer.memberId);
    },
    verify: async () => {
      const listed = new Set<string>();
      let cursor = "";
      do {
        const path = `/v1/members${cursor && `?cursor=${cursor}`}`;
        const { body } = await person.call({ method: "GET", path });
        for (const { memberId } of body.items) listed.add(memberId);
        cursor = body.nextCursor ?? "";
      } while (cursor);
      const lost = acknowledged.filter((memberId) => !listed.has(memberId));
      const violations = lost.map((memberId) => `${memberId} is not listed`);
      return { attempted, acknowledged: acknowledged.length, violations };
    },
  };
}

export function envelopeWitness(person: Person): Witness {
  const sealed: { data: unknown; envelope: unknown }[] = [];
  let attempted = 0;
  return {
    promise: "whatever was sealed opens again",
    act: async () => {
      attempted += 1;
      const data = { drawing: randomUUID() };
      const path = "/v1/encryption/encrypt";
      const { status, body } = await person.call({ method: "POST", path, body: { data } });
      if (status === 200) sealed.push({ data, envelope: body.envelope });
    },
    verify: async () => {
      const violations: string[] = [];
      for (const { data, envelope } of sealed) {
        const path = "/v1/encryption/decrypt";
        const { status, body } = await person.call({ method: "POST", path, body: { envelope } });
        if (status !== 200 || !isDeepStrictEqual(body.data, data))
          violations.push(`an envelope is answered ${status}`);
      }
      return { attempted, acknowledged: sealed.length, violations };
    },
  };
}

/** Goes on from token to token; after an unclear answer it sends the one it has again. */
export function sessionWitness(person: Person): Witness {
  let { refreshToken } = person.member;
  let attempted = 0;
  let acknowledged = 0;
  const act = async (): Promise<number> => {
    attempted += 1;
    const { status, body } = await person.post("/v1/auth/refresh", { refreshToken });
    if (status === 200) {
      acknowledged += 1;
      refreshToken = body.refreshToken;
    }
    return status;
  };
  return {
    promise: "a session goes on after lost answers",
    act: async () => void (await act()),
    verify: async () => {
      const status = await act();
      const violations = status === 200 ? [] : [`the session is answered ${status}`];
      return { attempted, acknowledged, violations };
    },
  };
}

/**
 * Sends each code with two tokens at the same time, and once more after that. Codes come as time
 * passes: a clock that is moved would make everybody else's repetitions late ones.
 */
export function replayWitness(people: readonly Person[]): Witness {
  let attempted = 0;
  let acknowledged = 0;
  const violations: string[] = [];
  const shown = new Set<string>();
  const act = async (): Promise<void> => {
    const unused = people
      .flatMap((person) =>
        [0, 1].map((steps) => ({ person, code: person.member.app.codeAt(steps) })),
      )
      .find(({ person, code }) => !shown.has(person.member.memberId + code));
    if (!unused) return delay(pauseMs);
    const { person, code } = unused;
    shown.add(person.member.memberId + code);
    const verify = async (mfaToken: string | undefined): Promise<boolean> => {
      if (mfaToken === undefined) return false;
      attempted += 1;
      return (await person.post("/v1/auth/mfa/totp", { mfaToken, code })).status === 200;
    };
    const [last, ...first] = await Promise.all([1, 2, 3].map(() => askForToken(person)));
    const made = await Promise.all(first.map(verify));
    made.push(await verify(last));
    const sessions = made.filter(Boolean).length;
    acknowledged += sessions;
    if (sessions > 1) violations.push(`a code made ${sessions} sessions`);
  };
  return {
    promise: "no code makes two sessions",
    act,
    verify: async () => ({ attempted, acknowledged, violations }),
  };
}

async function askForToken(person: Person): Promise<string | undefined> {
  const { email, password, knownDevice } = person.member;
  const { body } = await person.post("/v1/auth/sign-in", { email, password, knownDevice });
  return body?.mfaToken;
}
