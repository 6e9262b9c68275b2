import type { Role } from "../../../lib/access/policy.ts";
import type { Route } from "../../../lib/http/route.ts";
import type { HttpAnswer } from "../../support/http-client.ts";
import type { SignedInMember } from "../../support/manufacturer.ts";
import { createFirstOperator, inviteMember, signUpWithFactor } from "../../support/manufacturer.ts";
import type { StackUnderTest } from "../../support/stack.ts";
import type { SampleRequest, Scene, Tenant } from "./samples/scene.ts";
import { samples } from "./samples.ts";

/** Two manufacturers and the platform, and somebody of every role. */
export interface Cast {
  callers: Readonly<Record<Role, SignedInMember>>;
  /** The caller's own manufacturer, and one that is not. */
  targets: (role: Role) => { own: Tenant; foreign: Tenant };
}

export async function makeCast(stack: StackUnderTest): Promise<Cast> {
  const owner = await signUpWithFactor(stack);
  const callers = {
    owner,
    admin: await inviteMember(stack, owner, "admin"),
    editor: await inviteMember(stack, owner, "editor"),
    viewer: await inviteMember(stack, owner, "viewer"),
    operator: await createFirstOperator(stack),
  };
  const own = await tenantOf(stack, owner, "viewer");
  const other = await tenantOf(stack, await signUpWithFactor(stack), "viewer");
  const platform = await tenantOf(stack, callers.operator, "operator");
  return {
    callers,
    targets: (role) =>
      role === "operator" ? { own: platform, foreign: other } : { own, foreign: other },
  };
}

const tenantOf = async (
  stack: StackUnderTest,
  head: SignedInMember,
  leastRole: Role,
): Promise<Tenant> => ({
  manufacturerId: head.manufacturerId,
  head,
  colleague: await inviteMember(stack, head, leastRole),
  leastRole,
});

/** A route's sample, made but not sent. */
export async function prepare(route: Route, scene: Scene): Promise<SampleRequest> {
  const sample = samples[route.operationId];
  if (!sample) throw new Error(`${route.operationId} has no sample`);
  return sample.request(scene);
}

/** Sends a prepared sample as its scene's caller. */
export const send = (
  route: Route,
  { path, body, headers = {}, token }: SampleRequest,
  { stack, caller }: Scene,
): Promise<HttpAnswer> =>
  stack.http[method(route)](path, {
    headers,
    ...(body === undefined ? {} : { body }),
    ...(route.access === "public" ? {} : { token: token ?? caller.accessToken }),
  });

const method = (route: Route) =>
  route.method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete";
