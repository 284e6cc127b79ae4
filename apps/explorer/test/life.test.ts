// The life of a PTE on the page: the model as the command line has it, and what running kernels did.
import { describe, expect, it } from "vitest";
import { LIFE_START, lifeFragment, lifeStateOf } from "../src/life/link.ts";
import { stateOf } from "../src/link.ts";
import { inBrowser } from "./in-browser.ts";

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

inBrowser("the life of a PTE on the page", (here) => {
  const show = async (link: string): Promise<void> => {
    await here.visit(`life/${link}`);
    await here.page.locator("#life .steps").waitFor();
  };

  it("each step says which running kernel did so, and the keyboard goes from step to step", async () => {
    await show(`${lifeFragment({ ...LIFE_START, step: 0 })}`);
    expect(await here.page.locator("#sentence").textContent()).toMatch(/^Before anything happens: none/);
    await here.page.locator("#forward").focus();
    for (const event of ["register", "write", "write-protect", "reclaim"]) {
      await here.page.keyboard.press("Enter");
      await expect
        .poll(() => here.page.locator("#sentence").textContent())
        .toMatch(new RegExp(`^After ${event}: `));
    }
    expect(await here.page.locator('[aria-current="step"]').textContent()).toContain("reclaim");
    await expect
      .poll(() => here.page.locator(".proof").textContent())
      .toMatch(/x86_64-7\.2\.json, sequence \d+/);
    expect(await here.page.locator(".picture").getAttribute("aria-label")).toMatch(
      /swap PTE|special PTE|swap slot/,
    );
    await expect.poll(() => here.page.url()).toContain("step=4");
  });

  it("an event that can happen is pressed, and what cannot says why", async () => {
    await show(lifeFragment({ ...LIFE_START, events: ["register", "write"], step: 2 }));
    expect(await here.page.locator('[data-event="swapoff"]').count()).toBe(0);
    expect(await here.page.getByText("What cannot happen now, and why").count()).toBe(1);
    await here.page.locator('[data-event="write-protect"]').click();
    await expect.poll(() => here.page.url()).toContain("/register,write,write-protect");
    await here.page.goBack();
    await expect.poll(() => here.page.locator(".steps > li").count()).toBe(2);
  });

  it("a recorded life stands beside the model: the kernel's own words, and whether they agree", async () => {
    await show("#/v1/life/x86_64/7.2/register");
    await here.page.getByText("Follow what a running kernel did").click();
    await here.page.locator("#file").selectOption("x86_64-7.2");
    await here.page.locator("#recorded").waitFor();
    await expect
      .poll(() => here.page.locator(".steps > li").first().textContent())
      .toContain("The kernel: 0x");
    expect(here.page.url()).toContain("recorded=x86_64-7.2/0");
    const steps = await here.page.locator(".steps > li").allTextContents();
    expect(steps.filter((text) => text.includes("The model agrees.")).length).toBe(steps.length);
  });

  it("nothing moves where that is not wanted", async () => {
    const still = await here.opened.browser.newContext({ reducedMotion: "reduce" });
    const quiet = await still.newPage();
    await quiet.goto(`${here.opened.url}life/${lifeFragment(LIFE_START)}`);
    await quiet.locator(".token").waitFor();
    for (const moved of [".token", ".changed"]) {
      const [duration, animation] = await quiet
        .locator(moved)
        .first()
        .evaluate(
          (token) => [getComputedStyle(token).transitionDuration, getComputedStyle(token).animationName],
          null,
          {
            timeout: 5000,
          },
        )
        .catch(() => ["0s", "none"]);
      expect([moved, duration, animation]).toEqual([moved, "0s", "none"]);
    }
    await still.close();
  });

  it.each([
    ["#/v1/life/nowhere/7.2/write", 'unknown architecture "nowhere"'],
    ["#/v1/life/x86_64/banana/write", "is not a kernel release"],
    ["#/v1/life/x86_64/7.2/write?recorded=nofile/1", "there is no life file nofile"],
    ["#/v1/life/x86_64/7.2/write?recorded=__proto__/1", "there is no life file __proto__"],
    ["#/v1/life/x86_64/7.2/write?recorded=x86_64-7.2/99999", "x86_64-7.2 has no life 99999"],
    ["#/v1/life/x86_64/7.2/banana", "is no event"],
  ])("%s is refused in a sentence", async (link, says) => {
    await here.visit(`life/${link}`);
    await here.says(says);
  });

  it("a name that others use is its architecture", async () => {
    await show("#/v1/life/amd64/7.2/register,write");
    expect(await here.page.locator(".steps > li").count()).toBe(2);
  });
});
