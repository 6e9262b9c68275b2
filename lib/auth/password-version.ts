/** Counts a new password, or one that is voided: on the sign-in and on the member's item alike. */
export const passwordVersionUp = "passwordVersion = if_not_exists(passwordVersion, :zero) + :one";

/**
 * What comes with every new password, and with one that is voided, on the member's item: sessions that
 * began before have ended, and reset links that were made before are void.
 */
export const nextPasswordVersion = {
  assignments: `sessionsValidFromMs = :now, ${passwordVersionUp}`,
  values: (nowMs: number) => ({ ":now": nowMs, ":zero": 0, ":one": 1 }),
};

/** Holds while the password is the one that was seen; `:version` is needed where there was one before. */
export const isPasswordVersion = (seen: number): string =>
  seen === 0 ? "attribute_not_exists(passwordVersion)" : "passwordVersion = :version";
