import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderSVG } from "uqr";
import { expect, test } from "vitest";
import { newTotpSecret, otpauthUri } from "../../../lib/mfa/totp.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const hasZbar = spawnSync("zbarimg", ["--version"]).status === 0;

test("a camera reads the otpauth URI back from the QR code, whatever the account is called", ({
  skip,
}) => {
  skip(!hasZbar, "zbarimg is not installed (Debian package zbar-tools)");
  for (const account of ["maria@rohrwerk.example", "jörg&söhne+ö@x.example", "a".repeat(120)]) {
    const uri = otpauthUri(newTotpSecret(), { issuer: "Manufacturer Security", account });
    const path = join(temporaryDirectory(), "code.pbm");
    writeFileSync(path, rasterize(renderSVG(uri, { ecc: "M", border: 4 })));
    const { stdout } = spawnSync("zbarimg", ["--quiet", "--raw", path]);
    expect(stdout.toString().trim()).toBe(uri);
  }
});

/** The SVG's squares as a bitmap, four pixels to a module. */
function rasterize(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) / 10;
  const dark = new Set(
    [...svg.matchAll(/M(\d+),(\d+)h10v10h-10z/g)].map(
      ([, x, y]) => `${Number(x) / 10},${Number(y) / 10}`,
    ),
  );
  const scale = 4;
  const rows = Array.from({ length: size * scale }, (_row, y) =>
    Array.from({ length: size * scale }, (_column, x) =>
      dark.has(`${Math.floor(x / scale)},${Math.floor(y / scale)}`) ? "1" : "0",
    ).join(" "),
  );
  return `P1\n${size * scale} ${size * scale}\n${rows.join("\n")}\n`;
}
