// Words of the kernel's own macros, through the built page: its own bundle is on trial.
import fs from "node:fs";
import { load } from "@ptekit/all";
import type { ConfigValue, FileHead } from "@ptekit/core";
import { parseConfigValue } from "@ptekit/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fragmentOf, START } from "../src/link.ts";
import type { Opened } from "./browser.ts";
import { hasBrowser, open } from "./browser.ts";

interface Vectors extends FileHead {
  readonly decode: readonly {
    readonly pte: string;
    readonly none: boolean;
    readonly present: boolean;
    readonly type: number;
    readonly offset: string;
    readonly swpEntry: string;
  }[];
}

/** One of how many words of a file: CI takes all of them. */
const STEP = process.env.PTEKIT_WHOLE === "1" ? 1 : 11;

const files = ["arm", "arm64", "x86_64"].flatMap((arch) => {
  const folder = new URL(`../../../packages/arch/${arch}/vectors/`, import.meta.url);
  return fs
    .readdirSync(folder)
    .map((name): [string, string, Vectors] => [
      name,
      arch,
      JSON.parse(fs.readFileSync(new URL(name, folder), "utf8")),
    ]);
});

/** The link of the kernel that a file is of: its configuration is whole, so what is not in it is off. */
async function linkOf(name: string, { release, config, cpu }: Vectors): Promise<string> {
  const { symbols } = await load(name);
  const entries = symbols.flatMap((symbol): [string, ConfigValue][] => {
    const value = parseConfigValue(config[symbol.name] ?? "");
    if (value === null && typeof symbol.default === "number") return [];
    return [[symbol.name, value ?? "n"]];
  });
  return fragmentOf({
    ...START,
    arch: name,
    release,
    config: Object.fromEntries(entries),
    cpu: [cpu ?? []].flat(),
  });
}

describe.runIf(hasBrowser)("the kernel's words through the built page", { timeout: 180_000 }, () => {
  let opened: Opened;
  let page: Page;
  beforeAll(async () => {
    opened = await open();
    page = await opened.browser.newPage();
  }, 60_000);
  afterAll(() => opened?.close());

  it.each(files)("%s", async (_, arch, file) => {
    const asked = file.decode.filter((__, i) => i % STEP === 0);
    await page.goto("about:blank");
    await page.goto(opened.url + (await linkOf(arch, file)));
    await page.locator("#spare-title").waitFor();
    const answers = await page.evaluate(
      (words) =>
        words.map((word) => {
          const box = document.querySelector("textarea");
          if (!box) throw new Error("there is no box");
          box.value = word;
          box.dispatchEvent(new Event("input", { bubbles: true }));
          return (
            document.querySelector(".answer .json pre")?.textContent ??
            document.querySelector("#sentence")?.textContent ??
            ""
          );
        }),
      asked.map(({ pte }) => pte),
    );
    for (const [i, { pte, none, present, type, offset, swpEntry }] of asked.entries()) {
      const said = JSON.parse(answers[i] ?? "");
      const kind = present ? "present" : none ? "none" : null;
      if (kind !== null) expect([pte, said.kind]).toEqual([pte, kind]);
      else expect(said).toMatchObject({ type, offset, swpEntry });
    }
  });
});
