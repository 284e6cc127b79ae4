// The guest's file system: the program as /init, and the modules it loads, in an initramfs of our own.
import fs from "node:fs";
import path from "node:path";
import { ran } from "../common/run.ts";

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly data?: Buffer;
}

/** A cpio archive (newc, as the kernel reads it). */
export function cpio(entries: readonly Entry[]): Buffer {
  const last: Entry = { name: "TRAILER!!!", mode: 0 };
  const parts = [...entries, last].flatMap(({ name, mode, data = Buffer.alloc(0) }, i) => {
    const fields = [i + 1, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
    return [padded(Buffer.from(`${header}${name}\0`)), padded(data)];
  });
  return Buffer.concat(parts);
}

/**
 * The initramfs: /init, the directories that it mounts on, the modules as /m/00.ko, /m/01.ko … in their order, and further
 * files by name.
 */
export function initramfs(
  init: Buffer,
  modules: readonly Buffer[],
  more: Readonly<Record<string, string | Buffer>> = {},
): Buffer {
  const parents = Object.keys(more).map((name) => path.dirname(name));
  const own = [...new Set(parents)].filter((name) => name !== ".").sort();
  const directories = ["proc", "sys", "dev", "m", ...own].map((name) => ({ name, mode: 0o040755 }));
  const files = modules.map((data, i) => ({
    name: `m/${String(i).padStart(2, "0")}.ko`,
    mode: 0o100644,
    data,
  }));
  const texts = Object.entries(more).map(([name, text]) => ({
    name,
    mode: 0o100644,
    data: typeof text === "string" ? Buffer.from(text) : text,
  }));
  return cpio([...directories, { name: "init", mode: 0o100755, data: init }, ...files, ...texts]);
}

/** The images of modules and all that they depend on, dependencies first. What is built into the kernel is left out. */
export function modulesFor(wanted: readonly string[], directory: string | null): Buffer[] {
  if (directory === null) return [];
  const found = new Map<string, string>();
  const files = fs.readdirSync(path.join(directory, "kernel"), { recursive: true, encoding: "utf8" });
  for (const file of files) {
    const name = /([^/]+)\.ko(\.xz)?$/.exec(file)?.[1];
    if (name) found.set(plain(name), path.join(directory, "kernel", file));
  }
  const images = new Map<string, Buffer>();
  const load = (name: string): void => {
    const file = found.get(plain(name));
    if (file === undefined || images.has(file)) return;
    const image = file.endsWith(".xz") ? ran("xz", ["-dc", file]) : fs.readFileSync(file);
    for (const needed of dependencies(image)) load(needed);
    images.set(file, image);
  };
  for (const name of wanted) load(name);
  return [...images.values()];
}

/** The module names in the `depends=` of a module's .modinfo section. */
export function dependencies(image: Buffer): string[] {
  const start = image.indexOf("\0depends=");
  if (start < 0) return [];
  const text = image.toString("latin1", start + 9, image.indexOf(0, start + 9));
  return text.split(",").filter(Boolean);
}

// A module's file may be spelled with "-" where its name has "_".
function plain(name: string): string {
  return name.replaceAll("-", "_");
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}
