// The documents on the site: every link leads somewhere, and the search finds without a server.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cases } from "../../../packages/explain/test/judge.ts";
import { documentsOf } from "../build/documents.ts";
import { site } from "./browser.ts";
import { inBrowser } from "./in-browser.ts";

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

it("the reports of others are counted by their cause, and the day of the last comparison is told", () => {
  const html = htmlOf("about/index.html");
  const reports = cases();
  expect(html).toContain(`${reports.length} reports of bad entries`);
  for (const { cause } of reports)
    expect(html).toContain(`${cause} ${reports.filter((one) => one.cause === cause).length}`);
  expect(html).not.toContain("undefined");
  // Outside a clone nothing knows the day.
  if (fs.existsSync(path.join(repository, ".git")))
    expect(html).toMatch(/<time datetime="(20\d\d-\d\d-\d\d)">\1<\/time>/);
});

inBrowser("the search in a browser", (here) => {
  it("finds a heading first; the link of a search works, and the place is there", async () => {
    await here.page.goto(`${here.opened.url}docs/`);
    await here.page.locator("#query").fill("exit status");
    await expect.poll(() => here.page.locator("#found p").textContent()).toMatch(/^\d+ found\.$/);
    await here.page.goto("about:blank");
    await here.page.goto(`${here.opened.url}docs/#/v1/docs?q=takeBit`);
    const first = here.page.locator("#found a").first();
    await expect.poll(() => first.textContent()).toContain("takeBit");
    await first.click();
    await here.page.waitForURL(/\/docs\/reference\/core\/#/);
    await expect.poll(() => here.page.locator(":target").count()).toBe(1);
  });

  it("what is nowhere is said", async () => {
    await here.page.goto(`${here.opened.url}docs/cli/`);
    await here.page.locator("#query").fill("xyzzyqq");
    await expect.poll(() => here.page.locator("#found").textContent()).toBe("Nothing found.");
  });

  it("documents are read without JavaScript", async () => {
    const context = await here.opened.browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${here.opened.url}docs/the-argument/`);
    expect(await plain.locator("article h2").first().textContent()).toBe("One bit, or a swap type");
    await context.close();
  });
});
