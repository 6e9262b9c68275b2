/** An `Idempotency-Key`: 1 to 255 visible ASCII characters. */
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/** For this long after the end of a period its ledger still answers for a repeated key. */
export const ledgerOverlapMs = 86_400_000;
