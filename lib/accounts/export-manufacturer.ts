import type { RecordAs } from "../access/actor-condition.ts";
import type { Clock } from "../clock.ts";
import { toRfc3339 } from "../clock.ts";
import type { EncryptionDependencies } from "../encryption/encrypt-manufacturer-data.ts";
import type { OperationBody, OperationRequest } from "../http/request.ts";
import { Problem } from "../problem.ts";
import type { exportManufacturerRoute } from "./api.ts";
import type { MemberStore } from "./member-store.ts";
import type { MemberView } from "./member-view.ts";
import { toMemberView } from "./member-view.ts";
import { openProfile } from "./sealed-profile.ts";
import type { AccountStore } from "./store.ts";

export interface ExportManufacturerDependencies {
  accounts: AccountStore;
  encryption: EncryptionDependencies;
  members: MemberStore;
  recordAs: RecordAs;
  now: Clock;
}

/**
 * Everything held about the caller's manufacturer, in one document; hashes and keys are no data of
 * theirs. The export is on record before any of it leaves.
 *
 * @throws Problem `not-found`, `contention`
 */
export async function exportManufacturer(
  { caller, origin }: OperationRequest<typeof exportManufacturerRoute>,
  { accounts, encryption, members, recordAs, now }: ExportManufacturerDependencies,
): Promise<OperationBody<typeof exportManufacturerRoute>> {
  const { manufacturerId } = caller;
  const [profile, plan] = await Promise.all([
    accounts.readProfile(manufacturerId),
    accounts.readPlan(manufacturerId),
  ]);
  if (!profile) throw new Problem("not-found");
  const exportedAtMs = now();
  const document = {
    exportedAt: toRfc3339(exportedAtMs),
    profile: withoutKeys(await openProfile(encryption, profile)),
    members: await allMembers(manufacturerId, members),
    ...(plan && { plan: withoutKeys(plan) as { tier: string } }),
  };
  await recordAs(caller, {
    manufacturerId,
    actorId: caller.memberId,
    subjectId: manufacturerId,
    action: "accounts.manufacturer.exported",
    outcome: "success",
    origin,
    timeMs: exportedAtMs,
    details: { members: document.members.length },
  });
  return document;
}

async function allMembers(manufacturerId: string, members: MemberStore): Promise<MemberView[]> {
  const all: MemberView[] = [];
  for (let after: string | undefined, first = true; first || after; first = false) {
    const page = await members.listMembers(manufacturerId, after);
    all.push(...page.members.map(toMemberView));
    after = page.lastMemberId;
  }
  return all;
}

function withoutKeys<Item extends object>(item: Item): Omit<Item, "pk" | "sk"> {
  const { pk: _, sk: __, ...rest } = item as Item & { pk?: string; sk?: string };
  return rest;
}
