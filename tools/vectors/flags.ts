// The names of the flags of present PTEs, as the architectures' data has them: names alone, no bit.
import fs from "node:fs";

const packages = new URL("../../packages/arch/", import.meta.url);

/** Every name that looks like one of the kernel's macros, in the order of the alphabet. */
export function flagNames(): string[] {
  const found = fs
    .readdirSync(packages)
    .flatMap((arch) => sources(new URL(`${arch}/src/`, packages)))
    .flatMap((text) => [...text.matchAll(/"(_?_?[A-Z][A-Z0-9]*_[A-Z0-9_]+)"/g)].map(([, name = ""]) => name))
    .filter((name) => !name.startsWith("CONFIG_"));
  return [...new Set(found)].sort();
}

function sources(folder: URL): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith("present"))
    .map((name) => fs.readFileSync(new URL(name, folder), "utf8"));
}
