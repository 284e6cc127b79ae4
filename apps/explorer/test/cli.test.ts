// What docs/cli.md shows of a word, the page says too: the same JSON.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../cli/src/commands/index.ts";
import { objects as objectsOf, ptekit } from "../../cli/test/run.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, open } from "./browser.ts";

interface Line {
  readonly line: string;
  readonly stdin: string;
}

const examplesOf = async (name: string): Promise<Line[]> =>
  ((await commands[name]?.())?.examples ?? []).map(({ line, stdin = "" }) => ({ line, stdin }));

const lines = (await Promise.all(["decode", "encode", "entry", "spare", "explain"].map(examplesOf))).flat();

/** Of what spare --take says, as much as the page says too. */
interface Taken {
  readonly from: string;
  readonly before: { readonly swapFiles: number };
  readonly after: { readonly swapFiles: number };
  readonly refusedBy: readonly string[];
}

/** The values of an option on a command line. */
const option = (line: string, name: string): string[] =>
  [...line.matchAll(new RegExp(`--${name}[= ](\\S+)`, "g"))].map((found) => found[1] ?? "");

/** What the command prints with --json, an object a line. */
function printed({ line, stdin }: Line): { objects: Record<string, unknown>[]; refused: string } {
  const [, ...args] = line.split(" ").filter((word) => word !== "--json");
  const ran = ptekit([...args, "--json"], stdin);
  return { objects: objectsOf(ran), refused: ran.err.trim() };
}

