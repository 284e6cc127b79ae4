// The walk on the page: what core's walker finds in memory, found again from the entries alone.
import { loadAll } from "@ptekit/all";
import type { LevelName } from "@ptekit/core";
import { NEWEST_RELEASE, targetOfLayout } from "@ptekit/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateOf } from "../src/link.ts";
import { WALK_START, walkFragment, walkStateOf } from "../src/walk/link.ts";
import { readWalk } from "../src/walk/read.ts";
import { wayOf } from "../src/walk/way.ts";
import { axeFinds } from "./axe.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open } from "./browser.ts";

describe("the link of a walk", () => {
  it.each([
    WALK_START,
    { ...WALK_START, address: "0x7f2a12345678", cpu: ["la57"], entries: { pgd: "0x1a05067", pte: "0x0" } },
    { ...WALK_START, arch: "arm64", release: "6.12", config: { CONFIG_ARM64_VA_BITS: 39 } },
  ])("gives its state back: %j", (state) => {
    expect(walkStateOf(walkFragment(state))).toEqual(state);
    expect(stateOf(walkFragment(state))).toBeNull();
  });
});

describe("what is pasted is read", () => {
  // openzfs/zfs #418, a report of arm64, one of arm.
  it.each([
    [
      "BUG: unable to handle kernel paging request at ffff88001bf21000\nPGD 1a05067 PUD 1a09063 PMD 37270067 PTE 800000001bf21161",
      {
        arch: "x86_64",
        address: "0xffff88001bf21000",
        entries: { pgd: "0x1a05067", pud: "0x1a09063", pmd: "0x37270067", pte: "0x800000001bf21161" },
      },
    ],
    [
      "Unable to handle kernel paging request at virtual address ffff800010081000\n[ffff800010081000] pgd=1000000043c4b003, p4d=1000000043c4b003, pud=1000000043c4c003, pmd=0000000000000000",
      {
        arch: "arm64",
        address: "0xffff800010081000",
        entries: {
          pgd: "0x1000000043c4b003",
          p4d: "0x1000000043c4b003",
          pud: "0x1000000043c4c003",
          pmd: "0x0000000000000000",
        },
      },
    ],
    [
      "Unable to handle kernel NULL pointer dereference at virtual address 00000008\npgd = c0004000\n[00000008] *pgd=00a1941e(bad)",
      { arch: "arm", address: "0x00000008" },
    ],
    [
      "#PF: error_code(0x0002)\nPGD 0 P4D 0 \nCPU: 1 PID: 77 Comm: a Not tainted 6.1.0-50-amd64 #1\nCR2: 0000000000000010",
      { release: "6.1.0-50-amd64", address: "0x0000000000000010", entries: { pgd: "0x0", p4d: "0x0" } },
    ],
    ["7f2a12345678", { address: "0x7f2a12345678" }],
  ])("%j", (text, said) => {
    expect(readWalk(text)).toMatchObject(said);
  });

  it.each(["hello", "", "BUG: Bad page state"])("%j says nothing of a walk", (text) => {
    expect(readWalk(text)).toBeNull();
  });
});

describe("the way of an address", async () => {
  const kernels = (await loadAll()).flatMap((arch) => {
    const [layout] = arch.layouts;
    const backend = layout ? arch.for(targetOfLayout(arch, layout, "on")) : null;
    return backend?.geometry ? [[arch.name, backend] as const] : [];
  });

  it.each(kernels)("of %s: the bits of the parts are those of the address, whatever it is", (_, backend) => {
    for (const address of [0n, 0x1234_5678n, (1n << 32n) - 0x1001n]) {
      const { stages } = wayOf(backend, { ...WALK_START, address: `0x${address.toString(16)}` });
      const rest = stages.reduce(
        (sum, { index, shift, indexBits }) => sum + (BigInt(index % 2 ** indexBits) << BigInt(shift)),
        0n,
      );
      const [top] = stages;
      const covered = (1n << BigInt((top?.shift ?? 0) + (top?.indexBits ?? 0))) - 1n;
      const page = (1n << BigInt(stages.at(-1)?.shift ?? 0)) - 1n;
      expect(rest).toBe(address & covered & ~page);
    }
  });
});

describe.runIf(hasBrowser)("the walk on the page", { timeout: 60_000 }, () => {
  let opened: Opened;
  let page: Page;
  let wrong: string[];
  beforeAll(async () => {
    opened = await open();
    ({ page, wrong } = await newPage(
      await opened.browser.newContext({ viewport: { width: 1100, height: 900 } }),
    ));
  }, 60_000);
  afterAll(() => opened?.close());

  const says = (text: RegExp | string): Promise<void> =>
    expect.poll(() => page.locator("#sentence").textContent(), { timeout: 20_000 }).toMatch(text);

  it("the tables of an oops that is pasted lead from the root to what the PTE says", async () => {
    await page.goto(`${opened.url}walk/`);
    await page
      .locator("#box")
      .fill(
        "BUG: unable to handle kernel paging request at ffff88001bf21000\nPGD 1a05067 PUD 1a09063 PMD 37270067 PTE 800000001bf21161\nCPU: 0 PID: 1 Comm: a Not tainted 4.4.0 #1",
      );
    await says(/^The way ends at the pte: present, pfn 0x1bf21.* Physical address 0x1bf21000\.$/);
    const levels = await page.locator(".levels li").allTextContents();
    expect(levels.length).toBe(4);
    expect(levels[0]).toMatch(/entry 272 of 512/);
    expect(levels[1]).toContain("at 0x1a05000");
    expect(page.url()).toContain("/0xffff88001bf21000?pgd=0x1a05067");
    await page.getByRole("link", { name: "its bits" }).last().click();
    await says(/^present, pfn 0x1bf21/);
  });

  it("an entry that is typed goes on the way, one that is none is refused, and the link has it", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}walk/#/v1/walk/arm64/${NEWEST_RELEASE}/0xffff800010081000`);
    await says(/levels lead to its entry/);
    await page.locator("#entry-pud").fill("banana");
    await page.locator("#entry-pud").press("Enter");
    await expect.poll(() => page.locator(".notice").textContent()).toContain("is no entry");
    const first: LevelName = "pgd";
    const input = page.locator(".levels input").first();
    await input.fill("0");
    await input.press("Enter");
    await says(new RegExp(`^The way ends at the ${first}: empty`));
    expect(page.url()).toMatch(/\?p\w\w=0x0/);
  });

  it("an architecture without such levels says so, and the geometry is readable without a script", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}walk/#/v1/walk/nowhere/6.12/0x1`);
    await expect.poll(() => page.locator(".notice").textContent()).toContain("unknown architecture");
    const other = await opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${opened.url}walk/`);
    expect(await plain.locator("tbody tr").count()).toBeGreaterThan(30);
    expect(await plain.locator("#walk + section details").count()).toBeGreaterThan(20);
    await other.close();
  });

  it("axe finds nothing in either theme, and no width makes it scroll sideways", async () => {
    const link = walkFragment({ ...WALK_START, address: "0x7f2a12345678", cpu: ["la57"] });
    for (const colorScheme of ["light", "dark"] as const)
      expect(await axeFinds(opened, `walk/${link}`, colorScheme)).toEqual([]);
    for (const width of [360, 1100]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto("about:blank");
      await page.goto(`${opened.url}walk/${link}`);
      await says(/5 levels/);
      const [scroll, client] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect([width, scroll]).toEqual([width, client]);
    }
    expect(wrong).toEqual([]);
  });
});
