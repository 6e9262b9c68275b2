import type { ManufacturerKeys } from "./manufacturer-keys.ts";
import type { OpeningPolicy } from "./opening-trail.ts";

/** What a manufacturer decides about its keys. Kept with them, so that whoever uses the keys has read it. */
export interface EncryptionSettings {
  /** Age in days at which a series gets a new version; null: only when somebody asks for one. */
  readonly rotateEveryDays: number | null;
  readonly openings: OpeningPolicy;
}

/** NIST SP 800-57 part 1, 5.3.6: a year at most for a key that many records are sealed with. */
export const rotateEveryDaysMin = 7;
export const rotateEveryDaysMax = 365;

/** The settings of a manufacturer, with the defaults of what it has never set. */
export const settingsOf = ({
  openings = "counted",
  rotateEveryDays = 90,
}: ManufacturerKeys): EncryptionSettings => ({ rotateEveryDays, openings });
