import type { Envelope } from "../encryption/envelope.ts";

/** An authenticator app of a member. Times are epoch milliseconds. */
export interface TotpFactor {
  factorId: string;
  memberId: string;
  manufacturerId: string;
  kind: "totp";
  /**
   * `pending` until its first code is seen, `disabled` after 100 consecutive failures, `removed` for as
   * long as its member can say that it was somebody else who removed it.
   */
  status: "pending" | "active" | "disabled" | "removed";
  label: string;
  /** Sealed under the manufacturer's key and bound to this item. */
  secret: Envelope;
  /** The newest time step whose code was accepted; no older or equal one is again. */
  lastStep: number;
  /** Consecutive failures. */
  failures: number;
  notBeforeMs?: number;
  createdAtMs: number;
  confirmedAtMs?: number;
  /** The factor that this one takes the place of once it is confirmed. */
  replacesFactorId?: string | undefined;
}

/** SP 800-63B-4 section 3.2.2: at most 100 consecutive failures, then the authenticator is disabled. */
export const factorAttemptsMax = 100;

/** Whether a bound factor takes no code any more, whether or not its item says so yet. */
export const isExhausted = ({
  status,
  failures,
}: Pick<TotpFactor, "status" | "failures">): boolean =>
  status === "disabled" || (status === "active" && failures >= factorAttemptsMax);
