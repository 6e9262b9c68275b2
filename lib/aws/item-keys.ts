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
  /** Counts the e-mails sent to an address within an hour. */
  mailBudget: (emailHash: string, hour: string): ItemKey => ({
    pk: `LOGIN#${emailHash}`,
    sk: `MAIL#${hour}`,
  }),
  profile: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "PROFILE" }),
  /** The access item. */
  member: (manufacturerId: string, memberId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}`,
    sk: `MEMBER#${memberId}`,
  }),
  memberPrefix: "MEMBER#",
  /** Finds a member's manufacturer by the member's id alone, for operators. */
  memberOf: (memberId: string): ItemKey => ({ pk: `MEM#${memberId}`, sk: "MEMBER" }),
  sessionPrefix: "SESSION#",
  session: (memberId: string, sessionId: string): ItemKey => ({
    pk: `MEM#${memberId}`,
    sk: `SESSION#${sessionId}`,
  }),
  ticket: (tokenHash: string): ItemKey => ({ pk: `TICKET#${tokenHash}`, sk: "TICKET" }),
};

/** Table `keys`. */
export const platformKeys = {
  partition: "PLATFORM",
  signing: (keyId: string): ItemKey => ({ pk: "PLATFORM", sk: `SIGNING#${keyId}` }),
  signingVersion: (): ItemKey => ({ pk: "PLATFORM", sk: "SIGNING" }),
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

/** Table `usage`. */
export const usageKeys = {
  plan: (manufacturerId: string): ItemKey => ({ pk: `MFR#${manufacturerId}`, sk: "PLAN" }),
};

/** Table `audit`: one partition per manufacturer and day. */
export const auditKeys = {
  day: (manufacturerId: string, day: string): string => `MFR#${manufacturerId}#${day}`,
  record: (manufacturerId: string, time: string, recordId: string): ItemKey => ({
    pk: `MFR#${manufacturerId}#${time.slice(0, 10)}`,
    sk: `${time}#${recordId}`,
  }),
};
