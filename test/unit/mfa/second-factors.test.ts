import { describe, expect, it } from "vitest";
import { methodsOf, noSecondFactors, withDevices } from "../../../lib/mfa/second-factors.ts";

const factors = { ...noSecondFactors, totpFactorIds: ["fac_1"], backupCodesLeft: 1 };
const laptop = { deviceId: "dev_laptop", expiresAtMs: 1_000 };
const tablet = { deviceId: "dev_tablet", expiresAtMs: 2_000 };

describe("what a sign-in offers", () => {
  it("is no device once the last of them has expired", () => {
    const member = withDevices(factors, [tablet, laptop]);
    expect(methodsOf(member, 1_999)).toEqual(["totp", "backup-code", "device"]);
    expect(methodsOf(member, 2_000)).toEqual(["totp", "backup-code"]);
  });

  it("follows the devices that are left", () => {
    const member = withDevices(withDevices(factors, [laptop, tablet]), [laptop]);
    expect(methodsOf(member, 1_500)).toEqual(["totp", "backup-code"]);
    expect(methodsOf(withDevices(member, []), 0)).toEqual(["totp", "backup-code"]);
  });

  it("is a device of a summary from before expiries were kept in it", () => {
    expect(methodsOf({ ...factors, deviceIds: ["dev_old"] }, 9_999)).toContain("device");
  });
});
