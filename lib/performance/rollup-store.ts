import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { metricsKeys } from "../aws/item-keys.ts";
import { partitionKey, sortKey } from "../aws/tables.ts";
import type { Statement } from "../aws/transact.ts";
import { transact } from "../aws/transact.ts";
import { toEpochSeconds, toRfc3339 } from "../clock.ts";
import type { CacheSetting } from "./cache-lifetimes.ts";
import { Histogram } from "./histogram.ts";
import type { OperationFacts, Rollup, Series } from "./rollup.ts";
import { counterNames, emptyRollup, hourMs, seriesLetters, sliceMs, startOf } from "./rollup.ts";

const dayMs = 24 * hourMs;
const hourLifetimeMs = 400 * dayMs;
const sliceLifetimeMs = 3 * dayMs;
/** Longer than any service or person delivers a parked event again. */
const deliveryLifetimeMs = 15 * dayMs;

/** An update adds at most this many buckets: within the service's 4 KB and 300 operators per expression. */
const bucketsMax = 200;

const periods = {
  hour: { lengthMs: hourMs, prefix: "H#", timeLength: 13, lifetimeMs: hourLifetimeMs },
  slice: { lengthMs: sliceMs, prefix: "S#", timeLength: 16, lifetimeMs: sliceLifetimeMs },
} as const;

export type Period = keyof typeof periods;

const keyTime = (timeMs: number, period: Period): string =>
  toRfc3339(timeMs).slice(0, periods[period].timeLength);

/** Every statement on rollups: they are only ever added to. */
export const rollupStore = (documents: DynamoDBDocumentClient, table: string) => {
  const noted = new Map<string, string>();

  return {
    /**
     * Adds a rollup of five minutes to its slice and its hour, unless this delivery was merged
     * before; tells whether it was new.
     *
     * @throws Problem `contention`
     */
    async merge(facts: OperationFacts, rollup: Rollup, deliveryHash: string): Promise<boolean> {
      let isNew = false;
      for (const [index, part] of partsOf(rollup).entries()) {
        const id = [deliveryHash, facts.operation, facts.version, rollup.startMs, index].join("#");
        const { committed } = await transact(documents, [
          delivery(table, id, rollup.startMs),
          addition(table, facts, rollup, part, "slice"),
          addition(table, facts, rollup, part, "hour"),
        ]);
        isNew ||= committed;
      }
      await this.note(facts);
      return isNew;
    },

    /** Lists an operation with what is known of it; written when something new is learned. */
    async note(facts: OperationFacts): Promise<void> {
      const text = JSON.stringify(facts);
      if (noted.get(facts.operation) === text) return;
      const Item = { ...metricsKeys.operation(facts.operation), ...facts };
      await documents.send(new PutCommand({ TableName: table, Item }));
      noted.set(facts.operation, text);
    },

    /** All operations seen so far, and the settings, in one read. */
    async readCatalogue(): Promise<{ operations: OperationFacts[]; settings: CacheSetting[] }> {
      const pages = paginateQuery(
        { client: documents },
        {
          TableName: table,
          KeyConditionExpression: `${partitionKey} = :partition`,
          ExpressionAttributeValues: { ":partition": metricsKeys.cataloguePartition },
        },
      );
      const items: Record<string, unknown>[] = [];
      for await (const { Items = [] } of pages) items.push(...Items);
      return {
        operations: items.filter((item) => "operation" in item) as unknown as OperationFacts[],
        settings: items.filter((item) => "cache" in item) as unknown as CacheSetting[],
      };
    },

    /** The rollups of the periods that start in [fromMs, toMs), oldest first, a version each. */
    async list(operation: string, period: Period, fromMs: number, toMs: number): Promise<Rollup[]> {
      const { prefix, lengthMs } = periods[period];
      const firstMs = Math.ceil(fromMs / lengthMs) * lengthMs;
      if (firstMs >= toMs) return [];
      const pages = paginateQuery(
        { client: documents },
        {
          TableName: table,
          KeyConditionExpression: `${partitionKey} = :partition AND ${sortKey} BETWEEN :from AND :to`,
          ExpressionAttributeValues: {
            ":partition": metricsKeys.rollupPartition(operation),
            ":from": prefix + keyTime(firstMs, period),
            // Sorts after every version of the last period that starts before `toMs`.
            ":to": `${prefix}${keyTime(startOf(toMs - 1, lengthMs), period)}#\uffff`,
          },
        },
      );
      const rollups: Rollup[] = [];
      for await (const { Items = [] } of pages) rollups.push(...Items.map(toRollup));
      return rollups;
    },
  };
};

