import type { AuditRecord } from "../audit/record.ts";
import { Problem } from "../problem.ts";
import type { ManufacturerItem, MemberErasureStore } from "./member-erasure-store.ts";
import type { KeyStore } from "./store.ts";

export interface MemberSuspensionDependencies {
  readonly store: Pick<KeyStore, "readManufacturerKeys">;
  readonly members: Pick<MemberErasureStore, "listItems" | "suspend" | "resume">;
}

/**
 * Suspends all members of a manufacturer that is to be erased, so that they neither sign in nor use
 * the tokens they have; gives them back what they were once the erasure is called off. Runs on either
 * event, as often and as late as it is delivered: the state of the keys decides which of the two it
 * does, member by member.
 */
export function suspendErasedMembers(
  { detail: record }: { readonly detail: AuditRecord },
  dependencies: MemberSuspensionDependencies,
): Promise<{ changed: number }> {
  return followKeys(dependencies, record.manufacturerId);
}

/**
 * Brings all members into the state that the keys ask for. Repeated until a pass finds nothing, since
 * a member may be invited while the first pass is under way.
 * @throws Problem `contention`
 */
export async function followKeys(
  { members, store }: MemberSuspensionDependencies,
  manufacturerId: string,
): Promise<{ changed: number }> {
  const keys = await store.readManufacturerKeys(manufacturerId);
  if (keys === undefined) throw new Problem("key-version-unknown");
  const change = keys.state === "active" ? members.resume : members.suspend;
  const isOpen = ({ status }: ManufacturerItem): boolean =>
    keys.state === "active" ? status === "suspended" : status === "active" || status === "invited";
  let changed = 0;
  for (let inPass = 1; inPass > 0; changed += inPass) {
    inPass = 0;
    for await (const { memberId, ...item } of itemsOf(members, manufacturerId)) {
      if (memberId !== undefined && isOpen(item)) {
        inPass += Number(await change(manufacturerId, memberId));
      }
    }
  }
  return { changed };
}

/** Every item of a manufacturer's partition, page by page. */
export async function* itemsOf(
  { listItems }: Pick<MemberErasureStore, "listItems">,
  manufacturerId: string,
): AsyncGenerator<ManufacturerItem> {
  let after: string | undefined;
  do {
    const page = await listItems(manufacturerId, after);
    yield* page.items;
    after = page.lastSortKey;
  } while (after !== undefined);
}
