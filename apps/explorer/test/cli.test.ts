// Every example of docs/cli.md on the page: the same JSON.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../cli/src/commands/index.ts";
import { objects as objectsOf, ptekit } from "../../cli/test/run.ts";
import { diffFragment, sideOf } from "../src/diff/link.ts";
import { LIFE_START, lifeFragment, lifeStateOf } from "../src/life/link.ts";
import { WALK_START, walkFragment } from "../src/walk/link.ts";
import { inBrowser } from "./in-browser.ts";

interface Line {
  readonly line: string;
  readonly stdin: string;
}

const examplesOf = async (name: string): Promise<Line[]> =>
  ((await commands[name]?.())?.examples ?? []).map(({ line, stdin = "" }) => ({ line, stdin }));

/** Commands that the page has no place for, and why. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  census:
    "a file of bare PTEs says neither its kernel nor what it is; of a dump the page has the sums of scan --census",
  find: "the page lists the suspicious entries of a dump; any other entry is searched for where the dump lies",
  pagemap: "it reads /proc of the machine on which it runs",
};

const lines = (await Promise.all(Object.keys(commands).map(examplesOf))).flat();
/** The examples of one command. */
const of = (command: string): Line[] => lines.filter(({ line }) => line.split(" ")[1] === command);

// The dump that the examples call vmcore.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ptekit-page-"));
const vmcore = path.join(folder, "vmcore");
fs.copyFileSync(
  fileURLToPath(new URL("../../../packages/introspect/test/dumps/amd64-6.1.kdump", import.meta.url)),
  vmcore,
);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The values of an option on a command line. */
const option = (line: string, name: string): string[] =>
  [...line.matchAll(new RegExp(`--${name}[= ](\\S+)`, "g"))].map((found) => found[1] ?? "");

/** What the command prints with --json, an object a line. */
function printed({ line, stdin }: Line): { objects: Record<string, unknown>[]; refused: string } {
  const [, ...args] = line.split(" ").filter((word) => word !== "--json");
  const ran = ptekit([...args, "--json"], stdin, process.env, folder);
  return { objects: objectsOf(ran), refused: ran.err.trim() };
}

describe("the commands", () => {
  const shown = [
    ...[
      "decode",
      "encode",
      "entry",
      "explain",
      "layout",
      "diff",
      "history",
      "types",
      "spare",
      "argue",
      "life",
    ],
    ...["archs", "scan", "vtop", "walk"],
  ];

  it("are on the page, or it is said why not", () => {
    for (const [command, why] of Object.entries(NOT_SHOWN))
      console.log(`not on the page: ${command}: ${why}`);
    expect([...shown, ...Object.keys(NOT_SHOWN)].sort()).toEqual(Object.keys(commands).sort());
    for (const command of shown) expect([command, of(command).length > 0]).toEqual([command, true]);
  });
});

