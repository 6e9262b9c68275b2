import type { core as schema } from "zod/mini";
import type { AssuranceLevel, Role } from "../access/policy.ts";
import type { Origin } from "../audit/origin.ts";
import type { Access, Route } from "./route.ts";

/** The member behind a verified access token, with roles from the access item. */
export interface Caller {
  memberId: string;
  /** The tenant: comes from the verified token and from nowhere else. */
  manufacturerId: string;
  sessionId: string;
  roles: readonly Role[];
  acr: AssuranceLevel;
  /** Authentication methods (RFC 8176). */
  amr: readonly string[];
  /** When each of them was last proven, epoch ms. */
  amrTimesMs: Readonly<Record<string, number>>;
  /** When the member last proved who they are, epoch ms. */
  authTimeMs: number;
  sessionStartedAtMs: number;
  /** Which of the member's passwords the session began with. */
  passwordVersion: number;
  /** The trusted device that made the session, if one did. */
  deviceId?: string | undefined;
  /**
   * The member has a second factor, or a policy or an operator's unlock demands one: at `aal1` nothing
   * goes but proving or binding one and ending sessions.
   */
  secondFactorDemanded: boolean;
  /** What the operation asks of its caller, which was checked. */
  access: Exclude<Access, "public">;
}

type Parsed<S> = S extends schema.$ZodType ? schema.output<S> : undefined;

/** What a rule sees: validated input and the caller, never the raw event. */
export interface OperationRequest<R extends Route> {
  body: Parsed<R["body"]>;
  /** The text of the body as it was sent, for a rule that keeps what a parsed value loses. */
  bodyText: () => string;
  params: Parsed<R["params"]>;
  query: Parsed<R["query"]>;
  headers: Parsed<R["headers"]>;
  caller: R["access"] extends "public" ? undefined : Caller;
  requestId: string;
  /** Where the request comes from: what audit entries and sessions take whole. */
  origin: Origin;
  /** Aborts shortly before the function's time-out. */
  signal: AbortSignal;
}

export type OperationBody<R extends Route> = R["success"]["schema"] extends schema.$ZodType
  ? schema.input<R["success"]["schema"]>
  : undefined;

/** A rule's answer when the body alone does not say it all. */
export class Reply<Body> {
  readonly body: Body;
  readonly headers: Record<string, string>;

  constructor(body: Body, headers: Record<string, string>) {
    this.body = body;
    this.headers = headers;
  }
}

/** A JSON body that a rule wrote itself, where it knows a cheaper way than `JSON.stringify`. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
