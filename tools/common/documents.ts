// The documents of this repository, and what can be tried of them.
import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** A fenced block: its language, what follows that on the line, and its text. */
export interface Block {
  readonly language: string;
  readonly info: string;
  readonly text: string;
}

/** Every Markdown file that git has or would take. */
export function documents(): string[] {
  const found = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], { encoding: "utf8" });
  return found
    .trim()
    .split("\n")
    .filter((file) => fs.existsSync(file));
}

/** The fenced blocks of a document, or of the section under one of its headings. */
export function blocksOf(file: string, heading?: string): Block[] {
  const whole = fs.readFileSync(file, "utf8");
  const section = heading === undefined ? whole : sectionOf(whole, heading);
  return [...section.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms)].map(
    ([, language = "", info = "", text = ""]) => ({ language, info, text }),
  );
}

/** A document without its fenced blocks. */
export function proseOf(file: string): string {
  return fs.readFileSync(file, "utf8").replace(/^```.*?^```$/gms, "");
}

function sectionOf(text: string, heading: string): string {
  const from = text.indexOf(`${heading}\n`);
  if (from === -1) throw new Error(`no heading ${heading}`);
  return text.slice(from).split(/\n## /)[0] ?? "";
}
