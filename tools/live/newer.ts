// Programs of a newer Debian than this machine's, unpacked in a directory of their own and run from there: an emulator by
// their own loader, a compiler with the directory as its root. Nothing is installed.
import fs from "node:fs";
import path from "node:path";
import { run } from "../common/run.ts";
import { fetchPrograms } from "./kernel.ts";
import type { Machine } from "./machines.ts";

/** Where a machine's programs come from, where they are not this system's. */
export interface Programs {
  /** The words that start its emulator. */
  readonly emulator?: readonly string[];
  /** The root that its compiler runs in. */
  readonly compilerRoot?: string;
}

interface Wanted {
  readonly machine: Machine;
  readonly mirror: string;
  readonly work: string;
}

/** A machine's programs: those that are not this system's are downloaded and unpacked where they are not there yet. */
export function programsFor({ machine, mirror, work }: Wanted): Programs {
  const { newer = [], emulator, compiler } = machine;
  if (newer.length === 0) return {};
  const packages = [
    ...(newer.includes("emulator") && emulator ? [emulator[1]] : []),
    ...(newer.includes("compiler") ? compiler.slice(1) : []),
  ];
  const root = path.join(work, "programs", packages.join("+"));
  if (!fs.existsSync(root)) {
    const partial = `${root}.partial`;
    fetchPrograms({ packages, suite: "sid", mirror, work, into: partial });
    // As in a system whose packages are configured.
    for (const name of ["bin", "lib", "lib64"])
      if (fs.existsSync(path.join(partial, "usr", name)) && !fs.existsSync(path.join(partial, name)))
        fs.symlinkSync(`usr/${name}`, path.join(partial, name));
    fs.renameSync(partial, root);
  }
  return {
    ...(newer.includes("emulator") && emulator && { emulator: byOwnLoader(root, emulator[0]) }),
    ...(newer.includes("compiler") && { compilerRoot: root }),
  };
}

function byOwnLoader(root: string, command: string): string[] {
  const libraries = path.join(root, "usr/lib", run("gcc", ["-print-multiarch"]).trim());
  const loader = fs.readdirSync(libraries).find((name) => /^ld-linux.*\.so\.\d$/.test(name));
  if (loader === undefined) throw new Error(`${libraries} holds no loader`);
  const program = path.join(root, "usr/bin", command);
  return [
    path.join(libraries, loader),
    "--library-path",
    libraries,
    program,
    "-L",
    path.join(root, "usr/share/qemu"),
  ];
}
