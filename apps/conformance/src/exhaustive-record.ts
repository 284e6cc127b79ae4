import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { ExhaustiveResult } from "./exhaustive.ts";
import { rulesText } from "./exhaustive.ts";
import { writeWhole } from "./write.ts";

// What `--exhaustive --record FILE` keeps, so that all words of all layouts can be read in parts.

/** What all 2^32 words of a layout showed, and when that was: it holds for as long as the layout's rules have this digest. */
export interface RecordedLayout {
  readonly arch: string;
  readonly layout: string;
  readonly rules: string;
  readonly words: number;
  readonly entries: number;
  readonly written: number;
  readonly failed: number;
  readonly engines: readonly string[];
  readonly node: string;
  readonly commit: string | null;
}

/** A record that is written anew with each layout. */
export interface ExhaustiveRecord {
  has(backend: ArchBackend): boolean;
  add(result: ExhaustiveResult, backend: ArchBackend): void;
}

/** The first digits of the SHA-256 of what a layout's answers come from. */
export const rulesDigest = (backend: ArchBackend): string =>
  createHash("sha256").update(rulesText(backend)).digest("hex").slice(0, 16);

/**
 * The record in a file, or a new one. A layout whose rules have changed since is not in it any more.
 *
 * @throws PtekitError `BAD_FILE`: no list of layouts, or it cannot be written.
 */
export function openRecord(file: string): ExhaustiveRecord {
  let layouts = existsSync(file) ? read(file) : [];
  const commit = commitOf();
  const write = (): void => writeWhole(file, `${JSON.stringify(layouts, null, 1)}\n`);
  write();
  return {
    has: (backend) => layouts.some(({ rules }) => rules === rulesDigest(backend)),
    add({ arch, layout, words, entries, written, failed }, backend) {
      const rules = rulesDigest(backend);
      const { version: node } = process;
      const engines = ["simd", "javascript"];
      const one = { arch, layout, rules, words, entries, written, failed, engines, node, commit };
      layouts = [...layouts.filter((other) => other.layout !== layout), one].sort((a, b) =>
        a.layout.localeCompare(b.layout, "en", { numeric: true }),
      );
      write();
    },
  };
}

function read(file: string): RecordedLayout[] {
  try {
    const layouts = JSON.parse(readFileSync(file, "utf8"));
    if (Array.isArray(layouts) && layouts.every((one) => typeof one?.rules === "string")) return layouts;
  } catch {
    // Said below.
  }
  throw new PtekitError("BAD_FILE", `${file} is not a record of --exhaustive: a list of layouts`);
}

/** The commit that is checked out, or null outside a repository. */
function commitOf(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "--short=10", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}
