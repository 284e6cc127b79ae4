// The walk on the page: what core's walker finds in memory, found again from the entries alone.
import { loadAll } from "@ptekit/all";
import type { LevelName } from "@ptekit/core";
import { NEWEST_RELEASE, targetOfLayout } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { stateOf } from "../src/link.ts";
import { WALK_START, walkFragment, walkStateOf } from "../src/walk/link.ts";
import { readWalk } from "../src/walk/read.ts";
import { wayOf } from "../src/walk/way.ts";
import { inBrowser } from "./in-browser.ts";

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

inBrowser("the walk on the page", (here) => {
  it("the tables of an oops that is pasted lead from the root to what the PTE says", async () => {
    await here.visit("walk/");
    await here.page
      .locator("#box")
      .fill(
        "BUG: unable to handle kernel paging request at ffff88001bf21000\nPGD 1a05067 PUD 1a09063 PMD 37270067 PTE 800000001bf21161\nCPU: 0 PID: 1 Comm: a Not tainted 4.4.0 #1",
      );
    await here.says(/^The way ends at the pte: present, pfn 0x1bf21.* Physical address 0x1bf21000\.$/);
    const levels = await here.page.locator(".levels li").allTextContents();
    expect(levels.length).toBe(4);
    expect(levels[0]).toMatch(/entry 272 of 512/);
    expect(levels[1]).toContain("at 0x1a05000");
    expect(here.page.url()).toContain("/0xffff88001bf21000?pgd=0x1a05067");
    await here.page.getByRole("link", { name: "its bits" }).last().click();
    await here.says(/^present, pfn 0x1bf21/);
  });

  it("an entry that is typed goes on the way, one that is none is refused, and the link has it", async () => {
    await here.visit(`walk/#/v1/walk/arm64/${NEWEST_RELEASE}/0xffff800010081000`);
    await here.says(/levels lead to its entry/);
    await here.page.locator("#entry-pud").fill("banana");
    await here.page.locator("#entry-pud").press("Enter");
    await expect.poll(() => here.page.locator(".notice").textContent()).toContain("is no entry");
    const first: LevelName = "pgd";
    const input = here.page.locator(".levels input").first();
    await input.fill("0");
    await input.press("Enter");
    await here.says(new RegExp(`^The way ends at the ${first}: empty`));
    expect(here.page.url()).toMatch(/\?p\w\w=0x0/);
  });

  it("an architecture without such levels says so, and the geometry is readable without a script", async () => {
    await here.visit(`walk/#/v1/walk/nowhere/6.12/0x1`);
    await here.says("unknown architecture");
    const other = await here.opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${here.opened.url}walk/`);
    expect(await plain.locator("tbody tr").count()).toBeGreaterThan(30);
    expect(await plain.locator("#walk + section details").count()).toBeGreaterThan(20);
    await other.close();
  });

  it.each([
    ["#/v1/walk/nowhere/6.12/0x1", 'unknown architecture "nowhere"'],
    ["#/v1/walk/x86_64/banana/0x1", "is not a kernel release"],
    ["#/v1/walk/arm/6.12/0x123456789", "0x123456789 needs 33 bits, an address has 32 here"],
    ["#/v1/walk/i386/6.12/0x1?pgd=0x123456789", "needs 33 bits, an entry of the pgd has 32 here"],
    ["#/v1/walk/x86_64/6.12/0x1?cpu=nothing", "not nothing"],
  ])("%s is refused in a sentence", async (link, says) => {
    await here.visit(`walk/${link}`);
    await here.says(says);
  });

  it("what is pasted in a great heap, and says nothing, is told in a sentence", async () => {
    await here.visit("walk/");
    await here.page.locator("#box").evaluate((box: HTMLTextAreaElement) => {
      box.value = "what is this? ".repeat(100_000);
      box.dispatchEvent(new Event("input"));
    });
    await expect
      .poll(() => here.page.locator(".notice").textContent())
      .toContain("No address and no line of tables");
  });
});
