import { describe, expect, test } from "vitest";
import type { TrySpend } from "../../../lib/aws/try-spend.ts";
import type { Mail, MailPriority } from "../../../lib/notifications/claim-mail.ts";
import { claimMail } from "../../../lib/notifications/claim-mail.ts";

function scene({ mailsPerHour = 2000 } = {}) {
  const clock = { nowMs: 1_795_000_000_000 };
  const spent = new Map<string, number>();
  const trySpend: TrySpend = async ({ key, max }) => {
    const name = `${key.pk} ${key.sk}`;
    const total = (spent.get(name) ?? 0) + 1;
    if (total > max) return false;
    spent.set(name, total);
    return true;
  };
  const refused: MailPriority[] = [];
  const claim = claimMail({
    trySpend,
    mailsPerHour,
    reportRefusal: (_, { priority }) => refused.push(priority),
    now: () => clock.nowMs,
  });
  return { clock, claim, refused };
}

let others = 0;
/** Each at an address and of a manufacturer of its own, unless said. */
const mail = (priority: MailPriority, of: Partial<Mail> = {}): Mail => ({
  priority,
  emailHash: `address-${++others}`,
  manufacturerId: `mfr_${others}`,
  ...of,
});

/** How many of so many mails may be sent. */
async function count(claim: (mail: Mail) => Promise<boolean>, mails: () => Mail, asked: number) {
  let sent = 0;
  for (let index = 0; index < asked; index++) {
    if (await claim(mails()).catch(() => false)) sent += 1;
  }
  return sent;
}

describe("of 2,000 e-mails an hour", () => {
  test("sign-ups stop at 1,000, invitations at 1,400, notices at 1,600, resets at 1,800, warnings at 2,000", async () => {
    const { claim } = scene();
    const sent = [];
    for (const priority of ["sign-up", "invitation", "notice", "reset", "warning"] as const) {
      sent.push(await count(claim, () => mail(priority), 2500));
    }
    expect(sent).toEqual([1000, 400, 200, 200, 200]);
  });

  test("members of one manufacturer are sent 500, of which 350 may be invitations; others have theirs", async () => {
    const { claim } = scene();
    const manufacturerId = "mfr_busy";
    expect(await count(claim, () => mail("invitation", { manufacturerId }), 600)).toBe(350);
    expect(await count(claim, () => mail("notice", { manufacturerId }), 600)).toBe(50);
    expect(await count(claim, () => mail("reset", { manufacturerId }), 600)).toBe(50);
    expect(await count(claim, () => mail("warning", { manufacturerId }), 600)).toBe(50);
    expect(await claim(mail("invitation"))).toBe(true);
  });

  test("sign-ups at a member's address spend none of the member's manufacturer", async () => {
    const { claim } = scene();
    const manufacturerId = "mfr_known";
    await count(claim, () => mail("sign-up", { manufacturerId }), 900);
    expect(await count(claim, () => mail("notice", { manufacturerId }), 500)).toBe(400);
  });
});

test.each([
  ["sign-up", 30],
  ["invitation", 50],
  ["notice", 30],
  ["reset", 30],
  ["warning", 60],
] as const)(
  "one address is sent %s mails %i times an hour, and again in the next",
  async (priority, max) => {
    const { claim, clock } = scene();
    const emailHash = "one";
    expect(await count(claim, () => mail(priority, { emailHash }), 100)).toBe(max);
    expect(await claim(mail(priority))).toBe(true);
    clock.nowMs += 3_600_000;
    expect(await claim(mail(priority, { emailHash }))).toBe(true);
  },
);

test("a refusal is counted by priority, and a warning beyond the whole hour is an error that repeats the event", async () => {
  const { claim, refused } = scene({ mailsPerHour: 10 });
  await count(claim, () => mail("sign-up"), 7);
  await count(claim, () => mail("warning"), 5);
  expect(refused).toEqual(["sign-up", "sign-up"]);
  await expect(claim(mail("warning"))).rejects.toThrow("the e-mails of this hour are spent");
  expect(refused).toHaveLength(2);
});
