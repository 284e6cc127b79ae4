// A kernel that is built, where Debian has none: the smallest configuration, what the guest's program needs, and what the
// machine needs. The source is a linux-source package of Debian's, unpacked in a directory of its own, or any tree.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseConfig, refusedLines } from "../common/kconfig.ts";
import { run } from "../common/run.ts";
import type { Build } from "./form.ts";
import type { Kernel } from "./kernel.ts";
import { fetchPackage } from "./kernel.ts";
import type { Machine } from "./machines.ts";

// olddefconfig drops what an architecture or a release has not.
const everyGuest = `
CONFIG_EXPERT=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_BINFMT_ELF=y
CONFIG_PRINTK=y
CONFIG_TTY=y
CONFIG_MULTIUSER=y
CONFIG_FUTEX=y
CONFIG_EPOLL=y
CONFIG_POSIX_TIMERS=y
CONFIG_FILE_LOCKING=y
CONFIG_BLOCK=y
CONFIG_BLK_DEV=y
CONFIG_BLK_DEV_LOOP=y
CONFIG_CRYPTO=y
CONFIG_CRYPTO_LZO=y
CONFIG_ZSMALLOC=y
CONFIG_ZRAM=y
CONFIG_PROC_FS=y
CONFIG_PROC_SYSCTL=y
CONFIG_PROC_PAGE_MONITOR=y
CONFIG_SYSFS=y
CONFIG_DEVTMPFS=y
CONFIG_SHMEM=y
CONFIG_TMPFS=y
CONFIG_HUGETLBFS=y
CONFIG_SWAP=y
CONFIG_COMPACTION=y
CONFIG_MIGRATION=y
CONFIG_MEMORY_FAILURE=y
CONFIG_ADVISE_SYSCALLS=y
CONFIG_USERFAULTFD=y
CONFIG_PTE_MARKER_UFFD_WP=y
CONFIG_CHECKPOINT_RESTORE=y
CONFIG_MEM_SOFT_DIRTY=y
CONFIG_KSM=y
CONFIG_TRANSPARENT_HUGEPAGE=y
CONFIG_TRANSPARENT_HUGEPAGE_ALWAYS=y
CONFIG_CGROUPS=y
CONFIG_MEMCG=y
CONFIG_KALLSYMS=y
CONFIG_KALLSYMS_ALL=y
# CONFIG_LOCALVERSION_AUTO is not set
# CONFIG_DEBUG_INFO is not set
# CONFIG_WERROR is not set
`;

/** What a built kernel's command line needs, as its modules are no modules. */
export const builtIn = "zram.num_devices=3";

/** What the commands of the compiler begin with that a machine's kernel is built with. */
export function prefixOf({ build, compiler }: Machine): string {
  return build?.compiler?.[0] ?? compiler[0].replace(/gcc$/, "");
}

interface Wanted {
  /** The machine's name. */
  readonly name: string;
  readonly build: Build;
  /** What the compiler's commands begin with. */
  readonly prefix: string;
  /** A kernel tree; empty: the linux-source package of `kernel`. */
  readonly tree: string;
  /** A version such as 7.2. */
  readonly kernel: string;
  readonly suites: readonly string[];
  readonly mirror: string;
  readonly work: string;
}

/** The kernel that is wanted, built where it was not yet. */
export function buildKernel(wanted: Wanted): Kernel {
  const { name, build, prefix, work } = wanted;
  const tree = wanted.tree === "" ? debianTree(wanted) : path.resolve(wanted.tree);
  if (!fs.existsSync(path.join(tree, "Kbuild")))
    throw new Error(`${tree} is no kernel tree: it has no Kbuild`);
  if (fs.existsSync(path.join(tree, ".config")))
    throw new Error(
      `${tree} is configured in place; make it clean (make mrproper), or name an untouched tree`,
    );
  const version = run("make", ["-s", "-C", tree, "kernelversion"]).trim();
  const folder = path.join(work, "builds", `${name}-${version}`);
  fs.mkdirSync(folder, { recursive: true });
  const make = (...words: string[]): string =>
    run("make", [
      "-s",
      "-C",
      tree,
      `O=${folder}`,
      `ARCH=${build.kernelArch}`,
      `CROSS_COMPILE=${prefix}`,
      ...words,
    ]);
  const config = path.join(folder, ".config");
  const lines = `${everyGuest}${build.fragment}CONFIG_LOCALVERSION="-${name}"\n`;
  const asked = path.join(folder, "asked.config");
  // A configuration that is written anew has make look at every file.
  if (!fs.existsSync(asked) || fs.readFileSync(asked, "utf8") !== lines) {
    make(build.defconfig ?? "tinyconfig");
    fs.appendFileSync(config, lines);
    make("olddefconfig");
    const refused = refusedLines(build.fragment, parseConfig(fs.readFileSync(config, "utf8")));
    if (refused.length > 0)
      throw new Error(`Kconfig of ${version} does not take ${refused.join(", ")} for ${name}`);
    fs.writeFileSync(asked, lines);
  }
  make("-j", String(os.availableParallelism()), build.goal);
  return {
    release: make("kernelrelease").trim(),
    image: path.join(folder, build.image),
    config,
    modules: null,
  };
}

/** The tree of a linux-source package, unpacked once. */
function debianTree({ kernel, suites, mirror, work }: Wanted): string {
  const name = `linux-source-${kernel}`;
  const tree = path.join(work, "src", name);
  if (fs.existsSync(tree)) return tree;
  const partial = `${tree}.partial`;
  fetchPackage({ name, suites, mirror, work, into: partial });
  run("tar", ["-xJf", path.join(partial, "usr/src", `${name}.tar.xz`), "-C", partial]);
  fs.renameSync(path.join(partial, name), tree);
  fs.rmSync(partial, { recursive: true });
  return tree;
}
