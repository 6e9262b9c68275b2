import type { Envelope } from "../encryption/envelope.ts";

/** What of a profile is stored in the clear. */
interface OpenProfile {
  manufacturerId: string;
  legalName: string;
  country: string;
  createdAtMs: number;
  /** How many owners, on the platform operators, can sign in; never below 1. */
  owners?: number;
}

/** What of a profile is sealed under the manufacturer's own key. */
export interface SensitiveProfile {
  licenseNumber?: string | undefined;
  taxId?: string | undefined;
  contact: { email: string; phone: string };
}

export type Profile = OpenProfile & SensitiveProfile;

/** A profile as the table holds it. */
export type StoredProfile = OpenProfile & { sensitive: Envelope };
