import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const files = execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" }).trim().split("\n");

/** The anchor that a heading gets: lower case, without punctuation, with dashes for spaces. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** A document without its blocks of code. */
const proseOf = (file) => fs.readFileSync(file, "utf8").replace(/```.*?```/gs, "");

const headingsOf = (file) => [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) => anchorOf(text));

describe("links of the documents lead somewhere", () => {
  it.each(files)("%s", (file) => {
    const links = [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    const dead = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [target, anchor] = link.split("#");
      const place = target === "" ? file : path.join(path.dirname(file), target);
      if (!fs.existsSync(place)) return true;
      return anchor !== undefined && place.endsWith(".md") && !headingsOf(place).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
