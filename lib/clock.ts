/** The current time in epoch milliseconds. Injected everywhere, so that tests own it. */
export type Clock = () => number;

/** The wall clock. */
export const systemClock: Clock = () => Date.now();

/** Epoch milliseconds as RFC 3339 in UTC, the form of every time on the wire. */
export const toRfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();

/** Epoch milliseconds as the epoch seconds that DynamoDB's TTL reads, rounded up. */
export const toEpochSeconds = (epochMs: number): number => Math.ceil(epochMs / 1000);
