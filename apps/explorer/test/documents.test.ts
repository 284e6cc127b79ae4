// The documents on the site: every link leads somewhere, and the search finds without a server.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentsOf } from "../build/documents.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open, site } from "./browser.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const { documents, index } = documentsOf(repository);
const pages = fs
  .readdirSync(site, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("index.html") && name !== "index.html");
const htmlOf = (name: string): string => fs.readFileSync(path.join(site, name), "utf8");

describe("the documents", () => {
  it("are the README, docs/, the reference and the packages' READMEs, each with a title", () => {
    const folders = documents.map(({ here }) => here);
    for (const here of ["docs/", "docs/readme/", "docs/cli/", "docs/reference/core/", "docs/packages/dump/"])
      expect(folders).toContain(here);
    expect(new Set(folders).size).toBe(folders.length);
    expect(documents.filter(({ title }) => title === "")).toEqual([]);
  });

  it.each(pages)("every link of %s leads to a file of the site, and to a place in it", (name) => {
    const html = htmlOf(name);
    const wrong: string[] = [];
    for (const [, href = ""] of html.matchAll(/ href="([^"]*)"/g)) {
      if (/^(https?:|data:)/.test(href) || href.includes("#/v1/")) continue;
      const [target = "", anchor = ""] = href.replaceAll("&amp;", "&").split("#");
      const file =
        target === "" ? name : path.join(path.dirname(name), target.replace(/\/$|^$/, "/index.html"));
      const at = path.join(site, target.endsWith("..") ? path.join(file, "index.html") : file);
      if (!fs.existsSync(at)) wrong.push(href);
      else if (anchor !== "" && !fs.readFileSync(at, "utf8").includes(`id="${decodeURIComponent(anchor)}"`))
        wrong.push(href);
    }
    expect(wrong).toEqual([]);
  });

  it("the index has every heading once, and no word of a section twice", () => {
    expect(new Set(index.map(({ id }) => id)).size).toBe(index.length);
    for (const { words } of index) expect(new Set(words.split(" ")).size).toBe(words.split(" ").length);
  });

  it("nothing but comments is taken over as it stands", () => {
    for (const { here, body } of documents)
      expect([here, /<script|<img|onerror=/i.test(body.html)]).toEqual([here, false]);
  });
});

it("what is proven is counted in the repository's files", () => {
  const html = htmlOf("about/index.html");
  const files = (kind: string): number =>
    fs
      .readdirSync(path.join(repository, "packages/arch"))
      .map((name) => path.join(repository, "packages/arch", name, kind))
      .filter((folder) => fs.existsSync(folder))
      .flatMap((folder) => fs.readdirSync(folder).filter((name) => name.endsWith(".json"))).length;
  expect(html).toContain(`compiled from its headers, in ${files("vectors")} files`);
  expect(html).toContain(`beside their own pagemap, in ${files("live")} files`);
  expect(html).toContain(`went through with a page, in ${files("life")} files`);
});

describe.runIf(hasBrowser)("the search in a browser", { timeout: 60_000 }, () => {
  let opened: Opened;
  let page: Page;
  let wrong: string[];
  beforeAll(async () => {
    opened = await open();
    ({ page, wrong } = await newPage(await opened.browser.newContext()));
  }, 60_000);
  afterAll(() => opened?.close());

  it("finds a heading first; the link of a search works, and the place is there", async () => {
    await page.goto(`${opened.url}docs/`);
    await page.locator("#query").fill("exit status");
    await expect.poll(() => page.locator("#found p").textContent()).toMatch(/^\d+ found\.$/);
    await page.goto("about:blank");
    await page.goto(`${opened.url}docs/#/v1/docs?q=takeBit`);
    const first = page.locator("#found a").first();
    await expect.poll(() => first.textContent()).toContain("takeBit");
    await first.click();
    await page.waitForURL(/\/docs\/reference\/core\/#/);
    await expect.poll(() => page.locator(":target").count()).toBe(1);
  });

  it("what is nowhere is said", async () => {
    await page.goto(`${opened.url}docs/cli/`);
    await page.locator("#query").fill("xyzzyqq");
    await expect.poll(() => page.locator("#found").textContent()).toBe("Nothing found.");
  });

  it("documents are read without JavaScript", async () => {
    const context = await opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${opened.url}docs/the-argument/`);
    expect(await plain.locator("article h2").first().textContent()).toBe("One bit, or a swap type");
    await context.close();
  });

  it("no width makes a document scroll sideways", async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    for (const here of ["docs/cli/", "docs/spare-bits/", "docs/readme/", "about/"]) {
      await page.goto(opened.url + here);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([here, wide]).toEqual([here, 0]);
    }
  });

  it("no exception, and nothing that its policy refused", () => expect(wrong).toEqual([]));
});
