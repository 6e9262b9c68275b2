import { randomBytes } from "node:crypto";

const prefixes = {
  manufacturer: "mfr",
  member: "mem",
  factor: "fac",
  device: "dev",
  session: "ses",
  record: "rec",
  token: "tok",
  key: "key",
  ticket: "tic",
} as const;

/** A new opaque id of 128 random bits, such as `mfr_0vGXc3kQ9x1b7S2dTtJd6g`. */
export const newId = (kind: keyof typeof prefixes): string =>
  `${prefixes[kind]}_${randomBytes(16).toString("base64url")}`;

/** 36 random bits: a counter holds one, so two that follow each other are alike once in 10^10 charges. */
export const newChargeId = (): string => randomBytes(5).toString("base64url").slice(0, 6);

/** 256 random bits in base64url, for bearer secrets. */
export const newSecret = (): string => randomBytes(32).toString("base64url");
