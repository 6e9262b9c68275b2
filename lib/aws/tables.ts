/** One table per class of data, so that backups, streams, keys and IAM can differ where they must. */
export interface Table {
  /** Days that point-in-time recovery reaches back; 0 is off. */
  recoveryDays: number;
  stream: "none" | "NEW_IMAGE" | "NEW_AND_OLD_IMAGES";
  /** The environment variable that carries the table's name. */
  variable: `${Uppercase<string>}_TABLE`;
}

/** All tables share the key schema pk (string), sk (string) and the TTL attribute `expiresAt` (epoch seconds). */
export const tables = {
  identity: { recoveryDays: 35, stream: "none", variable: "IDENTITY_TABLE" },
  // One day only: what erasure destroys must not come back from a backup.
  keys: { recoveryDays: 1, stream: "none", variable: "KEYS_TABLE" },
  usage: { recoveryDays: 35, stream: "NEW_AND_OLD_IMAGES", variable: "USAGE_TABLE" },
  audit: { recoveryDays: 35, stream: "NEW_IMAGE", variable: "AUDIT_TABLE" },
  metrics: { recoveryDays: 0, stream: "none", variable: "METRICS_TABLE" },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof tables;

export const partitionKey = "pk";
export const sortKey = "sk";
export const timeToLiveAttribute = "expiresAt";
