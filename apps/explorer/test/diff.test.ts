// What moved between two kernels: the prerendered history, and two of one's own.
import { describe, expect, it } from "vitest";
import { diffFragment, sideAt, sidesOf } from "../src/diff/link.ts";
import { stateOf } from "../src/link.ts";
import { mailTable } from "../src/pages/mail-table.ts";
import { inBrowser } from "./in-browser.ts";

describe("the link of a comparison", () => {
  const arm = sideAt("arm64", "6.10");
  it.each([
    { from: sideAt("arm64", "6.9"), to: arm },
    {
      from: sideAt("x86_64", "6.1.0-50-amd64"),
      to: { ...arm, config: { CONFIG_ARM64_PA_BITS: 52 }, cpu: ["lpa2"], backports: ["l1tf"] },
    },
  ])("gives back what it was made of, and is no word's: %j", (sides) => {
    expect(sidesOf(diffFragment(sides))).toEqual(sides);
    expect(stateOf(diffFragment(sides))).toBeNull();
  });

  it("is readable", () => {
    const to = { ...arm, config: { CONFIG_ARM64_64K_PAGES: "y" as const }, cpu: ["lpa2"] };
    expect(diffFragment({ from: sideAt("arm64", "6.9"), to })).toBe(
      "#/v1/diff/arm64@6.9/arm64@6.10,CONFIG_ARM64_64K_PAGES=y,cpu=lpa2",
    );
  });

  it.each(["", "#/v1/diff/arm64@6.9", "#/v1/diff/@6.9/arm@6.1", "#/v1/arm64/6.9/0x1"])(
    "%j is none",
    (fragment) => expect(sidesOf(fragment)).toBeNull(),
  );
});

it("a row that is too wide for a mail stands on lines of its own", () => {
  const lines = mailTable([
    ["type", "bits 7:3", "bits 10:6"],
    ["special types", "23 hwpoison, 24 migration-read, 25 migration-write", "24 hwpoison, 25 migration-read"],
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines).toContain("  + 24 hwpoison, 25 migration-read");
});

inBrowser("what moved, in a browser", (here) => {
  const visit = (link: string): Promise<void> => here.visit(`diff/${link}`);
  const table = async (): Promise<string[][]> => {
    const found: string[][] = [];
    for (const row of await here.page.locator("section table").first().locator("tbody tr").all())
      found.push(await row.locator("th, td").allTextContents());
    return found;
  };

  it("two architectures, and two configurations of one release", async () => {
    await visit("#/v1/diff/arm64@6.12/riscv@6.12");
    expect(await here.page.locator("#sentence").textContent()).toMatch(
      /^From arm64 6.12 to riscv 6.12 \d+ things/,
    );
    await visit("#/v1/diff/x86_64@6.12/x86_64@6.12,CONFIG_DEVICE_PRIVATE=n");
    expect((await table()).map(([what]) => what)).toEqual(["MAX_SWAPFILES", "special types"]);
  });

  it("releases between the two are told one by one, each with its commit or header", async () => {
    await visit("#/v1/diff/arm64@6.1/arm64@6.12");
    const heads = await here.page.locator("section details:not(.json) > summary").allTextContents();
    expect(heads.map((head) => head.split(":")[0])).toEqual(["6.2", "6.6", "6.10"]);
    await here.page.getByText("6.10:").click();
    expect(await here.page.locator("section details[open] a").first().getAttribute("href")).toContain(
      "pgtable.h",
    );
  });

  it("a choice is in the link, and the sides turn round", async () => {
    await visit("");
    await here.page.locator("#to-release").fill("6.12");
    await expect.poll(() => here.page.url()).toMatch(/#\/v1\/diff\/arm64@6.9\/arm64@6.12$/);
    await here.page.locator("#turn").click();
    await expect.poll(() => here.page.url()).toMatch(/#\/v1\/diff\/arm64@6.12\/arm64@6.9$/);
    await here.page.getByRole("button", { name: "Copy as a mail" }).click();
    await expect.poll(() => here.page.locator(".notice").textContent()).toContain("is copied");
    const mail = await here.page.evaluate(() => navigator.clipboard.readText());
    expect(mail).toMatch(/^arm64@6.12 -> arm64@6.9\n/);
    expect(Math.max(...mail.split("\n").map((one) => one.length))).toBeLessThanOrEqual(80);
  });

  it("what is no kernel is refused in the library's sentence", async () => {
    await visit("#/v1/diff/arm64@6.9/riscv@2.6.32");
    expect(await here.page.locator("#sentence.refused").textContent()).toContain("2.6.32");
  });

  it("the history of an architecture is read without JavaScript, and leads to both layouts", async () => {
    const other = await here.opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${here.opened.url}diff/arm64/#6.10`);
    const section = plain.locator('section[id="6.10"]');
    expect(await section.locator("tbody").textContent()).toContain("uffd-wpno bitbit 3");
    const link = await section.getByRole("link", { name: "both layouts" }).getAttribute("href");
    expect(link).toBe("../#/v1/diff/arm64@6.9/arm64@6.10");
    await other.close();
  });
});
