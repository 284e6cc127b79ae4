// What the page is to a screen reader, and what it looks like: both as files that a reviewer reads.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Opened } from "./browser.ts";
import { hasBrowser, open } from "./browser.ts";
import { pages } from "./pages.ts";

// What is counted or measured anew with every change is no look.
const looks = pages.filter(
  ({ name }) => !["about", "documents", "document", "questions", "search"].includes(name),
);
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
    if ((await page.locator("#sentence").count()) > 0)
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
