// <pte-bits>: the element in the page that is made for frames, and in a page of a stranger.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFinds } from "./axe.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open } from "./browser.ts";

describe.runIf(hasBrowser)("<pte-bits>", { timeout: 60_000 }, () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  }, 60_000);
  afterAll(() => opened?.close());

  it("a frame shows the bits of its link; they are switches, and the way to the whole answer follows", async () => {
    const context = await opened.browser.newContext();
    const { page, wrong } = await newPage(context);
    await page.setContent(
      `<iframe src="${opened.url}embed/#/v1/arm64/6.12/0x17c0" width="700" height="400"></iframe>`,
    );
    const frame = page.frameLocator("iframe");
    await expect.poll(() => frame.locator(".says").textContent()).toContain("marker: type 31, uffd-wp");
    await frame.getByRole("switch", { name: "bit 3, uffd-wp" }).click();
    await expect.poll(() => frame.locator(".says").textContent()).toContain("0x00000000000017c8");
    expect(await frame.getByRole("link").getAttribute("href")).toBe("../#/v1/arm64/6.12/0x00000000000017c8");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Space");
    await expect.poll(() => frame.locator(".says").textContent()).toContain("0x00000000000017d8");
    await page.keyboard.press("Home");
    expect(await frame.locator('[tabindex="0"]').getAttribute("data-bit")).toBe("63");
    expect(wrong).toEqual([]);
    await context.close();
  });

  it("the element tells of each change, is read only where it is not editable, and says what it cannot read", async () => {
    const page = await opened.browser.newPage();
    await page.goto(`${opened.url}embed/#/v1/x86_64/7.2/0xfffffffffffffc00`);
    await page.locator("pte-bits .says").waitFor();
    const said = await page.evaluate(() => {
      const bits = document.querySelector("pte-bits") as HTMLElement;
      const heard: string[] = [];
      bits.addEventListener("change", (event) => {
        const { word, said } = (event as CustomEvent).detail;
        heard.push(`${word} ${said.kind}`);
      });
      bits.shadowRoot?.querySelector<HTMLElement>('[data-bit="0"]')?.click();
      bits.removeAttribute("editable");
      const still = bits.shadowRoot?.querySelector('[role="img"]')?.getAttribute("aria-label");
      const switches = bits.shadowRoot?.querySelectorAll("button").length;
      bits.setAttribute("word", "banana");
      return { heard, still, switches, refused: bits.shadowRoot?.querySelector(".refused")?.textContent };
    });
    expect(said.heard).toEqual(["0xfffffffffffffc01 present"]);
    expect(said.still).toMatch(/^0xfffffffffffffc01: present/);
    expect(said.switches).toBe(0);
    expect(said.refused).toContain("is no word");
    await page.evaluate(() => document.querySelector("pte-bits")?.setAttribute("arch", "nowhere"));
    await expect
      .poll(() => page.locator("pte-bits .refused").textContent())
      .toContain("unknown architecture");
    await page.close();
  });

  it("axe finds nothing in either theme", async () => {
    for (const colorScheme of ["light", "dark"] as const)
      expect(await axeFinds(opened, "embed/#/v1/arm64/6.12/0x17c0", colorScheme)).toEqual([]);
  });

  it("the page gives a frame to copy", async () => {
    const context = await opened.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await page.locator("#embed").click();
    await expect.poll(() => page.locator(".notice").textContent()).toContain("The frame is copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      `<iframe src="${opened.url}embed/#/v1/arm64/6.12/0x17c0"`,
    );
    await context.close();
  });
});
