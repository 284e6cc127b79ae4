// npm run live: page tables of a running kernel, beside what its pagemap says. See docs/live.md.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { archNamed, loadArchitectures } from "../common/architectures.ts";
import { messageOf } from "../common/errors.ts";
import { readText, requireWritable, writeWhole } from "../common/files.ts";
import { run } from "../common/run.ts";
import { installLine, missing } from "../vectors/toolchain.ts";
import { boot } from "./boot.ts";
import { parseConsole } from "./console.ts";
import { makeCrash } from "./crash.ts";
import { makeDumps } from "./dump.ts";
import { liveText, readPages } from "./file.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { fetchKernel } from "./kernel.ts";
import { live as takeThrough } from "./life.ts";
import type { Machine } from "./machines.ts";
import { neededModules } from "./machines.ts";
import { withMemory } from "./memory.ts";
import type { Options } from "./options.ts";
import { needs, readOptions, UsageError, usage } from "./options.ts";
import { findTables } from "./tables.ts";

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(usage);
  else await live(options);
} catch (error) {
  console.error(`live: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function live(options: Options): Promise<void> {
  const { machine, work } = options;
  requireWritable(options.out);
  const lacking = missing(needs(machine));
  if (lacking.length > 0) throw new Error(installLine(lacking));
  const started = Date.now();
  const kernel = fetchKernel({ ...options, deb: machine.deb });
  if (options.dump || options.crash) {
    const differ = await (options.crash ? makeCrash : makeDumps)(options, machine, kernel);
    if (differ > 0) throw new Error(`${differ} forms do not say what the guest said`);
    return;
  }
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
    const [initrd, ram] = [path.join(scratch, "initrd"), path.join(scratch, "ram")];
    const modules = modulesFor(neededModules, kernel.modules);
    fs.writeFileSync(initrd, initramfs(compileInit(machine, scratch), modules));
    const text = await boot({ ...options, image: kernel.image, initrd, ram });
    const ran = Date.now();
    const written = await write(options, kernel, text, ram);
    const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1000)} s`;
    console.log(
      `wrote ${written}: fetched in ${seconds(started, fetched)}, run in ${seconds(fetched, ran)}, read in ${seconds(ran, Date.now())}`,
    );
  } finally {
    clear();
  }
}

function compileInit({ compiler, largeSwap }: Machine, scratch: string): Buffer {
  const program = fileURLToPath(new URL("program.c", import.meta.url));
  const processes = fileURLToPath(new URL("processes.c", import.meta.url));
  const init = path.join(scratch, "init");
  const large = largeSwap === undefined ? [] : [`-DLARGE_SWAP="${largeSwap}"`];
  run(compiler[0], ["-O1", "-Wall", "-static", "-pthread", ...large, "-o", init, program, processes]);
  return fs.readFileSync(init);
}

/** Reads the guest's tables, writes the file, and says which and how many rows. */
async function write(options: Options, kernel: Kernel, text: string, ram: string): Promise<string> {
  const { name, machine, flavour, out, megabytes, cpu } = options;
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
  const kind = flavour === machine.flavour ? name : flavour.replace(new RegExp(`^(${name}-)?`), `${name}-`);
  const written = path.join(out, `${kind}-${said.release.split(".").slice(0, 2).join(".")}.json`);
  const qemu = [machine.emulator[0], ...machine.args, "-cpu", cpu].join(" ");
  writeWhole(written, liveText({ arch, tables, said, machine: qemu, configText, read }));
  return `${written}, ${read.rows.length} rows`;
}
