// npm run live: page tables of a running kernel, beside what its pagemap says. See docs/live.md.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "../common/errors.ts";
import { readText, requireWritable, writeWhole } from "../common/files.ts";
import { run } from "../common/run.ts";
import { installLine, missing } from "../vectors/toolchain.ts";
import type { Guest } from "./boot.ts";
import { boot } from "./boot.ts";
import { liveText, parseConsole, withPtes } from "./file.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { fetchKernel } from "./kernel.ts";
import type { Machine } from "./machines.ts";
import { machines, neededModules } from "./machines.ts";
import type { Options } from "./options.ts";
import { needs, readOptions, UsageError, usage } from "./options.ts";
import type { Walker } from "./walk.ts";
import { openMemory, walkers } from "./walk.ts";

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(usage);
  else await live(options);
} catch (error) {
  console.error(`live: ${messageOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function live(options: Options): Promise<void> {
  const machine = machines[options.machine];
  const walk = walkers[machine?.arch ?? ""];
  if (!machine || !walk) throw new UsageError(`no machine is listed for ${options.machine}`);
  requireWritable(options.out);
  const lacking = missing(needs(machine));
  if (lacking.length > 0) throw new Error(installLine(lacking));
  const started = Date.now();
  const kernel = fetchKernel({ ...options, deb: options.machine });
  const fetched = Date.now();

  const scratch = fs.mkdtempSync(path.join(options.work, "run-"));
  const clear = (): void => fs.rmSync(scratch, { recursive: true, force: true });
  // A signal ends the process without its "exit" event, in which QEMU is ended and the guest's memory removed.
  for (const [signal, status] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
    process.once(signal, () => process.exit(status));
  process.once("exit", clear);
  try {
    const initrd = path.join(scratch, "initrd");
    fs.writeFileSync(
      initrd,
      initramfs(compileInit(machine, scratch), modulesFor(neededModules, kernel.modules)),
    );
    const ram = path.join(scratch, "ram");
    const { registers } = walk;
    const guest = await boot({ ...options, machine, image: kernel.image, initrd, ram, registers });
    const written = write(options, machine, kernel, guest, walk.walker(guest.registers), ram);
    const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1000)} s`;
    console.log(
      `wrote ${written}: fetched in ${seconds(started, fetched)}, run in ${seconds(fetched, Date.now())}`,
    );
  } finally {
    clear();
  }
}

function compileInit(machine: Machine, scratch: string): Buffer {
  const program = fileURLToPath(new URL("program.c", import.meta.url));
  const init = path.join(scratch, "init");
  run(machine.compiler[0], ["-O1", "-Wall", "-static", "-o", init, program]);
  return fs.readFileSync(init);
}

function write(
  { machine: name, flavour, out }: Options,
  machine: Machine,
  kernel: Kernel,
  guest: Guest,
  { levels, pageSize, read }: Walker,
  ram: string,
): string {
  const said = parseConsole(guest.text);
  const memory = openMemory(ram, machine.ramBase);
  const { kept, left } = withPtes(said.rows, (vaddr) => read(memory, vaddr));
  memory.close();
  for (const text of said.skipped) console.log(`not offered by this kernel: ${text}`);
  for (const [reason, count] of left) console.log(`left out, ${count} pages of ${reason}`);
  const text = liveText({
    arch: machine.arch,
    release: said.release,
    pageSize,
    levels,
    configText: readText(kernel.config),
    rows: kept,
  });
  const kind = flavour === machine.flavour ? name : flavour.replace(new RegExp(`^(${name}-)?`), `${name}-`);
  const written = path.join(out, `${kind}-${said.release.split(".").slice(0, 2).join(".")}.json`);
  writeWhole(written, text);
  return `${written}, ${kept.length} rows`;
}
