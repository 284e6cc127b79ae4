// What holds for every page of the site: it can be read by everybody, everywhere, and asks nothing of anybody.
import { expect, it } from "vitest";
import { axeFinds } from "./axe.ts";
import { newPage } from "./browser.ts";
import { inBrowser } from "./in-browser.ts";
import { archPages, pages } from "./pages.ts";

inBrowser(
  "every page of the site",
  (here) => {
    it.each(pages)(
      "$name shows what its link names, at no width wider than its window",
      async ({ link, shows }) => {
        const { page, visit } = here;
        for (const width of [360, 768, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          await visit(link);
          await page.getByText(shows).first().waitFor({ state: "attached" });
          const [scroll, client] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ]);
          expect([width, scroll]).toEqual([width, client]);
        }
      },
    );

    it.each([...pages, ...archPages])("$name: axe finds nothing in either theme", async ({ link }) => {
      for (const colorScheme of ["light", "dark"] as const)
        expect(await axeFinds(here.opened, link, colorScheme)).toEqual([]);
    });

    it.each(pages.filter(({ name }) => name !== "embed"))(
      "$name: Tab reaches the content by way of a link over the head, and every control has a place that is seen",
      async ({ link }) => {
        const { page, visit } = here;
        await visit(link);
        await page.keyboard.press("Tab");
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("To the content");
        const seen: string[] = [];
        for (let i = 0; i < 12; i++) {
          await page.keyboard.press("Tab");
          seen.push(
            await page.evaluate(() => {
              const at = document.activeElement;
              if (!at || at === document.body) return "";
              const { width, height } = at.getBoundingClientRect();
              const { outlineStyle } = getComputedStyle(at);
              return width > 0 && height > 0 && outlineStyle !== "none" ? "" : at.outerHTML.slice(0, 80);
            }),
          );
        }
        expect(seen.filter((text) => text !== "")).toEqual([]);
      },
    );

    it.each(pages)("$name is printed without what only a screen needs", async ({ link, shows }) => {
      const { page, visit } = here;
      await visit(link);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("header nav:visible, form:visible, footer:visible").count()).toBe(0);
      await page.getByText(shows).first().waitFor({ state: "attached" });
      const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
      expect([...pdf.matchAll(/\/Type \/Page\b/g)].length).toBeGreaterThan(0);
      await page.emulateMedia({ media: null });
    });

    it("without a network every page is there after the first visit; a document, once it was read", async () => {
      const context = await here.opened.browser.newContext();
      const { page, wrong } = await newPage(context);
      await page.goto(here.opened.url);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      const documents = pages.filter(({ link }) => /^(docs|diff)\/./.test(link));
      for (const { link } of documents) await page.goto(here.opened.url + link, { waitUntil: "networkidle" });
      await context.setOffline(true);
      for (const { link, shows } of pages) {
        await page.goto("about:blank");
        await page.goto(here.opened.url + link);
        await page.getByText(shows).first().waitFor({ state: "attached", timeout: 20_000 });
      }
      expect(wrong).toEqual([]);
      await context.close();
    });

    it("nothing is asked of another host, and nothing but files of the site", async () => {
      const context = await here.opened.browser.newContext({ serviceWorkers: "block" });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(here.opened.url) || request.method() !== "GET")
          asked.push(request.url());
      });
      for (const { link } of pages) await page.goto(here.opened.url + link, { waitUntil: "networkidle" });
      expect(asked.filter((url) => !/^(about|data|blob):/.test(url))).toEqual([]);
      await context.close();
    });
  },
  180_000,
);
