/** Builders of every primary key, so that a key's spelling stands in one place. */
export interface ItemKey {
  pk: string;
  sk: string;
}

/** Table `identity`. */
export const identityKeys = {
  /** `emailHash` is a keyed hash: the table alone does not tell who has an account. */
  login: (emailHash: string): ItemKey => ({ pk: `LOGIN#${emailHash}`, sk: "LOGIN" }),
  /** Counts the attempts at an address without an account. */
  unknownLogin: (emailHash: string): ItemKey => ({ pk: `LOGIN#${emailHash}`, sk: "ATTEMPTS" }),
  /** Counts the e-mails of a kind to an address within an hour, by who causes them where that is said. */
  mailBudget: (emailHash: string, kind: string, hour: string, cause?: string): ItemKey => ({
    pk: `LOGIN#${emailHash}`,
    sk: `MAIL#${kind}#${hour}${cause === undefined ? "" : `#${cause}`}`,
  }),
  /** Counts all e-mails of an hour to a manufacturer's members. */
  mailsOf: (manufacturerId: string, hour: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `MAILS#${hour}`,
  }),
  /** Counts all e-mails of an hour. */
  mails: (hour: string): ItemKey => ({ pk: "MAILS", sk: hour }),
  /** Counts what a source spends within a window. */
  sourceBudget: (source: string, name: string, windowEnd: string): ItemKey => ({
    pk: `SOURCE#${source}`,
    sk: `${name}#${windowEnd}`,
  }),
  profile: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "PROFILE" }),
  /** The access item. */
  member: (manufacturerId: string, memberId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `MEMBER#${memberId}`,
  }),
  /** Says that an address has an open invitation of a manufacturer, so that it has one. */
  invitedAddress: (manufacturerId: string, emailHash: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `INVITED#${emailHash}`,
  }),
  /** Counts the invitations of a manufacturer within an hour. */
  invitations: (manufacturerId: string, hour: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `INVITATIONS#${hour}`,
  }),
  memberPrefix: "MEMBER#",
  /** Finds a member's manufacturer by the member's id alone, for operators. */
  memberOf: (memberId: string): ItemKey => ({ pk: `MEM#${memberId}`, sk: "MEMBER" }),
  sessionPrefix: "SESSION#",
  session: (memberId: string, sessionId: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `SESSION#${sessionId}`,
  }),
  factorPrefix: "FACTOR#",
  factor: (memberId: string, factorId: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `FACTOR#${factorId}`,
  }),
  /** Counts the authenticator apps that a member has set up within an hour. */
  factorSetUps: (memberId: string, hour: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `SETUPS#${hour}`,
  }),
  /** A backup code is found by its digest, so that verifying one is a condition and not a search. */
  backupCode: (memberId: string, generation: number, codeHash: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `BACKUP#${generation}#${codeHash}`,
  }),
  backupCodePrefix: "BACKUP#",
  devicePrefix: "DEVICE#",
  device: (memberId: string, deviceId: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `DEVICE#${deviceId}`,
  }),
  /** A single-use token or nonce that has been used. */
  challenge: (memberId: string, tokenId: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `CHALLENGE#${tokenId}`,
  }),
  /** An operator's request to take all second factors away, until another one agrees. */
  unlockRequest: (memberId: string): ItemKey => ({ pk: `MEM#${memberId}`, sk: "UNLOCK" }),
  /** One partition for the tombstones of erased manufacturers: whoever erases finds them with a query. */
  allErased: "ERASED",
  erased: (manufacturerId: string): ItemKey => ({ pk: "ERASED", sk: `MFR#${manufacturerId}` }),
  mfaPolicy: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "POLICY" }),
  ticket: (tokenHash: string): ItemKey => ({ pk: `TICKET#${tokenHash}`, sk: "TICKET" }),
};

/** Table `keys`. */
export const platformKeys = {
  partition: "PLATFORM",
  signing: (keyId: string): ItemKey => ({ pk: "PLATFORM", sk: `SIGNING#${keyId}` }),
  signingVersion: (): ItemKey => ({ pk: "PLATFORM", sk: "SIGNING" }),
  secretPrefix: "SECRET#",
  secret: (purpose: string, version: number): ItemKey => ({
    pk: "PLATFORM",
    sk: `SECRET#${purpose}#${version}`,
  }),
};

export const manufacturerKeys = {
  partition: (manufacturerId: string): string => `MFR#${manufacturerId}`,
  /** Which versions are newest, the salt, the region, the epoch that every cache follows. */
  active: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "ACTIVE" }),
  versionPrefix: "KEY#",
  version: (manufacturerId: string, keyId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `KEY#${keyId}`,
  }),
  /** Counts the rotations of a day. */
  rotations: (manufacturerId: string, day: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `ROTATIONS#${day}`,
  }),
  /** Counts those of a day that a session made when the manufacturer's were used up. */
  rotationsInSession: (manufacturerId: string, day: string, sessionId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `ROTATIONS#${day}#${sessionId}`,
  }),
  /** One partition for all jobs: the scheduled worker finds them with a query, not a scan. */
  jobs: "JOBS",
  job: (manufacturerId: string, keyId: string): ItemKey => ({
    pk: "JOBS",
    sk: `MFR#${manufacturerId}#${keyId}`,
  }),
  /** One partition for all erasures that are not over, for the same reason. */
  erasures: "ERASURES",
  erasure: (manufacturerId: string): ItemKey => ({ pk: "ERASURES", sk: `MFR#${manufacturerId}` }),
};

