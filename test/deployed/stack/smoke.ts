/**
 * What `--smoke` runs, as parts of paths: everything that is about the deployment itself, and of each
 * domain's API tests one or two files that touch what its others stand on.
 */
export const smokeFiles: readonly string[] = [
  "test/deployed/",
  "test/api/access/list-permissions",
  "test/api/accounts/create-manufacturer",
  "test/api/accounts/create-member",
  "test/api/audit/list-audit-records",
  "test/api/auth/authorize-request",
  "test/api/auth/refresh",
  "test/api/business-data/",
  "test/api/devices/register-trusted-device",
  "test/api/encryption/encrypt-manufacturer-data",
  "test/api/encryption/rotate-encryption-key",
  "test/api/mfa/confirm-totp",
  "test/api/operator/change-tier",
  "test/api/platform/",
  "test/api/threats/",
  "test/api/usage/increment-usage",
];
