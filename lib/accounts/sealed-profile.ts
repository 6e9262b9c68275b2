import { identityKeys, sealedAttributes } from "../aws/item-keys.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import type { FieldPlace } from "../encryption/seal-field.ts";
import { openField, sealField } from "../encryption/seal-field.ts";
import type { Profile, SensitiveProfile, StoredProfile } from "./profile.ts";

const placeOf = (manufacturerId: string): FieldPlace => ({
  manufacturerId,
  ...identityKeys.profile(manufacturerId),
  attribute: sealedAttributes.profile.attribute,
});

/**
 * The profile as it is stored: numbers and contact sealed as one attribute under the manufacturer's
 * own key, bound to the item.
 * @throws Problem as `sealField`
 */
export async function sealProfile(
  encryption: EncryptionDependencies,
  { contact, licenseNumber, taxId, ...open }: Profile,
): Promise<StoredProfile> {
  const text = JSON.stringify({ contact, licenseNumber, taxId } satisfies SensitiveProfile);
  const sensitive = await sealField(encryption, placeOf(open.manufacturerId), Buffer.from(text));
  return { ...open, sensitive };
}

/**
 * The profile as it was before it was sealed.
 * @throws Problem as `openField`
 */
export async function openProfile(
  encryption: Pick<EncryptionDependencies, "fips" | "keyRing">,
  { sensitive, ...open }: StoredProfile,
): Promise<Profile> {
  const bytes = await openField(encryption, placeOf(open.manufacturerId), sensitive);
  return { ...open, ...(JSON.parse(bytes.toString()) as SensitiveProfile) };
}
