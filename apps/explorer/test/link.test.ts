import fs from "node:fs";
import { NEWEST_RELEASE } from "@ptekit/core";
import { describe, expect, it } from "vitest";
import { diffFragment, sidesOf } from "../src/diff/link.ts";
import { lifeFragment, lifeStateOf } from "../src/life/link.ts";
import type { State } from "../src/link.ts";
import { fragmentOf, START, stateOf } from "../src/link.ts";
import { matrixFragment, matrixStateOf } from "../src/matrix/link.ts";
import { walkFragment, walkStateOf } from "../src/walk/link.ts";
import { questionOf, whatIfFragment } from "../src/what-if/link.ts";

const links: { readonly link: string }[] = JSON.parse(
  fs.readFileSync(new URL("../links.json", import.meta.url), "utf8"),
);

/** Of each page of its own, what reads its links, and writes them again. */
const OF_PAGES: Readonly<Record<string, (fragment: string) => string | null>> = {
  "": (fragment) => writtenAgain(stateOf(fragment), fragmentOf),
  embed: (fragment) => writtenAgain(stateOf(fragment), fragmentOf),
  matrix: (fragment) => matrixFragment(matrixStateOf(fragment)),
  diff: (fragment) => writtenAgain(sidesOf(fragment), diffFragment),
  "what-if": (fragment) => writtenAgain(questionOf(fragment), whatIfFragment),
  life: (fragment) => lifeFragment(lifeStateOf(fragment)),
  walk: (fragment) => walkFragment(walkStateOf(fragment)),
};

function writtenAgain<T>(state: T | null, write: (state: T) => string): string | null {
  return state === null ? null : write(state);
}

/** A link in its page and its fragment. */
const partsOf = (link: string): readonly [page: string, fragment: string] => {
  const [page = "", fragment = ""] = link.split("#");
  return [page.replace("/", ""), `#${fragment}`];
};

describe("a link", () => {
  it("says the architecture, the release and the word, and the rest behind a question mark", () => {
    const state: State = { ...START, arch: "arm64", release: "6.12", word: "0x17c0" };
    expect(fragmentOf(state)).toBe("#/v1/arm64/6.12/0x17c0");
    expect(fragmentOf({ ...state, as: "entry", cpu: ["lpa2"], config: { CONFIG_DEVICE_PRIVATE: "n" } })).toBe(
      "#/v1/arm64/6.12/0x17c0?as=entry&config=CONFIG_DEVICE_PRIVATE=n&cpu=lpa2",
    );
  });

  it.each([
    START,
    { ...START, arch: "", log: "BUG: Bad page map in process a  pte:1?&=%/#\npmd:2" },
    { ...START, release: "5.14.0-427.el9.x86_64+debug", word: "0x1", as: "pagemap" },
    { ...START, config: { CONFIG_ARM64_PA_BITS: 52 }, cpu: ["la57", "x"], backports: ["l1tf"] },
  ] satisfies State[])("gives its state back: %j", (state) => {
    expect(stateOf(fragmentOf(state))).toEqual(state);
  });

  it.each(links.filter(({ link }) => Object.hasOwn(OF_PAGES, partsOf(link)[0])))(
    "$link is read, and written so that it is read the same",
    ({ link }) => {
      const [page, fragment] = partsOf(link);
      const again = OF_PAGES[page];
      const first = again?.(fragment);
      expect(first).toMatch(/^#\/v1\//);
      expect(again?.(first ?? "")).toBe(first);
    },
  );

  it("of every form is in links.json", () => {
    const forms = new Set(links.map(({ link }) => partsOf(link)[0]));
    expect([...Object.keys(OF_PAGES), "docs"].filter((page) => !forms.has(page))).toEqual([]);
  });

  it.each(["", "#", "#spare", "#/v2/x86_64/6.12/0", "#/v1/", "#/v1/a/b/c/d", "#/v1"])(
    "%j is none of ours",
    (fragment) => {
      expect(stateOf(fragment)).toBeNull();
    },
  );

  it("a broken escape stands as it is", () => {
    expect(stateOf("#/v1/arm/%zz/1")).toMatchObject({ release: "%zz" });
  });
});

it("latest is an alias of the newest release compared", () => {
  expect(START.release).toBe("latest");
  expect(NEWEST_RELEASE).toMatch(/^\d+\.\d+$/);
});
