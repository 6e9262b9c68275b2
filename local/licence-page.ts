/** A package as `package-lock.json` has it. */
interface LockedPackage {
  version: string;
  license?: string;
  dev?: boolean;
}

export interface Dependency {
  name: string;
  version: string;
  license: string;
  isShipped: boolean;
}

/** Ask for no more than a notice: fit for what goes into the bundles. */
const permissive: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Zlib",
]);

/** Bind whoever changes and hands on the package itself, which tools are not. */
const forTools: ReadonlySet<string> = new Set([...permissive, "MPL-2.0", "MPL 2.0"]);

/** Every package of the lock file, in the order of names. */
export function dependenciesOf(lock: {
  packages: Readonly<Record<string, LockedPackage>>;
}): Dependency[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license = "none", dev = false }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      license,
      isShipped: !dev,
    }))
    .sort((one, other) => compare(`${one.name} ${one.version}`, `${other.name} ${other.version}`));
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/**
 * Whether we may use the package as we do: of licenses that are offered to choose from, one will do; of
 * those that hold together, each must.
 */
export const isCompatible = ({ license, isShipped }: Dependency): boolean =>
  license
    .replace(/^\((.*)\)$/, "$1")
    .split(" OR ")
    .some((choice) =>
      choice.split(" AND ").every((name) => (isShipped ? permissive : forTools).has(name)),
    );

/** `docs/licences.md`: what we use of others, and under which conditions. */
export function toLicencePage(lock: Parameters<typeof dependenciesOf>[0]): string {
  const dependencies = dependenciesOf(lock);
  const [shipped, tools] = [true, false].map((flag) =>
    dependencies.filter(({ isShipped }) => isShipped === flag),
  ) as [Dependency[], Dependency[]];
  return `# Licences of dependencies

Generated from \`package-lock.json\` by \`npm run openapi\`; do not edit. A test holds each to a list: what is shipped must ask for no more than a notice, tools may be under MPL-2.0 too. Where a package offers several licences we take one of the list.

Bundles carry no licence texts. Whoever hands them to others, rather than running them, adds those of the packages that are shipped.

## Shipped

${table(shipped)}

## Tools

For building, testing and deploying; binaries for other platforms are listed, not installed.

${table(tools)}
`;
}

const table = (dependencies: readonly Dependency[]): string =>
  [
    "| package | version | licence |",
    "| --- | --- | --- |",
    ...dependencies.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`),
  ].join("\n");
