// The matrix: what it says stands in the page; what it shows follows its controls and its links.
import { loadAll } from "@ptekit/all";
import { mainlineReleases } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { commands } from "../../cli/src/commands/index.ts";
import { stateOf } from "../src/link.ts";
import { rowOf } from "../src/matrix/cells.ts";
import { matrixFragment, matrixStateOf } from "../src/matrix/link.ts";
import { mailOf, wrapped } from "../src/matrix/mail.ts";
import { inBrowser } from "./in-browser.ts";

const rows = new Map((await loadAll()).map((arch) => [arch.name, rowOf(arch)]));
const stepAt = (arch: string, column: string, release: string) =>
  rows
    .get(arch)
    ?.cells.find((cell) => cell.column.id === column)
    ?.steps.find(({ at }) => at <= mainlineReleases().indexOf(release));

describe("a cell of the matrix", () => {
  it("says since when a flag is there, on which bits, and on which condition", () => {
    expect(stepAt("arm64", "uffdWp", "6.12")).toMatchObject({
      state: "yes",
      first: "6.10",
      text: "bit 3, present bit 58",
      when: ["CONFIG_HAVE_ARCH_USERFAULTFD_WP"],
    });
    expect(stepAt("arm64", "uffdWp", "6.1")).toMatchObject({ state: "no", first: null });
  });

  it("says that a flag is written and never selected, under which symbol and where", () => {
    const step = stepAt("mips", "softDirty", "7.3");
    expect(step).toMatchObject({ state: "written" });
    expect(step?.reason).toContain("CONFIG_HAVE_ARCH_SOFT_DIRTY");
    expect(step?.citations[0]).toContain("arch/mips/include/asm/pgtable.h");
  });

  it("says why a flag is not there: whether a bit would be free for it", () => {
    expect(stepAt("csky", "uffdWp", "7.3")?.reason).toBe(
      "No header of it has it. In the swap PTE no bit is free, in the present PTE no bit is free.",
    );
  });

  it("ends with the architecture", () => {
    const steps = rows.get("ia64")?.cells[0]?.steps ?? [];
    expect(steps[0]).toMatchObject({ since: "6.7", state: "gone" });
  });

  it("agrees with ptekit archs about the first release of every flag", async () => {
    const lines: Record<string, unknown>[] = [];
    const archs = await commands.archs?.();
    await archs?.run(
      { has: () => true } as never,
      { json: (line: Record<string, unknown>) => lines.push(line) } as never,
    );
    expect(lines.length).toBe(rows.size);
    for (const { arch, flags } of lines as { arch: string; flags: Record<string, string> }[]) {
      for (const flag of ["exclusive", "softDirty", "uffdWp"]) {
        const first = rows
          .get(arch)
          ?.cells.find((cell) => cell.column.id === flag)
          ?.steps.filter((step) => step.first !== null)
          .at(-1)?.first;
        expect([arch, flag, first ?? undefined]).toEqual([arch, flag, flags[flag]]);
      }
    }
  });
});

describe("the matrix as a mail", () => {
  it("is never wider than 80 columns, and says as a note what does not fit", () => {
    const cell = (whole: string, short = whole) => ({ short, whole });
    const text = mailOf(
      [
        [cell("architecture"), cell("a column with a long name", "col")],
        [cell("x86_64"), cell("none: x86_64 4.14, x86_64 3.16; 9: x86_64 4.0 and many others, at length")],
      ],
      "Linux 6.12",
    );
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain("[1] none: x86_64 4.14");
    expect(text).toContain("col: a column with a long name");
  });

  it("a long word stands alone in its line", () => {
    expect(wrapped(`a ${"b".repeat(90)} c`, "  ")).toEqual(["a", `  ${"b".repeat(90)}`, "  c"]);
  });
});

