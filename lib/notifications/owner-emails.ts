import type { MemberStore } from "../accounts/member-store.ts";

/** Reads the addresses of a manufacturer's owners, who may be on any page of its members. */
export const ownerEmails =
  (members: Pick<MemberStore, "listMembers">) =>
  async (manufacturerId: string): Promise<string[]> => {
    const emails: string[] = [];
    let after: string | undefined;
    do {
      const page = await members.listMembers(manufacturerId, after);
      for (const { roles, email, status } of page.members) {
        // An erasure suspends its members, and is theirs to know; an invited one has agreed to nothing.
        if (roles.includes("owner") && status !== "invited") emails.push(email);
      }
      after = page.lastMemberId;
    } while (after !== undefined);
    return emails;
  };
