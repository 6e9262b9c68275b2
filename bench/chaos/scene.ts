import type { Stack } from "../../local/stack.ts";
import type { HttpAnswer } from "../../test/support/http-client.ts";
import { httpClient } from "../../test/support/http-client.ts";
import type { SignedInMember } from "../../test/support/manufacturer.ts";
import { createFirstOperator, signUpWithFactor } from "../../test/support/manufacturer.ts";
import type { EnrolledMember } from "../../test/support/second-factor.ts";
import { refreshed } from "../../test/support/second-factor.ts";

/** Longer than anything may take: whatever is not answered by then hangs. */
export const hangMs = 60_000;

export interface Call {
  method: "GET" | "POST";
  path: string;
  body?: unknown;
  key?: string;
}

/** How many answers there were of each kind since the last look. */
export class Tally {
  #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  take(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }
}

/** One who calls the API, and gets new tokens when the old ones have run out. */
export class Person {
  readonly #stack: Stack;
  readonly #tally: Tally;
  member: EnrolledMember;

  constructor(stack: Stack, tally: Tally, member: EnrolledMember) {
    this.#stack = stack;
    this.#tally = tally;
    this.member = member;
  }

  async call({ method, path, body, key }: Call): Promise<HttpAnswer> {
    const answer = await this.send(path, {
      method,
      headers: {
        authorization: `Bearer ${this.member.accessToken}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status === 401) await this.#renew();
    return answer;
  }

  /** Without a token; whatever takes too long is counted as hanging. */
  async send(path: string, init: RequestInit): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(hangMs);
    const nothing = { status: 0, headers: new Headers(), body: undefined };
    const answer = await httpClient(this.#stack.url)
      .raw(path, { ...init, signal })
      .catch(() => nothing);
    const { status, body } = answer;
    this.#tally.add(status === 0 ? "hanging" : `${status} ${body?.code ?? ""}`.trimEnd());
    return answer;
  }

  post(path: string, body: unknown): Promise<HttpAnswer> {
    return this.send(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async #renew(): Promise<void> {
    // Under faults it may fail; the next call tries again.
    this.member = await refreshed(this.#stack, this.member).catch(() => this.member);
  }
}

/** Signs somebody up, in the largest tier or in the free one. */
export async function newPerson(
  stack: Stack,
  tally: Tally,
  operator: SignedInMember,
  tier: "free" | "enterprise",
): Promise<Person> {
  const owner = await signUpWithFactor(stack);
  const { status } = await httpClient(stack.url).put(
    `/v1/operator/manufacturers/${owner.manufacturerId}/tier`,
    { token: operator.accessToken, body: { tier } },
  );
  if (status !== 200) throw new Error(`the tier was not changed: ${status}`);
  return new Person(stack, tally, owner);
}

export const newOperator = (stack: Stack): Promise<SignedInMember> => createFirstOperator(stack);
