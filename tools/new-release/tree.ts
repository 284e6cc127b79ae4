// A kernel tree, as files by path; which one it is, it says itself.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { run } from "../common/run.ts";

/** Where texts come from: a tree on disk, or the excerpts of a test. */
export interface Tree {
  /** `7.3` */
  readonly release: string;
  /** The text of a file; null where there is none. */
  read(file: string): string | null;
  /** The files below a folder whose names end so. */
  list(folder: string, end: string): readonly string[];
  /** Where it lies, for what compiles it; null for excerpts. */
  readonly path: string | null;
}

/**
 * The tree in a folder: one unpacked, or one with a linux-source-X.tar.xz in it, as Debian's package has, which is unpacked
 * into `work` once.
 */
export function openTree(folder: string, work: string = path.join(os.tmpdir(), "ptekit-new-release")): Tree {
  const root = rootOf(folder, work);
  const read = (file: string): string | null => {
    try {
      return fs.readFileSync(path.join(root, file), "utf8");
    } catch {
      return null;
    }
  };
  const release = releaseOf(read("Makefile") ?? "");
  if (release === null)
    throw new Error(`${folder} is no kernel tree: its Makefile says no VERSION and PATCHLEVEL`);
  return {
    release,
    read,
    list: (below, end) => listed(root, below).filter((file) => file.endsWith(end)),
    path: root,
  };
}

function rootOf(folder: string, work: string): string {
  if (!fs.existsSync(folder)) throw new Error(`${folder}: there is no such folder`);
  if (fs.existsSync(path.join(folder, "Makefile"))) return folder;
  const archive = archiveIn(folder);
  if (archive === undefined)
    throw new Error(`${folder} is no kernel tree, and holds no linux-source-*.tar.xz of Debian's package`);
  const name = path.basename(archive).replace(/\.tar\.\w+$/, "");
  const target = path.join(work, name);
  if (!fs.existsSync(target)) {
    const partial = fs.mkdtempSync(`${fs.mkdirSync(work, { recursive: true }) ?? work}/partial-`);
    run("tar", ["-xf", archive, "-C", partial, "--strip-components=1"]);
    fs.renameSync(partial, target);
  }
  return target;
}

/** Of /usr/src, or of a package that dpkg -x unpacked. */
function archiveIn(folder: string): string | undefined {
  return [folder, path.join(folder, "usr/src")]
    .filter((where) => fs.existsSync(where))
    .flatMap((where) => fs.readdirSync(where).map((name) => path.join(where, name)))
    .find((file) => /^linux-source-[\d.]+\.tar\.(?:xz|gz|bz2)$/.test(path.basename(file)));
}

export function releaseOf(makefile: string): string | null {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name} = *(.*)$`, "m").exec(makefile)?.[1];
  const [version, patchlevel, extra = ""] = [value("VERSION"), value("PATCHLEVEL"), value("EXTRAVERSION")];
  if (!version || !patchlevel) return null;
  return `${version}.${patchlevel}${/^-rc\d+/.exec(extra)?.[0] ?? ""}`;
}

function listed(root: string, folder: string): string[] {
  const start = path.join(root, folder);
  if (!fs.existsSync(start)) return [];
  return fs
    .readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}
