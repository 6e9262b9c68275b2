import { setTimeout as delay } from "node:timers/promises";
import { region } from "./aws-account.ts";
import type { Background } from "./background.ts";
import { callAwsJson } from "./call-aws-json.ts";
import type { Checkpoints } from "./checkpoints.ts";

export interface StreamOptions {
  /** Where the database is now. */
  endpoint: () => string;
  tableName: string;
  /** The function that is fed; its checkpoints are its own. */
  operationId: string;
  checkpoints: Checkpoints;
  background: Background;
}

export interface StreamFollower {
  /** From here on without being asked. */
  start: () => void;
  /** Resolves once everything written so far is delivered. */
  drain: () => Promise<void>;
}

interface StreamRecord {
  dynamodb: { SequenceNumber: string };
}

interface Batch {
  Records: StreamRecord[];
  NextShardIterator?: string;
}

const batchSizeMax = 100;
const pollMs = 200;

/**
 * Feeds a function from a table's stream like Lambda's event source mapping: in order, in batches, a
 * failed batch again and again; where it left off survives a restart.
 */
export function followStream(options: StreamOptions): StreamFollower {
  const { signal } = options.background;
  const iterators = new Map<string, string>();
  let work = Promise.resolve();

  const drain = (): Promise<void> => {
    const next = work.then(() => deliverShards(options, iterators));
    work = next.catch(() => iterators.clear());
    return next;
  };
  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      // The database may be restarting; the next round finds it again.
      await drain().catch(() => undefined);
      await delay(pollMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  return { drain, start: () => void poll() };
}

async function deliverShards(options: StreamOptions, iterators: Map<string, string>) {
  if (iterators.size === 0) await openShards(options, iterators);
  for (const [position, iterator] of iterators) {
    const last = await deliverShard(options, position, iterator);
    if (last === undefined) iterators.delete(position);
    else iterators.set(position, last);
  }
}

/** An iterator for each shard that starts after what was delivered; keyed by its checkpoint's name. */
async function openShards(options: StreamOptions, iterators: Map<string, string>): Promise<void> {
  const StreamArn = await streamArn(options);
  const { StreamDescription } = await callStreams<{
    StreamDescription: { Shards: { ShardId: string }[] };
  }>(options, "DescribeStream", { StreamArn });
  for (const { ShardId } of StreamDescription.Shards) {
    const position = `${options.operationId} ${StreamArn} ${ShardId}`;
    const SequenceNumber = options.checkpoints.get(position);
    const { ShardIterator } = await callStreams<{ ShardIterator: string }>(
      options,
      "GetShardIterator",
      {
        StreamArn,
        ShardId,
        ...(SequenceNumber === undefined
          ? { ShardIteratorType: "TRIM_HORIZON" }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber }),
      },
    );
    iterators.set(position, ShardIterator);
  }
}

/** @returns the iterator to go on with; undefined for a shard that is closed and read */
async function deliverShard(
  options: StreamOptions,
  position: string,
  first: string,
): Promise<string | undefined> {
  const { background, operationId, checkpoints } = options;
  let iterator: string | undefined = first;
  while (iterator !== undefined) {
    const batch: Batch = await callStreams(options, "GetRecords", {
      ShardIterator: iterator,
      Limit: batchSizeMax,
    });
    const last = batch.Records.at(-1);
    if (!last) return batch.NextShardIterator;
    await background.invoke(operationId, { Records: batch.Records.map(toLambdaRecord(position)) });
    if (background.signal.aborted) return iterator;
    checkpoints.set(position, last.dynamodb.SequenceNumber);
    iterator = batch.NextShardIterator;
  }
  return iterator;
}

const toLambdaRecord = (position: string) => (record: StreamRecord) => ({
  ...record,
  awsRegion: region,
  eventSourceARN: position.split(" ")[1],
});

async function streamArn({ endpoint, tableName }: StreamOptions): Promise<string> {
  const { Table } = await callAwsJson<{ Table: { LatestStreamArn: string } }>({
    endpoint: endpoint(),
    target: "DynamoDB_20120810.DescribeTable",
    input: { TableName: tableName },
  });
  return Table.LatestStreamArn;
}

const callStreams = <Output>({ endpoint }: StreamOptions, operation: string, input: unknown) =>
  callAwsJson<Output>({
    endpoint: endpoint(),
    target: `DynamoDBStreams_20120810.${operation}`,
    input,
  });
