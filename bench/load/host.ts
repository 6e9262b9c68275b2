/**
 * The stack under load and a bare handler behind the same gateway, in a process of their own, so that
 * memory and CPU time are theirs alone. Ordered about over the channel of its parent process.
 */
import * as z from "zod/mini";
import type { Route } from "../../lib/http/route.ts";
import { startGateway } from "../../local/gateway.ts";
import { startStack } from "../../local/stack.ts";
import { httpClient } from "../../test/support/http-client.ts";
import {
  createFirstOperator,
  inviteMember,
  signIn,
  signUpWithFactor,
} from "../../test/support/manufacturer.ts";
import type { EnrolledMember } from "../../test/support/second-factor.ts";
import { refreshed } from "../../test/support/second-factor.ts";
import type { HostAnswer, HostOrder, Tenant } from "./start-host.ts";

const tenantCount = 4;
const sessionsEach = 2;

const bareRoute: Route = {
  operationId: "bare",
  domain: "platform",
  summary: "",
  method: "POST",
  path: "/v1/bare",
  access: "public",
  success: { status: 200, schema: z.object({}) },
  problems: [],
  uses: [],
  latencyBudgetMs: 1,
};

const stack = await startStack({ sourceBudgetFactor: 1000 });
const bare = await startGateway({
  routes: [bareRoute],
  now: Date.now,
  invoke: async () => ({ statusCode: 200, body: "{}" }),
});
const operator = await createFirstOperator(stack);
const owners: EnrolledMember[] = [];
const tenants: Tenant[] = [];
for (let count = 0; count < tenantCount; count += 1) {
  const owner = await signUpWithFactor(stack);
  // The largest tier, so that the load is not refused for its quota.
  const { status } = await httpClient(stack.url).put(
    `/v1/operator/manufacturers/${owner.manufacturerId}/tier`,
    { token: operator.accessToken, body: { tier: "enterprise" } },
  );
  if (status !== 200) throw new Error(`the tier was not changed: ${status}`);
  const viewer = await inviteMember(stack, owner, "viewer");
  const { email, password, knownDevice } = viewer;
  const refreshTokens = [];
  for (let session = 0; session < sessionsEach; session += 1)
    refreshTokens.push((await signIn(stack, viewer)).refreshToken);
  owners.push(owner);
  tenants.push({ email, password, knownDevice, refreshTokens, accessToken: owner.accessToken });
}

const answers: Record<HostOrder, () => Promise<HostAnswer>> = {
  /** After a full collection, so that what is measured is what is held. */
  usage: async () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return { rssBytes: rss, heapBytes: heapUsed, cpuMicroseconds: user + system };
  },
  /** Access tokens live ten minutes. */
  refresh: async () => {
    for (const [index, owner] of owners.entries()) {
      owners[index] = await refreshed(stack, owner);
      const tenant = tenants[index];
      if (tenant) tenant.accessToken = owners[index].accessToken;
    }
    return { accessTokens: tenants.map(({ accessToken }) => accessToken) };
  },
  close: async () => {
    await bare.close();
    await stack.close();
    process.disconnect();
    return {};
  },
};

process.on("message", (order: HostOrder) => {
  void answers[order]().then((answer) => process.connected && process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: stack.url, bareUrl: bare.url, tenants });