/**
 * Attributes of table `identity` that are sealed, in the partitions of a manufacturer and of its
 * members. Whoever seals another one adds it here, so that the re-encrypt job finds it.
 */
export const sealedAttributes = {
  profile: { sortKey: "PROFILE", attribute: "sensitive" },
  factor: { sortKey: "FACTOR#", attribute: "secret" },
} as const;

/** Table `usage`; a period is a month such as `2026-11`. */
export const usageKeys = {
  plan: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "PLAN" }),
  counter: (manufacturerId: string, resource: string, period: string): ItemKey => ({
    pk: `MFR#${manufacturerId}#${resource}`,
    sk: period,
  }),
  ledgerEntry: (
    manufacturerId: string,
    resource: string,
    period: string,
    idempotencyKey: string,
  ): ItemKey => ({
    pk: `MFR#${manufacturerId}#${resource}#${period}`,
    sk: `LEDGER#${idempotencyKey}`,
  }),
  /** Says that a charge without a key has been given back, so that none is given back twice. */
  refund: (manufacturerId: string, resource: string, period: string, id: string): ItemKey => ({
    pk: `MFR#${manufacturerId}#${resource}#${period}`,
    sk: `REFUND#${id}`,
  }),
  /** One partition for all refunds that are owed: there are few, and a query finds them. */
  owedRefunds: "OWED",
  owedRefund: (manufacturerId: string, resource: string, id: string): ItemKey => ({
    pk: "OWED",
    sk: `MFR#${manufacturerId}#${resource}#${id}`,
  }),
  /** Says that an alert has been raised, so that none is raised twice. */
  alert: (
    manufacturerId: string,
    resource: string,
    period: string,
    alert: string,
    limit: number,
  ): ItemKey => ({
    pk: `MFR#${manufacturerId}#${resource}`,
    sk: `ALERT#${period}#${alert}#${limit}`,
  }),
  /** The snapshot that closing a period leaves. */
  close: (manufacturerId: string, period: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `CLOSE#${period}`,
  }),
  /** What changed in a period after its close. */
  adjustment: (manufacturerId: string, period: string, id: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `ADJUSTMENT#${period}#${id}`,
  }),
  /** Lists who used anything in a period, spread over shards so that no partition is hot. */
  active: (period: string, shard: number, manufacturerId: string): ItemKey => ({
    pk: `PERIOD#${period}#${shard}`,
    sk: `MFR#${manufacturerId}`,
  }),
  /** How far closing a shard of a period has come. */
  closeProgress: (period: string, shard: number): ItemKey => ({
    pk: `PERIOD#${period}`,
    sk: `SHARD#${shard}`,
  }),
};

/** What a counter's key says; undefined for the key of any other item. */
export function parseCounterKey({
  pk,
  sk,
}: ItemKey): { manufacturerId: string; resource: string; period: string } | undefined {
  const [kind, manufacturerId, resource, ...rest] = pk.split("#");
  if (kind !== "MFR" || !manufacturerId || !resource || rest.length > 0) return undefined;
  return /^\d{4}-\d{2}$/.test(sk) ? { manufacturerId, resource, period: sk } : undefined;
}

/** Table `audit`: one partition per manufacturer and day. */
export const auditKeys = {
  day: (manufacturerId: string, day: string): string => `MFR#${manufacturerId}#${day}`,
  record: (manufacturerId: string, time: string, recordId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}#${time.slice(0, 10)}`,
    sk: `${time}#${recordId}`,
  }),
};

/** Table `metrics`. Times are RFC 3339 cut to the period, so that keys sort by time. */
export const metricsKeys = {
  rollupPartition: (operation: string): string => `PERF#${operation}`,
  /** A whole hour of one version. */
  hour: (operation: string, hour: string, version: string): ItemKey => ({
    pk: `PERF#${operation}`,
    sk: `H#${hour}#${version}`,
  }),
  /** Five minutes of one version, kept for some days. */
  slice: (operation: string, minute: string, version: string): ItemKey => ({
    pk: `PERF#${operation}`,
    sk: `S#${minute}#${version}`,
  }),
  /** Remembers a merged delivery of log lines, so that it counts once. */
  delivery: (hash: string): ItemKey => ({ pk: `DELIVERY#${hash}`, sk: "DELIVERY" }),
  /** Operations and settings share a partition: whoever lists the ones has read the others. */
  cataloguePartition: "CATALOGUE",
  operation: (operation: string): ItemKey => ({ pk: "CATALOGUE", sk: `OPERATION#${operation}` }),
  setting: (name: string): ItemKey => ({ pk: "CATALOGUE", sk: `SETTING#${name}` }),
  detectorPartition: "DETECTORS",
  detector: (operation: string): ItemKey => ({ pk: "DETECTORS", sk: operation }),
  alertPartition: "ALERTS",
  openAlert: (operation: string, kind: string): ItemKey => ({
    pk: "ALERTS",
    sk: `OPEN#${operation}#${kind}`,
  }),
  pastAlert: (operation: string, kind: string, time: string): ItemKey => ({
    pk: "ALERTS",
    sk: `PAST#${time}#${operation}#${kind}`,
  }),
};
