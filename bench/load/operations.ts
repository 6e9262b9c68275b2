import type { Request } from "autocannon";
import type { Tenant } from "./start-host.ts";

export interface LoadOperation {
  name: string;
  /** Share of the mix, in percent. */
  share: number;
  request: Request;
}

interface RefreshContext {
  refreshToken?: string;
}

const sample = {
  product: "Flange DN 50",
  description: "Weld neck flange, EN 1092-1, PN 16, P250GH; 12 pieces for order 4711",
  drawing: "https://rohrwerk.example/drawings/4711.pdf",
};

/** What a day's traffic is made of: mostly checks, some charges and data, few sign-ins. */
export function loadOperations(tenants: readonly Tenant[]): LoadOperation[] {
  let turn = 0;
  const nextTenant = (): Tenant => {
    const tenant = tenants[turn++ % tenants.length];
    if (!tenant) throw new Error("there are no tenants");
    return tenant;
  };
  const as = (tenant: Tenant) => ({ authorization: `Bearer ${tenant.accessToken}` });
  const post = (path: string, body: () => unknown, headers: () => object): Request => ({
    method: "POST",
    path,
    setupRequest: (request) => ({
      ...request,
      headers: { "content-type": "application/json", ...headers() },
      body: JSON.stringify(body()),
    }),
  });
  const asOwner = (path: string, body: unknown): Request =>
    post(
      path,
      () => body,
      () => as(nextTenant()),
    );
  const signIn = post(
    "/v1/auth/sign-in",
    () => {
      const { email, password, knownDevice } = nextTenant();
      return { email, password, knownDevice };
    },
    () => ({}),
  );
  return [
    {
      name: "check",
      share: 40,
      request: asOwner("/v1/access/check", { permission: "usage:read" }),
    },
    { name: "increment", share: 25, request: asOwner("/v1/usage/api_calls/increments", {}) },
    { name: "encrypt", share: 15, request: asOwner("/v1/encryption/encrypt", { data: sample }) },
    { name: "detect", share: 15, request: asOwner("/v1/threats/detect", { data: sample }) },
    { name: "refresh", share: 3, request: refreshing(tenants) },
    { name: "sign-in", share: 2, request: signIn },
  ];
}

/** Each connection goes on in a session of its own: every answer's token is the next request's. */
function refreshing(tenants: readonly Tenant[]): Request {
  const unused = tenants.flatMap(({ refreshTokens }) => refreshTokens);
  return {
    method: "POST",
    path: "/v1/auth/refresh",
    headers: { "content-type": "application/json" },
    setupRequest: (request, context: RefreshContext) => {
      context.refreshToken ??= unused.pop() ?? "none";
      return { ...request, body: JSON.stringify({ refreshToken: context.refreshToken }) };
    },
    onResponse: (status, body, context: RefreshContext) => {
      if (status === 200) context.refreshToken = JSON.parse(body).refreshToken;
      // Kept for the next round: a session outlives the connection.
      if (context.refreshToken) unused.unshift(context.refreshToken);
      delete context.refreshToken;
    },
  };
}
