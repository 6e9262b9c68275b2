import { AwsCallError, callAwsJson } from "./call-aws-json.ts";

export interface KeyArns {
  platform: string;
  manufacturer: string;
  tables: string;
}

/** The product's keys, found by their aliases or made at the first start, with rotation on. */
export async function provisionKeys(endpoint: string): Promise<KeyArns> {
  const call = <Output>(operation: string, input: unknown) =>
    callAwsJson<Output>({ endpoint, target: `TrentService.${operation}`, input });

  const provision = async (name: keyof KeyArns): Promise<string> => {
    const alias = `alias/manufacturer-security-local-${name}`;
    const arn = await describe(alias);
    if (arn) return arn;
    const created = await call<KeyOutput>("CreateKey", { Description: `${name} key` });
    const { Arn } = created.KeyMetadata;
    await call("EnableKeyRotation", { KeyId: Arn });
    await call("CreateAlias", { AliasName: alias, TargetKeyId: Arn });
    return Arn;
  };
  const describe = async (alias: string): Promise<string | undefined> => {
    try {
      return (await call<KeyOutput>("DescribeKey", { KeyId: alias })).KeyMetadata.Arn;
    } catch (error) {
      if (error instanceof AwsCallError && error.type === "NotFoundException") return undefined;
      throw error;
    }
  };

  return {
    platform: await provision("platform"),
    manufacturer: await provision("manufacturer"),
    tables: await provision("tables"),
  };
}

interface KeyOutput {
  KeyMetadata: { Arn: string };
}