inBrowser(
  "the examples of docs/cli.md on the page",
  (here) => {
    /** The kernel that a command line names, chosen on the page. */
    async function choose(line: string): Promise<void> {
      await here.page.goto("about:blank");
      await here.page.goto(here.opened.url);
      const arch = option(line, "arch")[0] ?? "";
      const config = option(line, "config").map((text) => `config=${text}`);
      const rest = [
        ...config,
        ...option(line, "cpu").map((name) => `cpu=${name}`),
        ...option(line, "backport").map((name) => `backport=${name}`),
        ...option(line, "level").map((name) => `level=${name}`),
      ];
      await here.page.goto(
        `${here.opened.url}#/v1/${arch || "x86_64"}/${option(line, "kernel")[0] ?? "latest"}${rest.length > 0 ? `?${rest.join("&")}` : ""}`,
      );
      await here.page.locator("#release").waitFor();
    }

    const json = async (): Promise<unknown> =>
      JSON.parse((await here.page.locator(".answer .json pre").first().textContent()) ?? "null");

    /** The objects that stand in a place as JSON, a line each. */
    const objectsIn = async (place: string): Promise<unknown[]> =>
      ((await here.page.locator(place).first().textContent()) ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));

    const words = (line: string): string[] =>
      line
        .split(" ")
        .slice(2)
        .filter(
          (word, i, all) =>
            /^(0x)?[0-9a-f]+$/i.test(word) && (all[i - 1] === "--json" || !all[i - 1]?.startsWith("--")),
        );

    const decodes = of("decode");

    it.each(decodes.filter(({ line }) => line.includes(" --pagemap ")))("$line", async (example) => {
      const [answer = {}] = printed(example).objects;
      await choose(example.line);
      await here.page
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
        await here.page.locator("textarea").first().fill(word);
        await expect.poll(json).toEqual(objects[i]);
      }
      if (given.length < 2) return;
      await here.page.locator("textarea").first().fill(given.join("\n"));
      const all = async (): Promise<unknown[]> =>
        (await textOf(".answer .json pre"))
          .split("\n")
          .map((line) => (line === "" ? null : JSON.parse(line)));
      await expect.poll(all).toEqual(objects);
    });

    it.each(of("entry"))("$line", async (example) => {
      const { objects } = printed(example);
      await choose(example.line);
      await here.page.locator('input[name="as"][value="entry"]').check();
      if (option(example.line, "arch").length === 0) await here.page.locator("#arch").selectOption("");
      for (const [i, word] of words(example.line).entries()) {
        await here.page.locator("textarea").first().fill(word);
        // What is assumed of options that were not given, the page says as the other reading.
        const { assumed, ...said } = objects[i] ?? {};
        await expect.poll(json).toEqual(option(example.line, "arch").length === 0 ? said : objects[i]);
      }
    });

    it.each(of("encode"))("$line", async (example) => {
      const { line } = example;
      const { objects, refused } = printed(example);
      await choose(line);
      const edit = async (field: string, value: string): Promise<void> => {
        await here.page.locator(`#field-${field}`).fill(value);
        await here.page.locator(`#field-${field}`).press("Enter");
      };
      const [marker, migration] = [option(line, "marker")[0], option(line, "migration")[0]];
      const name = marker ? `marker ${marker}` : migration ? `migration-${migration}` : "swap";
      const button = here.page.getByRole("button", { name, exact: true });
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
        if (line.includes(` --${flag}`)) await here.page.locator(`[data-flag="${key}"]`).check();
      }
      if (objects.length > 0) await expect.poll(json).toEqual(objects[0]);
      else
        await expect.poll(() => here.page.locator(".notice").textContent()).toMatch(/needs \d+ bits|holds/);
    });

    const textOf = async (place: string): Promise<string> =>
      (await here.page.locator(place).textContent()) ?? "";

    const spares = of("spare").filter(({ line }) => line.includes(" --arch "));

    it.each(spares.filter(({ line }) => line.includes(" --take ")))("$line", async (example) => {
      const { objects } = printed(example);
      const { line } = example;
      const use = { "uffd-wp": "uffdWp", "soft-dirty": "softDirty" }[option(line, "for")[0] ?? ""];
      const kernel = `${option(line, "arch")[0]}@${option(line, "kernel")[0]}`;
      await here.visit(`what-if/#/v1/what-if/${kernel}?for=${use}&bit=${option(line, "take")[0]}`);
      await here.page.getByText("What the build checks and the properties say").click();
      await here.page.locator("#properties").waitFor();
      expect(objects.length).toBe(1);
      expect(await objectsIn(".checks .json pre")).toEqual(objects);
    });

    it.each(spares.filter(({ line }) => !line.includes(" --take ")))("$line", async (example) => {
      const [answer = {}] = printed(example).objects;
      expect(answer.free).toBeInstanceOf(Array);
      await choose(example.line);
      const place = example.line.includes("--present") ? "#spare-present" : "#spare";
      await here.page.locator(`${place} > .json pre`).waitFor({ state: "attached" });
      expect(JSON.parse(await textOf(`${place} > .json pre`))).toEqual(answer);
      const free = answer.free as number[];
      expect(await textOf(place === "#spare" ? "#free" : "#free-present")).toContain(
        free.length === 0 ? "No bit of the swap PTE is free" : free.join(", "),
      );
    });

    it.each(of("spare").filter(({ line }) => line.includes(" --all")))("$line", async (example) => {
      const { objects } = printed(example);
      expect(objects.length).toBeGreaterThan(100);
      await choose("--arch arm64 --kernel 6.12");
      await here.page.getByText("Every layout of every architecture").click();
      await here.page.locator(".all .json pre").waitFor({ state: "attached" });
      const shown = (await textOf(".all .json pre")).split("\n").map((line) => JSON.parse(line));
      expect(shown).toEqual(objects);
      expect(await here.page.locator(".all tbody tr").count()).toBe(objects.length);
    });

    it.each(of("explain"))("$line", async (example) => {
      const { objects } = printed(example);
      await choose(example.line);
      await here.page.locator("textarea").first().fill(example.stdin);
      const shown = async (): Promise<unknown[]> =>
        (await here.page.locator("article .json pre").allTextContents()).map((text) => JSON.parse(text));
      const reports = objects.filter((object) => "words" in object);
      if (reports.length > 0) await expect.poll(shown).toEqual(reports);
      else
        await expect
          .poll(() => here.page.locator("#sentence").textContent())
          .toContain("No line here carries");
    });

    it.each([...of("layout"), ...of("types")])("$line", async (example) => {
      const { objects } = printed({ ...example, line: example.line.replace(/ --svg \S+/, "") });
      const [place, summary] = example.line.startsWith("ptekit layout")
        ? [".layout-whole", "Diagram, legend and limits"]
        : [".types", "Swap types and MAX_SWAPFILES"];
      await choose(example.line);
      await here.page.getByText(summary).click();
      await here.page.locator(`${place} .json pre`).waitFor({ state: "attached" });
      expect(objects.length).toBe(1);
      expect(await objectsIn(`${place} .json pre`)).toEqual(objects);
    });

    it.each(of("diff"))("$line", async (example) => {
      const [, , from = "", to = ""] = example.line.split(" ");
      const sides = { from: sideOf(from), to: sideOf(to) };
      if (sides.from === null || sides.to === null) throw new Error(`${example.line} names no two sides`);
      await here.visit(`diff/${diffFragment({ from: sides.from, to: sides.to })}`);
      const { objects } = printed(example);
      expect(objects.length).toBe(1);
      await expect.poll(() => objectsIn("#diff .json pre")).toEqual(objects);
    });

    it.each(of("history"))("$line", async (example) => {
      const { objects } = printed(example);
      const arch = option(example.line, "arch")[0] ?? "";
      await here.visit(`diff/#/v1/diff/${arch}@${option(example.line, "from")[0]}/${arch}@latest`);
      expect(objects.length).toBeGreaterThan(1);
      await expect.poll(() => objectsIn(".moves .json pre")).toEqual(objects);
    });

    it.each(of("argue"))("$line", async (example) => {
      const { objects } = printed(example);
      const archs = option(example.line, "arch");
      await here.visit(`what-if/#/v1/what-if/x86_64@${option(example.line, "release")[0] ?? "latest"}`);
      await here.page.locator("#all").click();
      await here.page.locator("#totals").waitFor();
      const shown = (await objectsIn("section[aria-labelledby='all-title'] .json pre")) as { arch: string }[];
      expect(objects.length).toBeGreaterThan(1);
      expect(archs.length === 0 ? shown : shown.filter(({ arch }) => archs.includes(arch))).toEqual(objects);
    });

    it.each(of("life"))("$line", async (example) => {
      const { objects } = printed({ ...example, line: example.line.replace(" --brief", "") });
      await here.visit(`life/${lifeLink(example.line)}`);
      await here.page.locator("#life .steps").waitFor();
      await expect.poll(() => objectsIn("#life .json pre")).toEqual(objects);
      if (objects.length === 0) await here.says("cannot happen");
    });

    it.each(of("archs"))("$line", async (example) => {
      const { objects } = printed(example);
      await here.visit("about/");
      expect(objects.length).toBeGreaterThan(20);
      expect(await objectsIn(".archs pre")).toEqual(objects);
    });

    it.each(of("walk"))("$line", async (example) => {
      const { objects } = printed(example);
      const [walked = {}] = objects as { path?: { level: string; entry: string }[]; assumed?: string[] }[];
      await here.visit(
        `walk/${walkFragment({
          ...WALK_START,
          arch: option(example.line, "arch")[0] ?? "",
          release: option(example.line, "kernel")[0] ?? "",
          root: `0x${option(example.line, "root")[0]}`,
          address: words(example.line).at(-1) ?? "",
          entries: Object.fromEntries((walked.path ?? []).map(({ level, entry }) => [level, entry])),
        })}`,
      );
      expect(walked.path?.length).toBeGreaterThan(0);
      // The page has no file of which something would be taken.
      const assumed = walked.assumed?.filter((sentence) => !sentence.includes("--ram-base"));
      await expect.poll(() => objectsIn("#walk .json pre")).toEqual([{ ...walked, assumed }]);
    });

    const drop = async (): Promise<void> => {
      await here.visit("");
      await here.page.locator("#file").setInputFiles(vmcore);
      await here.says(/: \d+ processes/);
    };

    it.each(of("scan"))("$line", async (example) => {
      const { objects } = printed(example);
      await drop();
      const place = example.line.includes("--census") ? ".census .json pre" : ".answer > .json pre";
      const shown = [
        ...(example.line.includes("--census") ? (await objectsIn(".answer > .json pre")).slice(0, 1) : []),
        ...(await objectsIn(place)),
      ];
      if (option(example.line, "top").length === 0) expect(shown).toEqual(objects);
      // The page has every process; the command, of those, the largest.
      else for (const one of objects) expect(shown).toContainEqual(one);
    });

    it.each(of("vtop"))("$line", async (example) => {
      const { objects } = printed(example);
      const [pid = "", address = ""] = example.line.split(" ").slice(-2);
      await drop();
      await here.page.getByRole("combobox", { name: "Process", exact: true }).selectOption(pid);
      await here.page.getByLabel("Address", { exact: true }).fill(address);
      await here.page.getByRole("button", { name: "Follow" }).click();
      await expect
        .poll(() => objectsIn("section[aria-labelledby='way-title'] .json pre"), { timeout: 30_000 })
        .toEqual(objects);
    });
  },
  120_000,
);

/** The link that a command line of life means. */
function lifeLink(line: string): string {
  const values = new Map<string, string>();
  const events: string[] = [];
  const all = line.split(" ").slice(2);
  for (let i = 0; i < all.length; i++) {
    const word = all[i] ?? "";
    if (["--brief", "--compare"].includes(word)) values.set(word, "yes");
    else if (word.startsWith("--")) values.set(word, all[++i] ?? "");
    else events.push(word);
  }
  const given = lifeStateOf(`#/v1/life/a/1?vma=${values.get("--vma")}&feature=${values.get("--feature")}`);
  return lifeFragment({
    ...LIFE_START,
    arch: values.get("--arch") ?? "",
    release: values.get("--kernel") ?? "",
    vma: given.vma,
    features: given.features,
    by: values.has("--compare") ? "compare" : "swap-type",
    events,
    step: events.length,
  });
}
