import { readFileSync } from "node:fs";
import type { Environment } from "aws-cdk-lib";
import type { Node } from "constructs";
import { refuseFipsElsewhere } from "./fips.ts";

/** What differs between deployments. Everything else follows from the rows. */
export interface Settings {
  /** Names every resource and the `stage` dimension of every metric. */
  stage: string;
  /** Reported with every invocation, so that a regression is tied to a release. */
  version: string;
  /** One set of stacks each; a single one without account and region unless `regions` says more. */
  environments: readonly Environment[];
  /** Who is told of alarms; nobody is subscribed without it. */
  alarmEmail: string | undefined;
  frontEndUrl: string;
  emailSender: string;
  /** What Lambda lets all functions of the account run at once, in each region. */
  accountConcurrency: number;
  /** E-mails that the deployment sends within an hour at most: below what SES allows it. */
  mailsPerHour: number;
  /** Multiplies what one source may spend on public operations. */
  sourceBudgetFactor: number;
  /** Use only AWS's FIPS endpoints and approved algorithms; no function runs a validated module. */
  fips: boolean;
  /** Own host name of the API; its certificate is validated by a DNS record. */
  domainName: string | undefined;
  /** Web origins that may call the API from a browser; none unless said. */
  corsOrigins: readonly string[];
}

/** The prefix of everything that has a name. */
export const nameOf = (settings: Settings, ...parts: readonly string[]): string =>
  ["manufacturer-security", settings.stage, ...parts].join("-");

/**
 * Reads the settings from the context (`cdk.json`, or `-c name=value`) and refuses a value that
 * could not work, before anything is deployed.
 *
 * @throws Error naming the context value and what it must be.
 */
export function readSettings(node: Node): Settings {
  const read = (name: string, pattern: RegExp): string | undefined => {
    const value: unknown = node.tryGetContext(name);
    if (value === undefined || value === "") return undefined;
    if (!pattern.test(String(value))) throw new Error(`context ${name} must match ${pattern}`);
    return String(value);
  };
  const demand = (name: string, pattern: RegExp): string => {
    const value = read(name, pattern);
    if (value === undefined) throw new Error(`context ${name} is required`);
    return value;
  };
  const list = (name: string, pattern: RegExp): string[] => {
    const values = (read(name, /./) ?? "").split(",").filter((value) => value !== "");
    const bad = values.find((value) => !pattern.test(value));
    if (bad !== undefined) throw new Error(`context ${name}: ${bad} must match ${pattern}`);
    return values;
  };

  const account = read("account", /^\d{12}$/);
  const regions = list("regions", /^[a-z]{2}(-[a-z]+)+-\d$/);
  const settings: Settings = {
    stage: demand("stage", /^[a-z][a-z0-9]{0,11}$/),
    version: read("version", /^[\w.+-]{1,64}$/) ?? packageVersion(),
    environments: (regions.length === 0 ? [undefined] : regions).map((region) => ({
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
    })),
    alarmEmail: read("alarmEmail", emailPattern),
    frontEndUrl: demand("frontEndUrl", originPattern),
    emailSender: demand("emailSender", emailPattern),
    fips: demand("fips", /^(true|false)$/) === "true",
    accountConcurrency: Number(read("accountConcurrency", /^[1-9]\d{0,6}$/) ?? defaultConcurrency),
    mailsPerHour: Number(read("mailsPerHour", /^[1-9]\d{1,6}$/) ?? defaultMailsPerHour),
    sourceBudgetFactor: Number(read("sourceBudgetFactor", /^[1-9]\d{0,3}$/) ?? 1),
    domainName: read("domainName", /^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
    corsOrigins: list("corsOrigins", originPattern),
  };
  refuseExampleNames(settings);
  if (settings.fips) refuseFipsElsewhere(regions);
  return settings;
}

/** Lambda's default quota of concurrent executions; new accounts can have less. */
const defaultConcurrency = 1000;

/** SES in production begins with 50,000 e-mails a day. */
const defaultMailsPerHour = 2000;

const emailPattern = /^[^@\s,]+@[^@\s,]+\.[^@\s,]+$/;
/** Scheme and host alone; plain HTTP only to the developer's own machine. */
const originPattern = /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?)$/;

/** `.example` (RFC 2606) reaches nobody: fit for the development stage and for no other. */
function refuseExampleNames({ stage, frontEndUrl, emailSender }: Settings): void {
  const isExample = [frontEndUrl, emailSender].some((value) => /\.example(:\d+)?$/.test(value));
  if (isExample && stage !== "dev") {
    throw new Error(`stage ${stage} needs real values of context frontEndUrl and emailSender`);
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return (manifest as { version: string }).version;
}
