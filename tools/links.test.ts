import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { documents, proseOf } from "./common/documents.ts";

const files = documents();

/** The anchor that a heading gets: lower case, without punctuation, with dashes for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const headingsOf = (file: string): string[] =>
  [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchorOf(text));

describe("links of the documents lead somewhere", () => {
  it.each(files)("%s", (file) => {
    const links = [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const dead = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [target = "", anchor] = link.split("#");
      const place = target === "" ? file : path.join(path.dirname(file), target);
      if (!fs.existsSync(place)) return true;
      return anchor !== undefined && place.endsWith(".md") && !headingsOf(place).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
