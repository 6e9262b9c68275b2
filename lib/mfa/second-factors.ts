/** Which second factors a member has; kept true by the transactions that change them. */
export interface SecondFactors {
  totpFactorIds: readonly string[];
  deviceIds: readonly string[];
  /** When the last of the devices stops being trusted, epoch ms; absent without devices. */
  devicesExpireAtMs?: number;
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

/** The summary with these devices and no others. */
export const withDevices = (
  { devicesExpireAtMs: _, ...factors }: SecondFactors,
  devices: readonly { deviceId: string; expiresAtMs: number }[],
): SecondFactors => ({
  ...factors,
  deviceIds: devices.map(({ deviceId }) => deviceId),
  ...(devices.length > 0 && {
    devicesExpireAtMs: Math.max(...devices.map(({ expiresAtMs }) => expiresAtMs)),
  }),
});

/** Ways to give a second factor, as a client offers them. */
export const secondFactorMethods = ["totp", "backup-code", "device"] as const;
export type SecondFactorMethod = (typeof secondFactorMethods)[number];

/** What a member can give at that moment: a device that has expired is not offered. */
export function methodsOf(factors: SecondFactors, nowMs: number): SecondFactorMethod[] {
  const { deviceIds, devicesExpireAtMs = Number.POSITIVE_INFINITY } = factors;
  const has: Record<SecondFactorMethod, boolean> = {
    totp: factors.totpFactorIds.length > 0,
    "backup-code": factors.backupCodesLeft > 0,
    device: deviceIds.length > 0 && devicesExpireAtMs > nowMs,
  };
  return secondFactorMethods.filter((method) => has[method]);
}
