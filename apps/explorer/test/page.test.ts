import fs from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open, site } from "./browser.ts";

const links: { readonly link: string; readonly says: string }[] = JSON.parse(
  fs.readFileSync(new URL("../links.json", import.meta.url), "utf8"),
);
/** Puts a long text into the box at once, as pasting does: typing it takes Chromium its time. */
const put = (page: Page, text: string): Promise<void> =>
  page.locator("textarea").evaluate((box: HTMLTextAreaElement, value) => {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);

/** A log of so many reports, each of another word and process. */
const manyReports = (count: number, name: string): string =>
  Array.from(
    { length: count },
    (_, i) =>
      `[${i}.1] BUG: Bad page map in process ${name}${i}  pte:${(0x400000000000000n + (BigInt(i) << 12n)).toString(16)} pmd:104a2b067\n[${i}.2] CPU: 3 PID: ${i} Comm: ${name}${i} Not tainted 6.1.0-50-amd64 #1\n[${i}.3] RIP: 0010:zap_pte_range+0x1\n`,
  ).join("");

describe.runIf(hasBrowser)("the page in a browser", { timeout: 120_000 }, () => {
  let opened: Opened;
  let context: BrowserContext;
  let page: Page;
  let wrong: string[];

  beforeAll(async () => {
    opened = await open();
    context = await opened.browser.newContext({ viewport: { width: 1100, height: 900 } });
    ({ page, wrong } = await newPage(context));
  }, 60_000);
  afterAll(() => opened?.close());

  const says = async (text: string | RegExp): Promise<void> => {
    const sentence = page.locator("#sentence");
    await expect.poll(() => sentence.textContent(), { timeout: 20_000 }).toMatch(text);
  };
  const paste = (text: string): Promise<void> => page.locator("textarea").first().fill(text);

  it.each(links)("$link is answered", async ({ link, says: text }) => {
    await page.goto("about:blank");
    await page.goto(opened.url + link);
    if (link.startsWith("#"))
      await expect.poll(() => page.locator("#sentence").textContent(), { timeout: 20_000 }).toContain(text);
    else await page.getByText(text).first().waitFor({ state: "attached", timeout: 20_000 });
    expect(await page.locator("main").textContent()).not.toMatch(/does not read the link|is not read:/);
  });

  it("a word that is pasted is decoded, and the link is that of the word", async () => {
    await page.goto(opened.url);
    await page.locator("#arch").selectOption("arm64");
    await page.locator("#release").fill("6.12");
    await paste("17c0");
    await says("marker: type 31, uffd-wp");
    await expect.poll(() => new URL(page.url()).hash).toBe("#/v1/arm64/6.12/0x17c0");
  });

  it("a bit is a switch: the word, the fields and the sentence follow, and back again", async () => {
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await page.getByRole("switch", { name: "bit 3, uffd-wp" }).click();
    await says("marker: type 31, uffd-wp; uffd-wp");
    expect(await page.locator("textarea").inputValue()).toBe("0x17c8");
    await page.locator("#field-offset").fill("0x4");
    await page.locator("#field-offset").press("Enter");
    await expect.poll(() => page.locator("textarea").inputValue()).toBe("0x47c8");
    expect(await page.getByRole("switch", { name: "bit 14, offset" }).getAttribute("aria-checked")).toBe(
      "true",
    );
  });

  it("what cannot be written is refused in the library's sentence, and what was typed stays", async () => {
    await page.goto(`${opened.url}#/v1/arm/6.12/0x1084`);
    await page.locator("#field-offset").fill("0x1000000");
    await page.locator("#field-offset").press("Enter");
    await expect
      .poll(() => page.locator(".notice").textContent())
      .toContain("needs 25 bits, swpOffset 31:8 holds 24");
    expect(await page.locator("#field-offset").inputValue()).toBe("0x1000000");
    expect(await page.locator("textarea").inputValue()).toBe("0x1084");
  });

  it("the keyboard reaches every bit: arrows, Home and End move, Space turns it round", async () => {
    await page.goto(`${opened.url}#/v1/x86_64/6.12/0x0`);
    await says("none");
    await page.locator("#bit-0").focus();
    const at = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
    for (const [key, id] of [
      ["ArrowLeft", "bit-1"],
      ["ArrowUp", "bit-17"],
      ["Home", "bit-63"],
      ["ArrowLeft", "bit-63"],
      ["ArrowDown", "bit-47"],
      ["End", "bit-0"],
    ] as const) {
      await page.keyboard.press(key);
      expect(await at()).toBe(id);
    }
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Space");
    await expect.poll(() => page.locator("textarea").inputValue()).toBe("0x2");
    expect(await page.locator('.bit[tabindex="0"]').count()).toBe(1);
  });

  it("what was opened stays open, and is that of the kernel that is chosen", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}#/v1/x86_64/5.4`);
    await page.getByText("Swap types and MAX_SWAPFILES").click();
    const files = page.locator("#max-swapfiles");
    await expect.poll(() => files.textContent()).toContain("MAX_SWAPFILES is 27");
    await page.locator("#release").fill("6.12");
    await expect.poll(() => files.textContent()).toContain("MAX_SWAPFILES is 23");
    await page.locator("#arch").selectOption("arm");
    await expect.poll(() => files.textContent()).toContain("MAX_SWAPFILES is 28");
  });

  it("back and forward go through the kernels that were chosen", async () => {
    await page.goto(`${opened.url}#/v1/x86_64/6.12/0xfffffffffffffc00`);
    await says("marker");
    const release = page.locator("#release");
    await release.fill("5.10");
    await says("device-private");
    await page.goBack();
    await says("marker");
    expect(await release.inputValue()).toBe("6.12");
    await page.goForward();
    await says("device-private");
    expect(await release.inputValue()).toBe("5.10");
    // As fast as it goes: the step is there as soon as the kernel is chosen.
    await release.fill("6.1");
    await page.goBack();
    await expect.poll(() => release.inputValue()).toBe("5.10");
  });

  it("lines of a .config that are pasted set what decides something, and nothing else; the word stays", async () => {
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await says("marker");
    await paste("CONFIG_ARM64=y\nCONFIG_ARM64_64K_PAGES=y\n# CONFIG_ARM64_4K_PAGES is not set\n");
    await expect
      .poll(() => page.url())
      .toMatch(/0x17c0\?config=CONFIG_ARM64_4K_PAGES=n&config=CONFIG_ARM64_64K_PAGES=y$/);
    expect(await page.locator("textarea").inputValue()).toBe("0x17c0");
  });

  it("a whole .config is of its own architecture and release, and turns off what is not in it", async () => {
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await says("marker");
    await paste("#\n# Linux/x86 6.1.0 Kernel Configuration\n#\nCONFIG_X86_64=y\nCONFIG_MIGRATION=y\n");
    await expect
      .poll(() => page.url())
      .toMatch(/#\/v1\/x86_64\/6\.1\.0\/0x17c0\?.*config=CONFIG_MIGRATION=y/);
    expect(page.url()).toContain("CONFIG_MEM_SOFT_DIRTY=n");
    expect(await page.locator(".notice").textContent()).toContain("x86_64, Linux 6.1.0");
  });

  it.each([
    ["a marker of x86_64", /^marker/],
    ["a swap entry of arm64", /^swap/],
    ["a present PTE", /^present/],
    ["a swp_entry_t", /type 29/],
    ["a word of pagemap", /^present/],
    ["a line of a log", /bit 58/],
  ])("the example %s is one", async (name, text) => {
    await page.goto("about:blank");
    await page.goto(opened.url);
    expect(await page.locator(".examples a").count()).toBe(6);
    await page.getByRole("link", { name, exact: true }).click();
    await says(text);
  });

  it("a log says its own kernel, whatever was chosen for the word before", async () => {
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await says("marker");
    await paste(
      "BUG: Bad page map in process java  pte:8000000104a2e027 pmd:104a2b067\nCPU: 3 PID: 4242 Comm: java Not tainted 6.1.0-50-amd64 #1\nRIP: 0010:zap_pte_range+0x1\n",
    );
    await expect.poll(() => page.locator("article").textContent()).toContain("x86_64 · Linux 6.1.0-50-amd64");
  });

  it("what of a link is not read is said, and the link stands; a place in the page is none", async () => {
    for (const [link, text] of [
      ["#/v2/x86_64/6.12/0x1", "does not read the link #/v2/x86_64/6.12/0x1"],
      ["#/v1/x86_64/6.12/0x67?as=banana", "Of this link is not read: as=banana"],
    ] as const) {
      await page.goto("about:blank");
      await page.goto(opened.url + link);
      await expect.poll(() => page.locator(".notice").textContent()).toContain(text);
    }
    await page.goto(`${opened.url}#/v1/arm64/6.12/0x17c0`);
    await says("marker");
    await page.evaluate(() => {
      location.hash = "#app";
    });
    await says("marker");
    expect(await page.locator("textarea").inputValue()).toBe("0x17c0");
  });

  it("a link without an architecture asks for one, and one of an unknown one shows it", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}#/v1/-/6.12/0x67`);
    await says("choose an architecture");
    await page.goto("about:blank");
    await page.goto(`${opened.url}#/v1/__proto__/6.12/0x67`);
    await says("unknown architecture");
    expect(await page.locator("#arch").inputValue()).toBe("__proto__");
    await page.goto(`${opened.url}#/v1/AMD64/6.12/0x67`);
    await says("present");
    expect(await page.locator("#arch").inputValue()).toBe("x86_64");
  });

  it("on a phone a finger meets one bit", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${opened.url}#/v1/x86_64/6.12/0xfffffffffffffc00`);
    await says("marker");
    const box = await page.locator("#bit-17").boundingBox();
    expect(box?.width).toBeGreaterThan(24);
    expect(box?.height).toBeGreaterThan(24);
    await page.setViewportSize({ width: 1100, height: 900 });
  });

  it("a log that is pasted gets its verdict first; its link has the log only where that is asked for", async () => {
    await page.goto("about:blank");
    await page.goto(opened.url);
    await paste(
      "BUG: Bad page map in process java  pte:400000000000000 pmd:104a2b067\nCPU: 3 PID: 4242 Comm: java Not tainted 6.1.0-50-amd64 #45\nRIP: 0010:zap_pte_range+0x1\n",
    );
    await says(/bit 58/);
    expect(await page.locator("article").count()).toBe(1);
    expect(page.url()).not.toContain("java");
    await page.locator("#with-log").check();
    await expect.poll(() => page.url()).toContain("java");
  });

  it("what only the reader can tell is asked for by the names of the page's controls", async () => {
    await page.goto("about:blank");
    await page.goto(opened.url);
    await paste("BUG: Bad page map in process a  pte:7e905800\n");
    await expect
      .poll(() => page.locator(".question").textContent(), { timeout: 20_000 })
      .toMatch(/^Which architecture.*; choose Architecture and Kernel above\.$/);
  });

  it("a long log is read beside the page: it answers meanwhile, shows a piece, and another log ends the reading", async () => {
    await page.goto("about:blank");
    await page.goto(opened.url);
    await put(page, manyReports(400, "first"));
    expect(await page.locator("#sentence").textContent()).toMatch(/^Reading/);
    await put(page, manyReports(120, "second"));
    await says(/^\d+ of 120 reports/);
    const articles = page.locator("article");
    expect(await articles.count()).toBe(50);
    expect(await page.locator(".more").textContent()).toContain("50 of 120 reports are shown");
    await page.getByRole("button", { name: "Show 50 more" }).click();
    await page.getByRole("button", { name: "Show 20 more" }).click();
    expect(await articles.count()).toBe(120);
    expect(await articles.last().textContent()).toContain("second119");
    expect(await page.locator("main").textContent()).not.toContain("first");
  });

  it("many words are a row each, counted by what they are; what cannot be read says why", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}#/v1/arm64/6.12`);
    await paste("0x17c0 12bc3e000\n0\n0x12345678901234567");
    await says("4 words: 1 marker, 1 swap, 1 none, 1 refused");
    const rows = await page.locator(".words tbody tr").allTextContents();
    expect(rows[0]).toMatch(/0x17c0\s+marker: type 31, uffd-wp/);
    expect(rows[3]).toContain("needs more than 64 bits");
    await page.getByRole("link", { name: "0x17c0" }).click();
    await says(/^marker/);
  });

  it("digits alone are hexadecimal, and the decimal number is one press away; what is too long is decimal", async () => {
    await page.goto("about:blank");
    await page.goto(`${opened.url}#/v1/x86_64/6.12`);
    await paste("9223372041227526247");
    await says(/^present/);
    expect(await page.locator("#word").textContent()).toBe("0x8000000104a2e067");
    expect(await page.locator("#base").textContent()).toContain("decimal");
    await paste("4660");
    await expect.poll(() => page.locator("#word").textContent()).toBe("0x0000000000004660");
    await page.getByRole("button", { name: "As a decimal number it is 0x1234" }).click();
    await expect.poll(() => page.locator("#word").textContent()).toBe("0x0000000000001234");
    expect(await page.locator("#base").count()).toBe(0);
  });

  it("what is in no link stays in the box when the page is loaded again, and is gone where it is opened anew", async () => {
    for (const text of ["BUG: Bad page map in process a  pte:1234", "0x17c0 0x18c0", "what is this"]) {
      await page.goto("about:blank");
      await page.goto(opened.url);
      await paste(text);
      await says(/./);
      await page.reload();
      expect(await page.locator("textarea").inputValue()).toBe(text);
      await page.goto(opened.url);
      expect(await page.locator("textarea").inputValue()).toBe("");
    }
  });

  it("no exception, and nothing that the page's own policy refused", () => {
    expect(wrong).toEqual([]);
  });

  it("the single file answers from file://", async () => {
    const { page: single, wrong: refused } = await newPage(context);
    await single.goto(`file://${site}explorer.html#/v1/riscv/6.12/0x1`);
    await expect.poll(() => single.locator("#sentence").textContent()).toContain("present");
    expect(refused).toEqual([]);
    await single.close();
  });

  it("the single file reads a log in a worker of its own", async () => {
    const { page: single, wrong: refused } = await newPage(context);
    await single.goto(`file://${site}explorer.html`);
    await put(single, manyReports(60, "single"));
    await expect
      .poll(() => single.locator("#sentence").textContent(), { timeout: 20_000 })
      .toMatch(/of 60 reports/);
    expect(single.workers().length).toBe(1);
    expect(refused).toEqual([]);
    await single.close();
  });

  it("the page of modules says where to go when it is opened from a file", async () => {
    const other = await opened.browser.newPage();
    await other.goto(`file://${site}index.html`);
    const sentence = other.locator(".unstarted");
    await sentence.waitFor({ state: "visible" });
    await sentence.getByRole("link").click();
    await other.locator("textarea").waitFor();
    expect(other.url()).toContain("explorer.html");
    await other.close();
  });

  it("layouts are readable without JavaScript", async () => {
    const other = await opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await other.newPage();
    await plain.goto(`${opened.url}arch/arm64/`);
    expect(await plain.locator("pre").first().textContent()).toContain("offset");
    await plain.goto(opened.url);
    expect(await plain.locator("footer a").count()).toBeGreaterThan(20);
    await other.close();
  });

  it("layouts are printed on a sheet each", async () => {
    const printed = await context.newPage();
    for (const name of ["x86_64", "powerpc", "arm"]) {
      await printed.goto(`${opened.url}arch/${name}/`);
      const layouts = await printed.locator("section.layout").count();
      const pdf = (await printed.pdf({ format: "A4" })).toString("latin1");
      const sheets = [...pdf.matchAll(/\/Type \/Page\b/g)].length;
      // The list of a long one is a sheet of its own.
      expect([name, sheets - layouts]).toEqual([name, layouts > 10 ? 1 : 0]);
    }
    await printed.close();
  });
});
