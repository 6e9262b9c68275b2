import { describeAuthorizationServer } from "./describe-authorization-server.ts";

/** The same where verifiers of other makes look (RFC 8414 section 5): gateways and frameworks read no other path. */
export const describeIssuer = describeAuthorizationServer;
