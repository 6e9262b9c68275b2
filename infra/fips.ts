/**
 * Regions in which DynamoDB, KMS, EventBridge and SES, the services that functions call, all have FIPS
 * endpoints.
 *
 * Source: `endpoints.json` of botocore 1.43.11, variants tagged `fips`; the same in the AWS General
 * Reference, "Service endpoints".
 */
export const fipsRegions: readonly string[] = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "us-gov-east-1",
  "us-gov-west-1",
];

/**
 * Refuses FIPS where the SDK would call host names that do not exist, and where nobody said where.
 *
 * @throws Error naming the regions at fault
 */
export function refuseFipsElsewhere(regions: readonly string[]): void {
  const others = regions.filter((region) => !fipsRegions.includes(region));
  if (regions.length > 0 && others.length === 0) return;
  const fault = regions.length === 0 ? "needs context regions" : `is refused in ${others.join()}`;
  throw new Error(
    `context fips ${fault}: only in ${fipsRegions.join(", ")} have all services FIPS endpoints`,
  );
}
