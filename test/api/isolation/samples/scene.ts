import type { Role } from "../../../../lib/access/policy.ts";
import type { SignedInMember } from "../../../support/manufacturer.ts";
import type { StackUnderTest } from "../../../support/stack.ts";

/** A manufacturer and who is in it. */
export interface Tenant {
  manufacturerId: string;
  /** May do everything that is done inside this manufacturer. */
  head: SignedInMember;
  /** Of the least role; samples act upon them. */
  colleague: SignedInMember;
  /** The role that the colleague has, and that samples may give. */
  leastRole: Role;
}

export interface Scene {
  stack: StackUnderTest;
  /** Who sends the request. */
  caller: SignedInMember;
  role: Role;
  /** Whose things the request names: the caller's own manufacturer or a foreign one. */
  target: Tenant;
}

export interface SampleRequest {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of the caller's, where the request uses up what it stands on. */
  token?: string;
}

/** A request that succeeds for whoever may send it; each call prepares its own. */
export interface Sample {
  request: (scene: Scene) => SampleRequest | Promise<SampleRequest>;
  /**
   * Whether the request names something that belongs to a manufacturer. If so, a foreign one is asked
   * for too, and has to be not found. To be said where the path has a parameter.
   */
  namesResource?: boolean;
}

/** By operation id; every route of a domain has one. */
export type Samples = Readonly<Record<string, Sample>>;
