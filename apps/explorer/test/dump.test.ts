// A dump on the page: read in the worker where it lies, as ptekit scan reads it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objects, ptekit } from "../../cli/test/run.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, newPage, open, site } from "./browser.ts";

const dump = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/introspect/test/dumps/${name}.kdump`, import.meta.url));

describe.runIf(hasBrowser)("a file on the page", { timeout: 90_000 }, () => {
  let opened: Opened;
  let page: Page;
  let wrong: string[];
  let folder: string;
  beforeAll(async () => {
    opened = await open();
    ({ page, wrong } = await newPage(
      await opened.browser.newContext({ viewport: { width: 1100, height: 900 } }),
    ));
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-page-"));
  }, 60_000);
  afterAll(async () => {
    fs.rmSync(folder, { recursive: true, force: true });
    await opened?.close();
  });

  const choose = async (files: string | string[], at: string = opened.url): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(at);
    await page.locator("#file").setInputFiles(files);
  };
  const says = (text: RegExp): Promise<void> =>
    expect.poll(() => page.locator("#sentence").textContent(), { timeout: 60_000 }).toMatch(text);
  const shown = async (): Promise<unknown[]> =>
    ((await page.locator(".answer > .json pre").textContent()) ?? "")
      .split("\n")
      .map((line) => JSON.parse(line));

  it("a dump is a table of its processes, and every line is that of ptekit scan --json", async () => {
    await choose(dump("amd64-6.1"));
    await says(/^Linux 6\.1.*: \d+ processes, nothing suspicious/);
    expect(await shown()).toEqual(objects(ptekit(["scan", "--json", dump("amd64-6.1")])));
    expect(await page.locator("#processes thead").textContent()).toContain("swapped");
    expect(await page.locator("#processes tbody tr").last().textContent()).toMatch(/all \d+/);
    expect(page.workers().length).toBe(1);
  });

  it("a long log and a packed one are read where they lie; a file of another form says what it is", async () => {
    const line =
      "BUG: Bad page map in process java  pte:400000000000000 pmd:104a2b067\nRIP: 0010:zap_pte_range+0x1\n";
    const packed = path.join(folder, "log.gz");
    fs.writeFileSync(packed, gzipSync(line));
    await choose(packed);
    await says(/bit 58/);
    const long = path.join(folder, "long.txt");
    fs.writeFileSync(long, "all is well\n".repeat(100_000) + line);
    await choose(long);
    await says(/bit 58/);
    expect(await page.locator("textarea").inputValue()).toBe("");
    const other = path.join(folder, "program");
    fs.writeFileSync(other, fs.readFileSync(process.execPath).subarray(0, 2_000_000));
    await choose(other);
    await says(/program is an ELF program/);
  });

  it("a reading that is stopped keeps what it has, and a word in the box takes its place", async () => {
    await choose(dump("riscv64-7.2"));
    await page.locator("#stop").click();
    await says(/^The reading was stopped/);
    await page.locator("textarea").fill("0x0");
    await says(/none/);
  });

  it("a damaged dump is refused in a sentence", async () => {
    const cut = path.join(folder, "cut.kdump");
    fs.writeFileSync(cut, fs.readFileSync(dump("amd64-6.1")).subarray(0, 5000));
    await choose(cut);
    await says(/cut\.kdump|dump|VMCOREINFO|bytes/);
    expect(await page.locator("#processes").count()).toBe(0);
  });

  it("the page as one file says that it reads none", async () => {
    await choose(dump("amd64-6.1"), `file://${site}explorer.html`);
    await says(/reads no dumps/);
  });

  it("no exception, and nothing that the page's own policy refused", () => {
    expect(wrong).toEqual([]);
  });
});
