import type { RefundStore } from "./refund-store.ts";
import type { Resource } from "./tiers.ts";

/** A charge that is to be given back, because the platform failed at what it paid for. */
export interface Refund {
  manufacturerId: string;
  resource: Resource;
  amount: number;
  /** When it was charged, epoch ms: decides the month and the day it is given back to. */
  chargedAtMs: number;
  /** When it fell due, epoch ms. */
  refundedAtMs: number;
  /** The request that was charged. */
  requestId: string;
  /** Of a charge without a key: names this refund, so that it is made once. */
  id: string;
  idempotencyKey?: string | undefined;
}

/** What changed in a period after it was closed: an invoice of it is corrected by this much. */
export interface Adjustment {
  resource: Resource;
  /** Negative: units given back. */
  units: number;
  /** When the refund fell due, epoch ms. */
  atMs: number;
  /** The request that was charged. */
  requestId: string;
}

export interface Refunds {
  /** Never fails: what cannot be given back now is owed, and paid within a minute or so. */
  giveBack: (refund: Refund) => Promise<void>;
  /** Writes down what this environment owes and could not write before; to be called once the database answers. */
  writeDown: () => Promise<void>;
  /** The charge is used after all: what is owed for it is owed no longer. */
  forgive: (refund: Refund) => Promise<void>;
}

/** How many refunds an environment keeps in memory while it cannot write; the oldest go first. */
const unwrittenMax = 1_000;

/** How many of them it writes with one charge, at the same time. */
const writtenAtOnceMax = 10;

/**
 * Gives charges back, whatever is lost on the way. Each refund is made once however often it is tried,
 * so one of which nobody heard whether it was made is simply owed: `payRefunds` tries it again. Where
 * even that cannot be written, the environment keeps it until its next charge.
 */
export function refunder(store: RefundStore): Refunds {
  const unwritten: Refund[] = [];
  const owe = async (refund: Refund): Promise<void> => {
    try {
      await store.oweRefund(refund);
    } catch {
      unwritten.push(refund);
      if (unwritten.length > unwrittenMax) unwritten.shift();
    }
  };
  return {
    giveBack: async (refund) => {
      try {
        await store.payRefund(refund);
      } catch {
        await owe(refund);
      }
    },
    writeDown: async () => {
      await Promise.all(unwritten.splice(0, writtenAtOnceMax).map(owe));
    },
    forgive: store.forgiveRefund,
  };
}
