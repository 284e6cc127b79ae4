// The guest's programs, compiled for it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../common/run.ts";
import type { Machine } from "./machines.ts";
import type { Programs } from "./newer.ts";

/** A program of sources beside this file, and the files that it needs beside it in the guest. */
export function compile(
  { compiler, largeSwap, console, link = ["-static", "-pthread"], libraries = {} }: Machine,
  sources: readonly string[],
  scratch: string,
  { compilerRoot }: Programs = {},
): { init: Buffer; more: Readonly<Record<string, Buffer>> } {
  const large = largeSwap === undefined ? [] : [`-DLARGE_SWAP="${largeSwap}"`];
  const flags = ["-O1", "-Wall", ...large, `-DCONSOLE="${console}"`];
  const beside = fileURLToPath(new URL(".", import.meta.url));
  const folder = fs.mkdtempSync(path.join(compilerRoot ?? scratch, "program-"));
  try {
    for (const name of fs.readdirSync(beside).filter((file) => /\.[ch]$/.test(file)))
      fs.copyFileSync(path.join(beside, name), path.join(folder, name));
    const inside =
      compilerRoot === undefined
        ? []
        : ["unshare", "-r", "-R", compilerRoot, "-w", `/${path.basename(folder)}`];
    const [command = "", ...words] = [...inside, compiler[0], ...flags, "-o", "init", ...sources, ...link];
    run(command, words, { cwd: folder });
    const more = Object.entries(libraries).map(([name, file]) => [name, fs.readFileSync(file)] as const);
    return { init: fs.readFileSync(path.join(folder, "init")), more: Object.fromEntries(more) };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
