// What was pasted into the box. It is looked at, never asked for.
import { wordIn } from "@ptekit/core";
import type { Reading } from "./link.ts";

/** A word with how it is to be read, a log, a kernel configuration, or something that says nothing. */
export type Recognised =
  | { readonly what: "nothing" }
  | { readonly what: "word"; readonly word: string; readonly as: Reading | null }
  | { readonly what: "log"; readonly text: string }
  | { readonly what: "config"; readonly text: string };

/** What a text is. */
export function recognise(text: string): Recognised {
  const trimmed = text.trim();
  if (trimmed === "") return { what: "nothing" };
  const word = wordIn(trimmed);
  if (word) return { what: "word", ...word };
  return isConfig(trimmed) ? { what: "config", text } : { what: "log", text };
}

/** Whether most lines are those of a .config: `CONFIG_X=y`, `# CONFIG_X is not set`, comments. */
function isConfig(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const ours = lines.filter((line) => /^CONFIG_\w+=|^#/.test(line.trim()));
  return ours.length > lines.length / 2 && /^(# )?CONFIG_\w+/m.test(text);
}
