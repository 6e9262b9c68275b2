import { toRfc3339 } from "../clock.ts";
import type { Member } from "./store.ts";

/** A member as the API shows one. */
export type MemberView = {
  memberId: string;
  name: string;
  email: string;
  roles: string[];
  status: "active" | "invited" | "suspended";
  createdAt: string;
  /** While the link was not followed: who stands for it, and until when it can be. */
  invitation?: { invitedBy: string; expiresAt: string };
};

export const toMemberView = (member: Member): MemberView => ({
  memberId: member.memberId,
  name: member.name,
  email: member.email,
  roles: [...member.roles],
  status: member.status as MemberView["status"],
  createdAt: toRfc3339(member.createdAtMs),
  ...(member.status === "invited" &&
    member.invitedBy !== undefined &&
    member.invitationExpiresAtMs !== undefined && {
      invitation: {
        invitedBy: member.invitedBy,
        expiresAt: toRfc3339(member.invitationExpiresAtMs),
      },
    }),
});
