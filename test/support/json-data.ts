import { dataContent } from "../../lib/encryption/content.ts";
import { decryptManufacturerData } from "../../lib/encryption/decrypt-manufacturer-data.ts";
import { encryptManufacturerData } from "../../lib/encryption/encrypt-manufacturer-data.ts";

type Dependencies = Parameters<typeof encryptManufacturerData>[0];
type Sealing = Omit<Parameters<typeof encryptManufacturerData>[1], "content">;
type Opening = Parameters<typeof decryptManufacturerData>[1];

/** `encryptManufacturerData` of a JSON value. */
export const sealData = (
  dependencies: Dependencies,
  { data, ...sealing }: Sealing & { readonly data: unknown },
) =>
  encryptManufacturerData(dependencies, { ...sealing, content: dataContent(JSON.stringify(data)) });

/** `decryptManufacturerData` of a JSON value. */
export async function openData(dependencies: Dependencies, opening: Opening): Promise<unknown> {
  const { content } = await decryptManufacturerData(dependencies, opening);
  return JSON.parse(Buffer.from(content.bytes).toString());
}
