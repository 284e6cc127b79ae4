// What if a bit were taken: the price as the library works it out, on this layout and on all.
import { loadAll } from "@ptekit/all";
import { targetsAt } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { sideAt } from "../src/diff/link.ts";
import { stateOf } from "../src/link.ts";
import type { Question } from "../src/what-if/link.ts";
import { questionOf, whatIfFragment } from "../src/what-if/link.ts";
import { cheapestOf, designsOf, outcomeOf } from "../src/what-if/outcome.ts";
import { inBrowser } from "./in-browser.ts";

const archs = new Map((await loadAll()).map((arch) => [arch.name, arch]));
const at = (name: string, release: string) => {
  const arch = archs.get(name);
  if (!arch) throw new Error(`no ${name}`);
  return arch.for({ release });
};

it.each<Question>([
  { kernel: sideAt("arm64", "6.12"), use: "uffdWp", bit: null },
  { kernel: { ...sideAt("riscv", "7.2"), cpu: ["svrsw60t59b"] }, use: "softDirty", bit: 63 },
])("a question is a link that gives it back, and is no word's: %j", (question) => {
  expect(questionOf(whatIfFragment(question))).toEqual(question);
  expect(stateOf(whatIfFragment(question))).toBeNull();
});

describe("the price of a bit", () => {
  it("of a free one is nothing", () => {
    expect(outcomeOf(at("riscv", "6.12"), 4, "uffdWp")).toMatchObject({
      from: "free",
      moved: [],
      refusedBy: null,
    });
  });

  it("of the offset's is half of the largest swap file", () => {
    const { from, moved } = outcomeOf(at("arm", "6.12"), 8, "softDirty");
    expect(from).toBe("offset");
    expect(moved).toContainEqual(["largest swap file that the layout holds", "64 GiB", "32 GiB"]);
  });

  it("of the type's is refused where the kernel's build checks it", () => {
    expect(outcomeOf(at("riscv", "6.12"), 7, "uffdWp").refusedBy).toContain("MAX_SWAPFILES_CHECK()");
  });

  it("is told as a refusal where something else has the bit", () => {
    expect(() => outcomeOf(at("x86_64", "6.12"), 0, "uffdWp")).toThrow(/already|must be zero/);
  });

  it("at the least is what spareBits() says, on every layout of a release", () => {
    for (const arch of archs.values()) {
      for (const target of safeTargets(arch)) {
        const backend = arch.for(target);
        const { free } = backend.spareBits();
        const least = cheapestOf(backend, "uffdWp");
        const wanted = free.length > 0 ? "free" : "from the offset";
        if (least.how !== "its own")
          expect([backend.layout.id, least.how]).toEqual([backend.layout.id, wanted]);
      }
    }
  });
});

function safeTargets(arch: Parameters<typeof targetsAt>[0]) {
  return arch.removed ? [] : targetsAt(arch, "6.12");
}

it("the three designs are words of the kernel, and it reads the merged one as a marker", () => {
  const [bit, type, header] = designsOf(at("x86_64", "6.12"));
  expect(bit?.pte).toBe(0x4n);
  expect(type?.reads).toContain("marker");
  expect(header?.reads).toContain("swap area 1");
});

inBrowser("what if, in a browser", (here) => {
  const visit = (link: string): Promise<void> => here.visit(`what-if/${link}`);

  it("a bit is pressed, by mouse or key: sentence, price and link follow", async () => {
    await visit("#/v1/what-if/arm@6.12");
    await here.page.locator("#bit-8").click();
    expect(await here.page.locator("#sentence").textContent()).toContain("taken from the offset");
    expect(await here.page.locator("section table").first().textContent()).toContain("64 GiB32 GiB");
    expect(here.page.url()).toMatch(/#\/v1\/what-if\/arm@6.12\?bit=8$/);
    await here.page.keyboard.press("ArrowRight");
    await here.page.keyboard.press("Space");
    await expect.poll(() => here.page.locator("#sentence").textContent()).toContain("bit 7");
  });

  it("the price on every layout is one press away", async () => {
    await visit("#/v1/what-if/arm64@7.3?for=softDirty&bit=4");
    await here.page.locator("#all").click();
    await expect.poll(() => here.page.locator("#totals").textContent()).toMatch(/^Of 53 layouts /);
    expect(await here.page.getByRole("row", { name: /^csky 6.3 abiv1/ }).textContent()).toContain(
      "from the offset",
    );
  });

  it("the three designs lead to their words", async () => {
    await visit("#/v1/what-if/x86_64@6.12");
    const link = here.page.locator("#designs a").nth(1);
    const word = await link.textContent();
    await link.click();
    await expect
      .poll(() => here.page.locator("#sentence").textContent())
      .toContain("marker: type 31, uffd-wp");
    expect(here.page.url()).toContain(word ?? "?");
  });

  it("the totals are read without JavaScript", async () => {
    const other = await here.opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${here.opened.url}what-if/`);
    expect(await plain.locator("main").textContent()).toContain("Linux 5.13: 57 layouts");
    await other.close();
  });
});
