import { readdirSync, readFileSync } from "node:fs";

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Properties = { [name: string]: Json };

interface Template {
  Resources: Record<string, { Type: string; Properties?: Properties; DeletionPolicy?: string }>;
  Outputs?: Record<string, { Value: Json; Export?: { Name: string } }>;
}

export interface Resource {
  stack: string;
  /** Logical id without CDK's hash. */
  id: string;
  /** `stack.id`, as references to it are spelled by `spell`. */
  name: string;
  type: string;
  properties: Properties;
  deletionPolicy: string | undefined;
}

/** The templates of all stacks, with references between them resolved to readable names. */
export class Assembly {
  readonly #templates: ReadonlyMap<string, Template>;
  readonly resources: readonly Resource[];

  constructor(directory: string) {
    const files = readdirSync(directory).filter((file) => file.endsWith(".template.json"));
    this.#templates = new Map(
      files.map((file) => [
        file.replace(".template.json", ""),
        JSON.parse(readFileSync(`${directory}/${file}`, "utf8")) as Template,
      ]),
    );
    this.resources = [...this.#templates].flatMap(([stack, { Resources }]) =>
      Object.entries(Resources).map(([logicalId, resource]) => ({
        stack,
        id: withoutHash(logicalId),
        name: `${stack}.${withoutHash(logicalId)}`,
        type: resource.Type,
        properties: resource.Properties ?? {},
        deletionPolicy: resource.DeletionPolicy,
      })),
    );
  }

  get stacks(): readonly string[] {
    return [...this.#templates.keys()];
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
    if (intrinsic === "Ref") return spellReference(stack, argument as string);
    if (intrinsic === "Fn::GetAtt") {
      const [logicalId, attribute] = argument as [string, string];
      return `${spellReference(stack, logicalId)}.${attribute}`;
    }
    if (intrinsic === "Fn::Join") {
      const [separator, parts] = argument as [string, Json[]];
      return parts.map((part) => this.spell(stack, part)).join(separator);
    }
    if (intrinsic === "Fn::ImportValue") return this.#spellExport(argument as string);
    throw new Error(`cannot spell ${JSON.stringify(value)}`);
  }

  #spellExport(exportName: string): string {
    for (const [stack, { Outputs = {} }] of this.#templates) {
      const output = Object.values(Outputs).find(({ Export }) => Export?.Name === exportName);
      if (output) return this.spell(stack, output.Value);
    }
    throw new Error(`no stack exports ${exportName}`);
  }
}

const spellReference = (stack: string, logicalId: string): string =>
  logicalId.startsWith("AWS::") ? `<${logicalId.slice(5)}>` : `${stack}.${withoutHash(logicalId)}`;

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, "");
