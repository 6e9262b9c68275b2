import { readdirSync, readFileSync, statSync } from "node:fs";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Properties = { [name: string]: Json };

interface Template {
  Resources: Record<
    string,
    {
      Type: string;
      Properties?: Properties;
      DeletionPolicy?: string;
      Metadata: { "aws:cdk:path": string };
    }
  >;
  Outputs?: Record<string, { Value: Json; Export?: { Name: string } }>;
}

export interface Resource {
  stack: string;
  /** Where the resource stands in its stack's tree of constructs, as one word. */
  id: string;
  /** `stack.id`, as references to it are spelled by `spell`. */
  name: string;
  type: string;
  properties: Properties;
  deletionPolicy: string | undefined;
}

/** The templates of all stacks, with references between them resolved to readable names. */
export class Assembly {
  readonly #directory: string;
  readonly #templates: ReadonlyMap<string, Template>;
  readonly resources: readonly Resource[];

  constructor(directory: string) {
    this.#directory = directory;
    const files = readdirSync(directory).filter((file) => file.endsWith(".template.json"));
    this.#templates = new Map(
      files.map((file) => [
        file.replace(".template.json", ""),
        JSON.parse(readFileSync(`${directory}/${file}`, "utf8")) as Template,
      ]),
    );
    this.resources = [...this.#templates].flatMap(([stack, { Resources }]) =>
      Object.values(Resources).map((resource) => ({
        stack,
        id: idOf(resource.Metadata["aws:cdk:path"]),
        name: `${stack}.${idOf(resource.Metadata["aws:cdk:path"])}`,
        type: resource.Type,
        properties: resource.Properties ?? {},
        deletionPolicy: resource.DeletionPolicy,
      })),
    );
  }

  get stacks(): readonly string[] {
    return [...this.#templates.keys()];
  }

  /** Size of the template as it is uploaded. */
  sizeBytesOf(stack: string): number {
    return statSync(`${this.#directory}/${stack}.template.json`).size;
  }

  outputsOf(stack: string): NonNullable<Template["Outputs"]> {
    return this.#templates.get(stack)?.Outputs ?? {};
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of this name. */
  named(name: string): Resource {
    const [resource, ...others] = this.resources.filter((candidate) => candidate.name === name);
    if (!resource || others.length > 0) throw new Error(`not one resource is named ${name}`);
    return resource;
  }

  /** A value of a stack's template as text: references become `stack.id` or `stack.id.Attribute`. */
  spell(stack: string, value: Json | undefined): string {
    if (typeof value !== "object" || value === null) return String(value);
    const [[intrinsic, argument] = []] = Object.entries(value);
    if (intrinsic === "Ref") return this.#spellReference(stack, argument as string);
    if (intrinsic === "Fn::GetAtt") {
      const [logicalId, attribute] = argument as [string, string];
      return `${this.#spellReference(stack, logicalId)}.${attribute}`;
    }
    if (intrinsic === "Fn::Join") {
      const [separator, parts] = argument as [string, Json[]];
      return parts.map((part) => this.spell(stack, part)).join(separator);
    }
    if (intrinsic === "Fn::ImportValue") return this.#spellExport(stack, argument as string);
    throw new Error(`cannot spell ${JSON.stringify(value)}`);
  }

  /** Export names are unique within a region, whose stacks share a prefix. */
  #spellExport(importer: string, exportName: string): string {
    const region = importer.slice(0, importer.lastIndexOf("-") + 1);
    for (const [stack, { Outputs = {} }] of this.#templates) {
      const output = Object.values(Outputs).find(({ Export }) => Export?.Name === exportName);
      if (output && stack.startsWith(region)) return this.spell(stack, output.Value);
    }
    throw new Error(`no stack exports ${exportName}`);
  }

  #spellReference(stack: string, logicalId: string): string {
    if (logicalId.startsWith("AWS::")) return `<${logicalId.slice(5)}>`;
    const resource = this.#templates.get(stack)?.Resources[logicalId];
    if (!resource) throw new Error(`${stack} has no ${logicalId}`);
    return `${stack}.${idOf(resource.Metadata["aws:cdk:path"])}`;
  }
}

/** `data/audit-table/Resource` -> `audittable`: unlike the logical id it keeps repeated words. */
const idOf = (constructPath: string): string =>
  constructPath
    .split("/")
    .slice(1)
    .filter((part) => part !== "Resource" && part !== "Default")
    .join("")
    .replace(/[^A-Za-z0-9]/g, "");
