import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { usageKeys } from "../aws/item-keys.ts";
import type { Counter } from "./counter.ts";
import type { Charge } from "./counter-statements.ts";
import { dayBucket } from "./period.ts";
import { unlimited } from "./tiers.ts";

/** Units that an environment has taken from a counter in advance, to charge them from memory. */
export interface Lease {
  id: string;
  /** The charge that it was taken for, with the lease's units as its amount. */
  taken: Charge;
  /** Of the units, those not charged yet. */
  unspent: number;
  /** No charge is made from it at this moment or later, epoch ms. */
  untilMs: number;
}

/** What a counter has to allow for a lease. */
export interface LeaseTerms {
  /** Units that must remain: with less, the lease would be too large a part of what is left. */
  remainingMin: number;
  /** Leased units of all environments together, this lease included. */
  leasedMax: number;
}

/** A counter holds an attribute for each lease that is open: when it ends, epoch ms. */
const prefix = "lease_";
const attributeOf = ({ id }: Pick<Lease, "id">): string => `${prefix}${id}`;

/** Leases whose environments never came back are forgotten so long after their end. */
const forgottenAfterMs = 15 * 60_000;

const openLeases = (counter: Counter): [name: string, untilMs: number][] =>
  Object.entries(counter).filter(([name]) => name.startsWith(prefix));

export const countLeases = (counter: Counter): number => openLeases(counter).length;

/** Every statement about leases: plain updates of the counter, which may be repeated. */
export const leaseStore = (documents: DynamoDBDocumentClient, table: string) => ({
  /**
   * Takes a lease, and settles the one it follows: the counter is charged the units of the one less
   * those that the other has left. Answers the counter, or undefined where no lease was taken.
   *
   * @param seen the counter as the environment saw it lately
   * @throws what the client throws, where it is not known whether the lease was taken
   */
  async takeLease(
    lease: Lease,
    { remainingMin, leasedMax }: LeaseTerms,
    seen: Counter,
    previous?: Lease,
  ): Promise<Counter | undefined> {
    const { manufacturerId, resource, amount, nowMs, period } = lease.taken;
    const more = amount - (previous?.taken.amount ?? 0);
    const removed = openLeases(seen)
      .filter(([, untilMs]) => untilMs + forgottenAfterMs <= nowMs)
      .map(([name]) => name);
    if (previous) removed.push(attributeOf(previous));
    const removedNames = Object.fromEntries(removed.map((name, index) => [`#r${index}`, name]));
    const isOpen = previous ? ` AND attribute_exists(#r${removed.length - 1})` : "";
    const key = usageKeys.counter(manufacturerId, resource, period.name);
    const ifTaken = (item: object | undefined): Counter | undefined =>
      item && attributeOf(lease) in item ? (item as Counter) : undefined;
    try {
      const { Attributes } = await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: key,
          UpdateExpression: `SET used = used + :net, remaining = remaining - :net, leased = if_not_exists(leased, :zero) + :more, #lease = :until ADD #day :net${removed.length > 0 ? ` REMOVE ${Object.keys(removedNames).join(", ")}` : ""}`,
          ConditionExpression: `(remaining >= :remainingMin OR #limit = :unlimited) AND limitValidUntilMs > :now AND attribute_not_exists(#lease) AND (attribute_not_exists(leased) OR leased <= :leasedMax)${isOpen}`,
          ExpressionAttributeNames: {
            "#day": dayBucket(nowMs),
            "#limit": "limit",
            "#lease": attributeOf(lease),
            ...removedNames,
          },
          ExpressionAttributeValues: {
            ":net": amount - (previous?.unspent ?? 0),
            ":more": more,
            ":zero": 0,
            ":until": lease.untilMs,
            ":now": nowMs,
            ":unlimited": unlimited,
            ":remainingMin": remainingMin,
            ":leasedMax": leasedMax - more,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return Attributes as Counter;
    } catch (error) {
      // A repeat of the statement meets the lease that its first sending has taken.
      if (error instanceof ConditionalCheckFailedException)
        return ifTaken(error.Item && unmarshall(error.Item));
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, ConsistentRead: true, Key: key }),
      );
      const taken = ifTaken(Item);
      if (!taken) throw error;
      return taken;
    }
  },

  /** Gives back what a lease has left, on the day it was taken. Once, however often it is sent. */
  async returnLease(lease: Lease): Promise<void> {
    const { manufacturerId, resource, amount, nowMs, period } = lease.taken;
    try {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: usageKeys.counter(manufacturerId, resource, period.name),
          UpdateExpression:
            "SET used = used - :unspent, remaining = remaining + :unspent, leased = leased - :units REMOVE #lease ADD #day :minusUnspent",
          ConditionExpression: "attribute_exists(#lease)",
          ExpressionAttributeNames: { "#day": dayBucket(nowMs), "#lease": attributeOf(lease) },
          ExpressionAttributeValues: {
            ":unspent": lease.unspent,
            ":minusUnspent": -lease.unspent,
            ":units": amount,
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
});

export type LeaseStore = ReturnType<typeof leaseStore>;