describe.runIf(hasBrowser)("the examples of docs/cli.md on the page", { timeout: 120_000 }, () => {
  let opened: Opened;
  let page: Page;
  beforeAll(async () => {
    opened = await open();
    page = await opened.browser.newPage();
  }, 60_000);
  afterAll(() => opened?.close());

  /** The kernel that a command line names, chosen on the page. */
  async function choose(line: string): Promise<void> {
    await page.goto("about:blank");
    await page.goto(opened.url);
    const arch = option(line, "arch")[0] ?? "";
    const config = option(line, "config").map((text) => `config=${text}`);
    const rest = [
      ...config,
      ...option(line, "cpu").map((name) => `cpu=${name}`),
      ...option(line, "backport").map((name) => `backport=${name}`),
      ...option(line, "level").map((name) => `level=${name}`),
    ];
    await page.goto(
      `${opened.url}#/v1/${arch || "x86_64"}/${option(line, "kernel")[0] ?? "latest"}${rest.length > 0 ? `?${rest.join("&")}` : ""}`,
    );
    await page.locator("#release").waitFor();
  }

  const json = async (): Promise<unknown> =>
    JSON.parse((await page.locator(".answer .json pre").first().textContent()) ?? "null");

  const words = (line: string): string[] =>
    line
      .split(" ")
      .slice(2)
      .filter(
        (word, i, all) =>
          /^(0x)?[0-9a-f]+$/i.test(word) && (all[i - 1] === "--json" || !all[i - 1]?.startsWith("--")),
      );

  const decodes = lines.filter(({ line }) => line.startsWith("ptekit decode"));

  it.each(decodes.filter(({ line }) => line.includes(" --pagemap ")))("$line", async (example) => {
    const [answer = {}] = printed(example).objects;
    await choose(example.line);
    await page
      .locator("textarea")
      .first()
      .fill(`pagemap: ${option(example.line, "pagemap")[0]}`);
    await expect.poll(() => textOf("#sentence")).toContain(answer.meaning);
    // The command says beside it of which kernel the word is, which the page has in its controls.
    const { kernel: _, arch, assumed, meaning, pagemap, ...said } = answer;
    expect(arch).toBe("x86_64");
    expect(await json()).toEqual({ word: pagemap, ...said });
  });

  it.each(decodes.filter(({ line }) => !line.includes(" --pagemap ")))("$line", async (example) => {
    const { objects } = printed(example);
    const given = [...words(example.line), ...example.stdin.split(/\s+/).filter((word) => word !== "")];
    expect(objects.length).toBe(given.length);
    await choose(example.line);
    for (const [i, word] of given.entries()) {
      await page.locator("textarea").first().fill(word);
      await expect.poll(json).toEqual(objects[i]);
    }
    if (given.length < 2) return;
    await page.locator("textarea").first().fill(given.join("\n"));
    const all = async (): Promise<unknown[]> =>
      (await textOf(".answer .json pre")).split("\n").map((line) => (line === "" ? null : JSON.parse(line)));
    await expect.poll(all).toEqual(objects);
  });

  it.each(lines.filter(({ line }) => line.startsWith("ptekit entry")))("$line", async (example) => {
    const { objects } = printed(example);
    await choose(example.line);
    await page.locator('input[name="as"][value="entry"]').check();
    if (option(example.line, "arch").length === 0) await page.locator("#arch").selectOption("");
    for (const [i, word] of words(example.line).entries()) {
      await page.locator("textarea").first().fill(word);
      // What is assumed of options that were not given, the page says as the other reading.
      const { assumed, ...said } = objects[i] ?? {};
      await expect.poll(json).toEqual(option(example.line, "arch").length === 0 ? said : objects[i]);
    }
  });

  it.each(lines.filter(({ line }) => line.startsWith("ptekit encode")))("$line", async (example) => {
    const { line } = example;
    const { objects, refused } = printed(example);
    await choose(line);
    const edit = async (field: string, value: string): Promise<void> => {
      await page.locator(`#field-${field}`).fill(value);
      await page.locator(`#field-${field}`).press("Enter");
    };
    const [marker, migration] = [option(line, "marker")[0], option(line, "migration")[0]];
    const name = marker ? `marker ${marker}` : migration ? `migration-${migration}` : "swap";
    const button = page.getByRole("button", { name, exact: true });
    if (refused !== "" && objects.length === 0 && (await button.count()) === 0) return;
    await button.click();
    if (marker === undefined && migration === undefined) {
      await edit("type", option(line, "type")[0] ?? "0");
      await edit("offset", option(line, "offset")[0] ?? "0");
    }
    if (migration !== undefined) await edit("pfn", option(line, "pfn")[0] ?? "0");
    for (const [flag, key] of [
      ["exclusive", "exclusive"],
      ["soft-dirty", "softDirty"],
      ["uffd-wp", "uffdWp"],
      ["young", "young"],
      ["dirty", "dirty"],
    ] as const) {
      if (line.includes(` --${flag}`)) await page.locator(`[data-flag="${key}"]`).check();
    }
    if (objects.length > 0) await expect.poll(json).toEqual(objects[0]);
    else await expect.poll(() => page.locator(".notice").textContent()).toMatch(/needs \d+ bits|holds/);
  });

  const textOf = async (place: string): Promise<string> => (await page.locator(place).textContent()) ?? "";

  const spares = lines.filter(({ line }) => line.startsWith("ptekit spare --arch"));

  it.each(spares.filter(({ line }) => line.includes(" --take ")))("$line", async ({ line, stdin }) => {
    const [answer = {}] = printed({ line, stdin }).objects;
    const use = { "uffd-wp": "uffdWp", "soft-dirty": "softDirty" }[option(line, "for")[0] ?? ""];
    const kernel = `${option(line, "arch")[0]}@${option(line, "kernel")[0]}`;
    await page.goto(`${opened.url}what-if/#/v1/what-if/${kernel}?for=${use}&bit=${option(line, "take")[0]}`);
    await page.locator("table").first().waitFor();
    const shown = (await textOf("main")).replaceAll(/\s+/g, " ");
    // The properties are the command's alone: they take the conformance kit.
    const { from, before, after, refusedBy } = answer as unknown as Taken;
    expect(shown).toContain(
      `Bit ${option(line, "take")[0]} is ${from === "free" ? "free" : `the ${from}'s`}`,
    );
    if (before.swapFiles !== after.swapFiles)
      expect(shown).toContain(`swap files (MAX_SWAPFILES)${before.swapFiles}${after.swapFiles}`);
    else expect(shown).toContain("Nothing that the kernel has room for changes");
    expect(shown.includes("MAX_SWAPFILES_CHECK()")).toBe(refusedBy.length > 0);
  });

  it.each(spares.filter(({ line }) => !line.includes(" --take ")))("$line", async (example) => {
    const [answer = {}] = printed(example).objects;
    expect(answer.free).toBeInstanceOf(Array);
    await choose(example.line);
    const place = example.line.includes("--present") ? "#spare-present" : "#spare";
    await page.locator(`${place} > .json pre`).waitFor({ state: "attached" });
    expect(JSON.parse(await textOf(`${place} > .json pre`))).toEqual(answer);
    const free = answer.free as number[];
    expect(await textOf(place === "#spare" ? "#free" : "#free-present")).toContain(
      free.length === 0 ? "No bit of the swap PTE is free" : free.join(", "),
    );
  });

  it.each(lines.filter(({ line }) => line.startsWith("ptekit spare --all")))("$line", async (example) => {
    const { objects } = printed(example);
    expect(objects.length).toBeGreaterThan(100);
    await choose("--arch arm64 --kernel 6.12");
    await page.getByText("Every layout of every architecture").click();
    await page.locator(".all .json pre").waitFor({ state: "attached" });
    const shown = (await textOf(".all .json pre")).split("\n").map((line) => JSON.parse(line));
    expect(shown).toEqual(objects);
    expect(await page.locator(".all tbody tr").count()).toBe(objects.length);
  });

  it.each(lines.filter(({ line, stdin }) => line.startsWith("ptekit explain") && stdin !== ""))(
    "$line",
    async (example) => {
      const { objects } = printed(example);
      await choose(example.line);
      await page.locator("textarea").first().fill(example.stdin);
      const shown = async (): Promise<unknown[]> =>
        (await page.locator("article .json pre").allTextContents()).map((text) => JSON.parse(text));
      const reports = objects.filter((object) => "words" in object);
      if (reports.length > 0) await expect.poll(shown).toEqual(reports);
      else await expect.poll(() => page.locator("#sentence").textContent()).toContain("No line here carries");
    },
  );
});
