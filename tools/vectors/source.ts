// Where the kernel's source comes from: a Debian linux-source package, or any tree.
import fs from "node:fs";
import path from "node:path";
import { run } from "../common/run.ts";

/** A kernel tree, and the words a vector file cites it with. */
export interface Source {
  readonly tree: string;
  readonly source: string;
}

/** The tree of a linux-source package, unpacked once into `work`, and the words a vector file cites it with. */
export function debianSource(version: string, work: string): Source {
  const name = `linux-source-${version}`;
  const archive = `/usr/src/${name}.tar.xz`;
  const full = run("dpkg-query", ["--show", name]).trim().split("\t")[1] ?? "";
  const tree = path.join(work, "src", full, name);
  if (!fs.existsSync(tree)) {
    const partial = path.join(work, "src", `${full}.partial`);
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(partial, { recursive: true });
    run("tar", ["-xJf", archive, "-C", partial]);
    fs.renameSync(partial, path.join(work, "src", full));
  }
  return { tree, source: `Debian ${name} ${full}` };
}

/** Any kernel tree, as the user names it. */
export function anySource(directory: string): Source {
  const tree = path.resolve(directory);
  for (const file of ["Kbuild", "Makefile", "include/linux/swapops.h"])
    if (!fs.existsSync(path.join(tree, file)))
      throw new Error(`${directory} is no kernel tree: it has no ${file}`);
  return { tree, source: `kernel tree ${path.basename(tree)}` };
}