it("a link of the matrix gives back what it was made of, and is no word's", () => {
  for (const state of [
    { release: "latest", has: "", lacks: "", compare: [] },
    { release: "6.12", has: "uffdWp", lacks: "softDirty", compare: ["arm64", "riscv"] },
  ]) {
    expect(matrixStateOf(matrixFragment(state))).toEqual(state);
    expect(stateOf(matrixFragment(state))).toBeNull();
  }
  expect(matrixStateOf("#/v1/x86_64/6.12").release).toBe("latest");
});

inBrowser("the matrix in a browser", (here) => {
  const visit = async (link: string): Promise<void> => {
    await here.visit(`matrix/${link}`);
    await here.page.locator("fieldset:enabled").waitFor();
  };
  const cell = (arch: string, column: string): Promise<string | null> =>
    here.page.locator(`tr[data-arch="${arch}"] td[data-column="${column}"] summary`).textContent();

  it("shows the release that its link names, and the cells follow", async () => {
    await visit("#/v1/matrix/6.9");
    expect(await cell("arm64", "uffdWp")).toBe("no");
    await here.page.locator("#at").selectOption({ label: "6.10" });
    expect(await cell("arm64", "uffdWp")).toBe("6.10: bit 3, present bit 58");
    expect(here.page.url()).toMatch(/#\/v1\/matrix\/6\.10$/);
    await here.page.goBack();
    expect(await cell("arm64", "uffdWp")).toBe("no");
  });

  it("who has a flag and lacks another is asked in two actions", async () => {
    await visit("");
    await here.page.locator("#has").selectOption("uffdWp");
    await here.page.locator("#lacks").selectOption("softDirty");
    expect(await here.page.locator("tbody tr:visible").count()).toBe(1);
    expect(await here.page.locator("tbody tr:visible th").textContent()).toBe("arm64");
    expect(await here.page.locator("#count").textContent()).toBe("1 of 24 architectures.");
  });

  it("two architectures stand side by side, and what differs is marked", async () => {
    await visit("#/v1/matrix/latest?compare=arm64,x86_64");
    expect(await here.page.locator("tbody tr:visible").count()).toBe(2);
    const marked = here.page.locator('tr[data-arch="arm64"] td.differs');
    expect(await marked.count()).toBeGreaterThan(3);
    expect(await marked.first().getAttribute("data-column")).toBe("uffdWp");
  });

  it("the table is copied as a mail of 80 columns", async () => {
    await visit("#/v1/matrix/6.12");
    await here.page.getByRole("button", { name: "Copy as a mail" }).click();
    await expect.poll(() => here.page.locator("#count").textContent()).toContain("is copied");
    const mail = await here.page.evaluate(() => navigator.clipboard.readText());
    expect(Math.max(...mail.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(mail).toMatch(/^Linux 6\.12\n/);
    expect(mail).toMatch(/^arm64 +6\.10 +- +5\.19/m);
    expect(mail).toMatch(/^mips +- +w /m);
  });

  it("a cell opens at a key: condition, reason, source and proof; arrows go from cell to cell", async () => {
    await visit("");
    await here.page.locator("td summary").first().focus();
    await here.page.keyboard.press("ArrowDown");
    await here.page.keyboard.press("ArrowDown");
    await here.page.keyboard.press("ArrowDown");
    await here.page.keyboard.press("Enter");
    const open = here.page.locator('tr[data-arch="arm64"] td[data-column="uffdWp"] details[open]');
    expect(await open.count()).toBe(1);
    expect(await open.textContent()).toContain("Needs CONFIG_HAVE_ARCH_USERFAULTFD_WP");
    expect(await open.locator('a[href*="/vectors/"]').count()).toBeGreaterThan(0);
    expect(await here.page.locator('summary[tabindex="0"]').count()).toBe(1);
  });

  it("is read without JavaScript", async () => {
    const other = await here.opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${here.opened.url}matrix/`);
    const text = await plain.locator('tr[data-arch="mips"]').textContent();
    expect(text).toContain("written, never selected");
    expect(await plain.locator("#at").isDisabled()).toBe(true);
    await other.close();
  });
});
