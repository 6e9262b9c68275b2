import type { AuditRecord } from "../audit/record.ts";

/** Deletes every item of a member's own partition and tells how many there were. */
export type DeleteMemberItems = (memberId: string) => Promise<number>;

/**
 * Deletes what a removed member leaves behind: sessions, factors, devices, codes. Runs on the event
 * of the removal, as often as it is delivered: what is gone stays gone.
 */
export async function eraseMemberData(
  { detail: record }: { detail: AuditRecord },
  { deleteMemberItems }: { deleteMemberItems: DeleteMemberItems },
): Promise<{ deleted: number }> {
  if (record.action !== "accounts.member.removed" || record.subjectId === undefined) {
    return { deleted: 0 };
  }
  return { deleted: await deleteMemberItems(record.subjectId) };
}
