/** Which second factors a member has; kept true by the transactions that change them. */
export interface SecondFactors {
  totpFactorIds: readonly string[];
  deviceIds: readonly string[];
  /** Backup codes of other generations are dead. */
  backupCodeGeneration: number;
  backupCodesLeft: number;
  /** An operator took a disabled factor away: the next session can do nothing but bind a new one. */
  mustRebind: boolean;
}

export const noSecondFactors: SecondFactors = {
  totpFactorIds: [],
  deviceIds: [],
  backupCodeGeneration: 0,
  backupCodesLeft: 0,
  mustRebind: false,
};

/**
 * Whether signing in asks for a second factor. Authenticator apps alone decide: devices and backup
 * codes come to a member who has one, and go with the last.
 */
export const hasTotpFactor = (factors: SecondFactors | undefined): boolean =>
  (factors?.totpFactorIds.length ?? 0) > 0;

/** Ways to give a second factor, as a client offers them. */
export const secondFactorMethods = ["totp", "backup-code", "device"] as const;
export type SecondFactorMethod = (typeof secondFactorMethods)[number];

export function methodsOf(factors: SecondFactors): SecondFactorMethod[] {
  const has: Record<SecondFactorMethod, boolean> = {
    totp: factors.totpFactorIds.length > 0,
    "backup-code": factors.backupCodesLeft > 0,
    device: factors.deviceIds.length > 0,
  };
  return secondFactorMethods.filter((method) => has[method]);
}
