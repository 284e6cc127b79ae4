// The life of a PTE on the page: the model as the command line has it, and what running kernels did.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../cli/src/commands/index.ts";
import { objects, ptekit } from "../../cli/test/run.ts";
import { LIFE_START, lifeFragment, lifeStateOf } from "../src/life/link.ts";
import { stateOf } from "../src/link.ts";
import { axeFinds } from "./axe.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open } from "./browser.ts";

describe("the link of a life", () => {
  it.each([
    LIFE_START,
    {
      ...LIFE_START,
      step: 3,
      by: "compare" as const,
      features: ["wp-async" as const],
      vma: "anonymous" as const,
    },
    { ...LIFE_START, events: ["write=0x9682", "reclaim=0:0x1a0"], step: 2 },
    { ...LIFE_START, events: [], step: 0, recorded: "x86_64-7.2/12" },
  ])("gives its state back: %j", (state) => {
    expect(lifeStateOf(lifeFragment(state))).toEqual(state);
  });

  it("is no link of a word, and what it does not say is as the command has it", () => {
    expect(stateOf("#/v1/life/arm64/7.2/write")).toBeNull();
    expect(lifeStateOf("#/v1/life/arm64/7.2/write")).toMatchObject({
      vma: "anonymous",
      by: "swap-type",
      step: 1,
    });
    expect(lifeStateOf("#/v1/life")).toEqual(LIFE_START);
  });
});

const examples = ((await commands.life?.())?.examples ?? []).map(({ line }) => line);

/** The link that a command line means. */
function linkOf(line: string): string {
  const words = line.split(" ").slice(2);
  const values = new Map<string, string>();
  const events: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (["--brief", "--compare"].includes(word)) values.set(word, "yes");
    else if (word.startsWith("--")) values.set(word, words[++i] ?? "");
    else events.push(word);
  }
  return lifeFragment({
    ...LIFE_START,
    arch: values.get("--arch") ?? "",
    release: values.get("--kernel") ?? "",
    vma: lifeStateOf(`#/v1/life/a/1?vma=${values.get("--vma")}`).vma,
    features: lifeStateOf(`#/v1/life/a/1?feature=${values.get("--feature")}`).features,
    by: values.has("--compare") ? "compare" : "swap-type",
    events,
    step: events.length,
  });
}

describe.runIf(hasBrowser)("the life of a PTE on the page", { timeout: 60_000 }, () => {
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

  const show = async (link: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}life/${link}`);
    await page.locator("#life .steps").waitFor();
  };

  it.each(examples)("%s", async (line) => {
    const said = objects(
      ptekit([
        ...line
          .split(" ")
          .slice(1)
          .filter((word) => word !== "--brief"),
        "--json",
      ]),
    );
    await show(linkOf(line));
    const steps = await page.locator(".steps > li").allTextContents();
    if (said.length === 0) {
      expect(await page.locator("#sentence").textContent()).toContain("cannot happen");
      return;
    }
    expect(steps.length).toBe(said.length);
    for (const [i, one] of said.entries()) {
      const sides = "merged" in one ? [one.merged, one.proposed] : [one];
      for (const side of sides as Record<string, string>[]) {
        if (side.refused === undefined) expect(steps[i]).toContain(side.pte);
        else expect(steps[i]).toContain(side.refused.replace(/^\w+: /, ""));
        if (side.sees !== undefined && side.sees !== "nothing") expect(steps[i]).toContain(side.sees);
      }
    }
    await page.locator(".steps > li").last().getByRole("button").click();
    const last = said.at(-1) as { citation?: string };
    if (last.citation)
      expect(await page.locator(".steps > li").last().textContent()).toContain(last.citation);
  });

  it("each step says which running kernel did so, and the keyboard goes from step to step", async () => {
    await show(`${lifeFragment({ ...LIFE_START, step: 0 })}`);
    expect(await page.locator("#sentence").textContent()).toMatch(/^Before anything happens: none/);
    await page.locator("#forward").focus();
    for (const event of ["register", "write", "write-protect", "reclaim"]) {
      await page.keyboard.press("Enter");
      await expect
        .poll(() => page.locator("#sentence").textContent())
        .toMatch(new RegExp(`^After ${event}: `));
    }
    expect(await page.locator('[aria-current="step"]').textContent()).toContain("reclaim");
    await expect.poll(() => page.locator(".proof").textContent()).toMatch(/x86_64-7\.2\.json, sequence \d+/);
    expect(await page.locator(".picture").getAttribute("aria-label")).toMatch(
      /swap PTE|special PTE|swap slot/,
    );
    await expect.poll(() => page.url()).toContain("step=4");
  });

  it("an event that can happen is pressed, and what cannot says why", async () => {
    await show(lifeFragment({ ...LIFE_START, events: ["register", "write"], step: 2 }));
    expect(await page.locator('[data-event="swapoff"]').count()).toBe(0);
    expect(await page.getByText("What cannot happen now, and why").count()).toBe(1);
    await page.locator('[data-event="write-protect"]').click();
    await expect.poll(() => page.url()).toContain("/register,write,write-protect");
    await page.goBack();
    await expect.poll(() => page.locator(".steps > li").count()).toBe(2);
  });

  it("a recorded life stands beside the model: the kernel's own words, and whether they agree", async () => {
    await show("#/v1/life/x86_64/7.2/register");
    await page.getByText("Follow what a running kernel did").click();
    await page.locator("#file").selectOption("x86_64-7.2");
    await page.locator("#recorded").waitFor();
    await expect.poll(() => page.locator(".steps > li").first().textContent()).toContain("The kernel: 0x");
    expect(page.url()).toContain("recorded=x86_64-7.2/0");
    const steps = await page.locator(".steps > li").allTextContents();
    expect(steps.filter((text) => text.includes("The model agrees.")).length).toBe(steps.length);
  });

  it("axe finds nothing in either theme, and nothing moves where that is not wanted", async () => {
    for (const colorScheme of ["light", "dark"] as const)
      expect(await axeFinds(opened, `life/${lifeFragment(LIFE_START)}`, colorScheme)).toEqual([]);
    const still = await opened.browser.newContext({ reducedMotion: "reduce" });
    const quiet = await still.newPage();
    await quiet.goto(`${opened.url}life/${lifeFragment(LIFE_START)}`);
    await quiet.locator(".token").waitFor();
    expect(
      await quiet.locator(".token").evaluate((token) => getComputedStyle(token).transitionDuration),
    ).toBe("0s");
    await still.close();
  });

  it("no width makes it scroll sideways, and no exception", async () => {
    for (const width of [360, 1100]) {
      await page.setViewportSize({ width, height: 800 });
      await show(lifeFragment(LIFE_START));
      const [scroll, client] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect([width, scroll]).toEqual([width, client]);
    }
    expect(wrong).toEqual([]);
  });
});
