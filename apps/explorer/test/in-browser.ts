// Tests on a page of the site, each with what every one of them begins and ends with.
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open } from "./browser.ts";

/** A page of the site, as the tests of one describe() have it. */
export interface Here {
  readonly opened: Opened;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in it so far. */
  readonly wrong: string[];
  /** Opens a link of the site anew, and waits until it is answered. */
  visit(link: string): Promise<void>;
  /** Waits until the sentence is such. */
  says(text: RegExp | string): Promise<void>;
}

/** Tests in a browser, on one page: the last of them holds that nothing went wrong in it. */
export function inBrowser(title: string, tests: (here: Here) => void, timeout = 90_000): void {
  describe.runIf(hasBrowser)(title, { timeout }, () => {
    let opened: Opened;
    let context: BrowserContext;
    let page: Page;
    let wrong: string[];
    beforeAll(async () => {
      opened = await open();
      context = await opened.browser.newContext({ viewport: { width: 1100, height: 900 } });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      ({ page, wrong } = await newPage(context));
    }, 60_000);
    afterAll(() => opened?.close());

    const sentence = (): Promise<string | null> => page.locator("#sentence").textContent();
    tests({
      get opened() {
        return opened;
      },
      get context() {
        return context;
      },
      get page() {
        return page;
      },
      get wrong() {
        return wrong;
      },
      async visit(link) {
        await page.goto("about:blank");
        await page.goto(opened.url + link, { waitUntil: "networkidle" });
        if ((await page.locator("#sentence").count()) > 0)
          await expect.poll(sentence, { timeout: 20_000 }).not.toMatch(/^Reading/);
      },
      async says(text) {
        await expect.poll(sentence, { timeout: 60_000 }).toMatch(text);
      },
    });

    it("no exception, and nothing that the page's own policy refused", () => expect(wrong).toEqual([]));
  });
}
