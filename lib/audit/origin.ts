import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { platformManufacturerId } from "../access/rank.ts";

/** Who acts: a person of a manufacturer, of the platform, a machine, the platform itself, or nobody known. */
export const actorKinds = ["member", "operator", "service", "system", "anonymous"] as const;
export type ActorKind = (typeof actorKinds)[number];

/**
 * Where an action comes from. The wrap makes one per request and hands it to the rule; every audit
 * entry and every session takes it whole, so that no rule can forget a part of it.
 */
export interface Origin {
  requestId: string;
  /** Undefined until the caller is known: a request without a token becomes its member's by its success. */
  actorKind?: ActorKind | undefined;
  /** The address that the gateway saw, IPv4 or IPv6. No header can change it. */
  sourceAddress?: string | undefined;
  /** As the client sent it, at most 256 characters, unprintable ones replaced. */
  userAgent?: string | undefined;
}

const userAgentLengthMax = 256;

/** Control characters, invisible and direction marks, line separators, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The origin of a request over HTTP; `caller` is undefined where nobody is signed in. */
export function requestOrigin(
  { requestContext: { http } }: Pick<APIGatewayProxyEventV2, "requestContext">,
  requestId: string,
  caller: { manufacturerId: string } | undefined,
): Origin {
  return {
    requestId,
    actorKind: caller && personKind(caller.manufacturerId),
    sourceAddress: http.sourceIp || undefined,
    userAgent: printable(http.userAgent) || undefined,
  };
}

/** The origin of what the platform does by itself: schedules, streams, invocations by name. */
export const systemOrigin = (requestId: string): Origin => ({ requestId, actorKind: "system" });

/** The kind of an entry's actor, where the origin did not know the caller yet. */
export const actorKindOf = (entry: {
  manufacturerId: string;
  actorId?: string | undefined;
}): ActorKind => (entry.actorId === undefined ? "anonymous" : personKind(entry.manufacturerId));

const personKind = (manufacturerId: string): "operator" | "member" =>
  manufacturerId === platformManufacturerId ? "operator" : "member";

const printable = (userAgent: string | undefined): string =>
  (userAgent ?? "").slice(0, userAgentLengthMax).replace(unprintable, "\uFFFD");
