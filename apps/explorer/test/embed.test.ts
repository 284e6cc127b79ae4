// <pte-bits>: the element in the page that is made for frames, and in a page of a stranger.
import { expect, it } from "vitest";
import { newPage } from "./browser.ts";
import { inBrowser } from "./in-browser.ts";

inBrowser("<pte-bits>", (here) => {
  it("a frame shows the bits of its link; they are switches, and the way to the whole answer follows", async () => {
    const context = await here.opened.browser.newContext();
    const { page, wrong } = await newPage(context);
    await page.setContent(
      `<iframe src="${here.opened.url}embed/#/v1/arm64/6.12/0x17c0" width="700" height="400"></iframe>`,
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
    const page = await here.opened.browser.newPage();
    await page.goto(`${here.opened.url}embed/#/v1/x86_64/7.2/0xfffffffffffffc00`);
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

  it("another configuration, CPU or level is another kernel", async () => {
    const page = await here.opened.browser.newPage();
    const says = async (link: string, text: string): Promise<void> => {
      await page.goto("about:blank");
      await page.goto(`${here.opened.url}embed/${link}`);
      await expect
        .poll(() => page.locator("pte-bits .says, pte-bits .refused").textContent())
        .toContain(text);
    };
    await says("#/v1/arm64/6.1/0x12340f43", "pfn 0x12340: ");
    await says("#/v1/arm64/6.1/0x12340f43?config=CONFIG_ARM64_64K_PAGES=y", "pfn 0x1234: ");
    await says("#/v1/x86_64/7.2/0xd7ffeffffc1ffe00?level=pmd", "migration");
    await says("#/v1/x86_64/7.2/0x1?cpu=nothing", "not nothing");
    await says("#/v1/arm/6.12/0x1?level=pud", "no entry of level pud");
    await page.goto(`${here.opened.url}embed/#/v1/arm64/6.1/0x1?as=entry`);
    await expect.poll(() => page.locator("main p").first().textContent()).toContain("reads no other word");
    await page.close();
  });

  it("in a narrow frame eight bits stand in a row, and a finger meets one", async () => {
    const page = await here.opened.browser.newPage({ viewport: { width: 360, height: 700 } });
    await page.goto(`${here.opened.url}embed/#/v1/arm64/6.12/0x17c0`);
    await page.locator("pte-bits .row").first().waitFor();
    await expect.poll(() => page.locator("pte-bits .row").count(), { timeout: 10_000 }).toBe(8);
    const box = await page.locator('pte-bits [data-bit="3"]').boundingBox();
    expect(box?.width).toBeGreaterThan(24);
    expect(box?.height).toBeGreaterThan(24);
    await page.setViewportSize({ width: 800, height: 700 });
    await expect.poll(() => page.locator("pte-bits .row").count()).toBe(4);
    await page.close();
  });

  it("the page gives a frame to copy", async () => {
    const context = await here.opened.browser.newContext({
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    await page.goto(`${here.opened.url}#/v1/arm64/6.12/0x17c0`);
    await page.locator("#embed").click();
    await expect.poll(() => page.locator(".notice").textContent()).toContain("The frame is copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
      `<iframe src="${here.opened.url}embed/#/v1/arm64/6.12/0x17c0"`,
    );
    await context.close();
  });
});
