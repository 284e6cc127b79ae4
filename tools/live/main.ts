// npm run live: page tables of a running kernel, beside what its pagemap says. See docs/live.md.
import fs from "node:fs";
import path from "node:path";
import { archNamed, loadArchitectures } from "../common/architectures.ts";
import { messageOf } from "../common/errors.ts";
import { readText, requireWritable, writeWhole } from "../common/files.ts";
import { installLine, missing } from "../vectors/toolchain.ts";
import { boot } from "./boot.ts";
import { buildKernel, builtIn, prefixOf } from "./build.ts";
import { compile } from "./compile.ts";
import { parseConsole } from "./console.ts";
import { makeCrash } from "./crash.ts";
import { makeDumps } from "./dump.ts";
import { liveText, migratingText, readPages } from "./file.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { fetchKernel } from "./kernel.ts";
import { live as takeThrough } from "./life.ts";
import { neededModules, wordsOf } from "./machines.ts";
import { withMemory } from "./memory.ts";
import { catchMigrating, gdbSocket } from "./migrating.ts";
import { move } from "./move.ts";
import type { Programs } from "./newer.ts";
import { programsFor } from "./newer.ts";
import type { Options } from "./options.ts";
import { needs, readOptions, UsageError, usage } from "./options.ts";
import { findTables } from "./tables.ts";

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(usage());
  else await live(options);
} catch (error) {
  console.error(`live: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function live(options: Options): Promise<void> {
  const { machine, work } = options;
  requireWritable(options.out);
  const lacking = missing(needs(machine, options.build));
  if (lacking.length > 0) throw new Error(installLine(lacking));
  const started = Date.now();
  const kernel = options.build
    ? buildKernel({ ...options, build: options.build, prefix: prefixOf(machine) })
    : fetchKernel({ ...options, deb: options.deb });
  if (options.dump || options.crash) {
    const differ = await (options.crash ? makeCrash : makeDumps)(options, machine, kernel);
    if (differ > 0) throw new Error(`${differ} forms do not say what the guest said`);
    return;
  }
  const programs = programsFor(options);
  const fetched = Date.now();

  const scratch = fs.mkdtempSync(path.join(work, "run-"));
  const clear = (): void => fs.rmSync(scratch, { recursive: true, force: true });
  // A signal ends the process without its "exit" event, in which QEMU is ended and the guest's memory removed.
  for (const [signal, status] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
    process.once(signal, () => process.exit(status));
  process.once("exit", clear);
  try {
    if (options.life) {
      const arch = archNamed(await loadArchitectures(), machine.arch);
      console.log(`wrote ${await takeThrough(options, kernel, arch, scratch)}`);
      return;
    }
    if (options.move) {
      const { died, lines } = await move(options, kernel, programs, scratch);
      for (const line of lines) console.log(`  ${line}`);
      if (died) throw new Error(`the kernel ${kernel.release} did not bear it`);
      return;
    }
    const [initrd, ram] = [path.join(scratch, "initrd"), path.join(scratch, "ram")];
    const modules = modulesFor(neededModules, kernel.modules);
    const { init, more } = compile(machine, ["program.c", "processes.c"], scratch, programs);
    fs.writeFileSync(initrd, initramfs(init, modules, more));
    if (options.migrating) {
      console.log(`wrote ${await migrating(options, kernel, programs, initrd, ram)}`);
      return;
    }
    const text = await boot({
      ...options,
      ...programs,
      append: `${builtIn} ${options.append}`,
      image: kernel.image,
      initrd,
      ram,
    });
    const ran = Date.now();
    const written = await write(options, kernel, text, ram);
    const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1000)} s`;
    console.log(
      `wrote ${written}: ${options.build ? "built" : "fetched"} in ${seconds(started, fetched)}, run in ${seconds(fetched, ran)}, read in ${seconds(ran, Date.now())}`,
    );
  } finally {
    clear();
  }
}

/** Reads the guest's tables, writes the file, and says which and how many rows. */
async function write(options: Options, kernel: Kernel, text: string, ram: string): Promise<string> {
  const { machine, out, megabytes, cpu } = options;
  const said = parseConsole(text);
  const arch = archNamed(await loadArchitectures(), machine.arch);
  const configText = readText(kernel.config);
  const ranges = machine.ranges(megabytes * 2 ** 20);
  const { tables, read } = withMemory(ram, ranges, (memory) => {
    const { features = [[]] } = machine;
    const found = findTables(
      arch,
      { release: said.release, config: configText, features },
      memory,
      said.pages,
    );
    return { tables: found, read: readPages(said.pages, found.walk) };
  });
  for (const reason of said.skipped) console.log(`not offered by this kernel: ${reason}`);
  for (const [reason, count] of read.left) console.log(`left out, ${count} pages of ${reason}`);
  const written = path.join(out, `${kindOf(options)}-${versionOf(said.release)}.json`);
  writeWhole(written, liveText({ arch, tables, said, machine: wordsOf(machine, cpu), configText, read }));
  return `${written}, ${read.rows.length} rows`;
}

/** Catches migration entries, writes them, and says where and how many. */
async function migrating(
  options: Options,
  kernel: Kernel,
  programs: Programs,
  initrd: string,
  ram: string,
): Promise<string> {
  const { machine, megabytes, cpu, out } = options;
  const arch = archNamed(await loadArchitectures(), machine.arch);
  const configText = readText(kernel.config);
  let result: Awaited<ReturnType<typeof catchMigrating>> | undefined;
  await boot({
    ...options,
    ...programs,
    append: `${builtIn} migrating=1 ${options.append}`,
    image: kernel.image,
    initrd,
    ram,
    qemu: ["-gdb", `unix:${gdbSocket(ram)},server=on,wait=off`],
    whenDone: async (text) => {
      const { features = [[]] } = machine;
      const ranges = machine.ranges(megabytes * 2 ** 20);
      result = await catchMigrating(
        { arch, config: configText, features, ram, ranges, milliseconds: 60_000 },
        text,
      );
    },
  });
  if (result === undefined || result.caught.length === 0)
    throw new Error("no migration entry was seen in 60 s");
  const { said, tables, caught } = result;
  const version = versionOf(said.release);
  const written = path.join(out, `migrating-${kindOf(options)}-${version}.json`);
  writeWhole(
    written,
    migratingText({ arch, tables, said, machine: wordsOf(machine, cpu), configText, caught }),
  );
  return `${written}, ${caught.length} entries`;
}

function versionOf(release: string): string {
  return /^\d+\.\d+/.exec(release)?.[0] ?? release;
}

/** What the file is named after: the machine, and the flavour of its kernel where another one was asked for. */
function kindOf({ name, machine, flavour }: Options): string {
  if (flavour === "" || flavour === machine.debian?.[1]) return name;
  return flavour.replace(new RegExp(`^(${name}-)?`), `${name}-`);
}
