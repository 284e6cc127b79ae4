// What the page is to a screen reader, and what it looks like: both as files that a reviewer reads.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Opened } from "./browser.ts";
import { hasBrowser, open } from "./browser.ts";

const looks = [
  { name: "front", link: "" },
  { name: "marker", link: "#/v1/x86_64/6.12/0xfffffffffffffc00" },
  { name: "present", link: "#/v1/x86_64/6.12/0x8000000104a2e067" },
  { name: "refused", link: "#/v1/arm/6.12/0x123456789" },
  {
    name: "log",
    link: "#/v1/-/latest?log=BUG%3A%20Bad%20page%20map%20in%20process%20java%20%20pte%3A400000000000000%20pmd%3A104a2b067%0ACPU%3A%203%20PID%3A%204242%20Comm%3A%20java%20Not%20tainted%206.1.0-50-amd64%20%2345%0ARIP%3A%200010%3Azap_pte_range%2B0x1",
  },
  { name: "arch", link: "arch/hexagon/" },
] as const;
const at = (file: string): string => fileURLToPath(new URL(`./looks/${file}`, import.meta.url));
const update = process.env.PTEKIT_PICTURES === "update";

describe.runIf(hasBrowser)("the page", { timeout: 60_000 }, () => {
  let opened: Opened;
  let page: Page;
  beforeAll(async () => {
    opened = await open();
    const context = await opened.browser.newContext({
      viewport: { width: 1000, height: 800 },
      reducedMotion: "reduce",
      serviceWorkers: "block",
    });
    page = await context.newPage();
  }, 60_000);
  afterAll(() => opened?.close());

  const show = async (link: string): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(opened.url + link, { waitUntil: "networkidle" });
    if (!link.startsWith("arch/"))
      await expect.poll(() => page.locator("#sentence").textContent()).not.toMatch(/^Reading/);
  };

  it.each(looks)("$name: the tree of roles and names is that of the file", async ({ name, link }) => {
    await show(link);
    await expect(await page.locator("main").ariaSnapshot()).toMatchFileSnapshot(at(`${name}.aria.yml`));
  });

  // Another Chromium or other fonts draw other letters: those pictures are looked at where they were made.
  const drawnBy: { readonly browser: string; readonly font: string } = JSON.parse(
    fs.readFileSync(at("drawn-by.json"), "utf8"),
  );
  it.for(looks)("$name: looks as in the picture", async ({ name, link }, { skip }) => {
    await show(link);
    const here = await drawing(page, opened);
    if (update) fs.writeFileSync(at("drawn-by.json"), `${JSON.stringify(here)}\n`);
    else if (here.browser !== drawnBy.browser || here.font !== drawnBy.font)
      skip(
        `the pictures are of Chromium ${drawnBy.browser} and ${drawnBy.font}, here are ${here.browser} and ${here.font}`,
      );
    const shot = await page.screenshot();
    if (update) fs.writeFileSync(at(`${name}.png`), shot);
    const [seen, wanted] = [PNG.sync.read(shot), PNG.sync.read(fs.readFileSync(at(`${name}.png`)))];
    expect([seen.width, seen.height]).toEqual([wanted.width, wanted.height]);
    const different = pixelmatch(seen.data, wanted.data, undefined, seen.width, seen.height);
    expect(different / (seen.width * seen.height)).toBeLessThan(0.005);
  });
});

/** What draws: the browser's major version, and how wide its letters are. */
async function drawing(page: Page, { browser }: Opened): Promise<{ browser: string; font: string }> {
  const width = await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return 0;
    context.font = "100px system-ui";
    const text = context.measureText("pte offset type marker 0123456789").width;
    context.font = "100px monospace";
    return text + context.measureText("pte offset").width;
  });
  return { browser: browser.version().split(".")[0] ?? "", font: `letters ${Math.round(width)} wide` };
}