export type RollupStore = ReturnType<typeof rollupStore>;

type Bucket = readonly [attribute: string, count: number];

interface Part {
  counters: readonly Bucket[];
  buckets: readonly Bucket[];
}

/** A rollup in pieces that fit an update each; the counters go with the first. */
function partsOf({ counters, series }: Rollup): Part[] {
  const buckets = (Object.entries(seriesLetters) as [Series, string][]).flatMap(([name, letter]) =>
    series[name].entries().map(([bucket, count]): Bucket => [`${letter}${bucket}`, count]),
  );
  const parts: Part[] = [];
  for (let start = 0; start === 0 || start < buckets.length; start += bucketsMax) {
    parts.push({
      counters: start === 0 ? counterNames.map((name) => [name, counters[name]]) : [],
      buckets: buckets.slice(start, start + bucketsMax),
    });
  }
  return parts;
}

const delivery = (table: string, id: string, startMs: number): Statement => ({
  Put: {
    TableName: table,
    Item: {
      ...metricsKeys.delivery(id),
      expiresAt: toEpochSeconds(startMs + deliveryLifetimeMs),
    },
    ConditionExpression: `attribute_not_exists(${partitionKey})`,
  },
});

/** One update that adds every count, so that no reader and no other writer can come between. */
function addition(
  table: string,
  { operation, version }: OperationFacts,
  { startMs }: Rollup,
  { counters, buckets }: Part,
  period: Period,
): Statement {
  const { lengthMs, lifetimeMs } = periods[period];
  const periodStartMs = startOf(startMs, lengthMs);
  const added = [...counters, ...buckets];
  return {
    Update: {
      TableName: table,
      Key: metricsKeys[period](operation, keyTime(periodStartMs, period), version),
      UpdateExpression: `SET #version = :version, startMs = :startMs, expiresAt = :expiresAt ADD ${added
        .map(([attribute], index) => `${attribute} :${index.toString(36)}`)
        .join(",")}`,
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: {
        ":version": version,
        ":startMs": periodStartMs,
        ":expiresAt": toEpochSeconds(periodStartMs + lifetimeMs),
        ...Object.fromEntries(added.map(([, count], index) => [`:${index.toString(36)}`, count])),
      },
    },
  };
}

const seriesByLetter = Object.fromEntries(
  Object.entries(seriesLetters).map(([name, letter]) => [letter, name]),
) as Record<string, Series>;

function toRollup(item: Record<string, unknown>): Rollup {
  const rollup = emptyRollup(String(item["version"]), Number(item["startMs"]));
  const counts: Record<Series, [number, number][]> = {
    latency: [],
    memory: [],
    eventLoopBusy: [],
    init: [],
  };
  for (const [attribute, value] of Object.entries(item)) {
    const [, letter = "", bucket = ""] = /^([a-z])(\d+)$/.exec(attribute) ?? [];
    const series = seriesByLetter[letter];
    if (series) counts[series].push([Number(bucket), Number(value)]);
  }
  for (const name of counterNames) rollup.counters[name] = Number(item[name] ?? 0);
  for (const [series, entries] of Object.entries(counts) as [Series, [number, number][]][]) {
    rollup.series[series] = Histogram.from(entries);
  }
  return rollup;
}
