import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { OperationRequest } from "../http/request.ts";
import type { listMembersRoute } from "./member-api.ts";
import type { MemberStore } from "./member-store.ts";
import type { MemberView } from "./member-view.ts";
import { toMemberView } from "./member-view.ts";

export async function listMembers(
  { query, caller }: OperationRequest<typeof listMembersRoute>,
  { members }: { members: MemberStore },
): Promise<{ items: MemberView[]; nextCursor?: string }> {
  const after = query.cursor && decodeCursor(query.cursor, ["memberId"]).memberId;
  const page = await members.listMembers(caller.manufacturerId, after);
  return {
    items: page.members.map(toMemberView),
    ...(page.lastMemberId && { nextCursor: encodeCursor({ memberId: page.lastMemberId }) }),
  };
}
