// npm run live -- --crash: a guest that panics, and the vmcore that its crash kernel writes to a disk; held against what the
// guest had said of its processes.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { compile } from "./compile.ts";
import { compared } from "./dump.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import type { Machine } from "./machines.ts";
import { emulatorOf } from "./machines.ts";
import type { Options } from "./options.ts";

/** The disk's driver, which a crash kernel needs to write anything. */
const MODULES = ["virtio_pci", "virtio_blk"];
const CRASHKERNEL = "160M";

/** Writes vmcore and truth.txt to a folder of their own; returns 1 where the two differ. */
export async function makeCrash(options: Options, machine: Machine, kernel: Kernel): Promise<number> {
  if (!machine.crash)
    throw new Error(`--crash: how a crash kernel of ${machine.arch} is loaded is not known here`);
  const folder = path.join(options.out, `crash-${kernel.release}`);
  fs.mkdirSync(folder, { recursive: true });
  const place = (name: string): string => path.join(folder, name);
  const { init } = compile(machine, ["crash.c", "processes.c"], folder);
  const modules = modulesFor(MODULES, kernel.modules);
  const small = initramfs(init, modules);
  const more = { "crash.kernel": fs.readFileSync(kernel.image), "crash.initrd": small };
  fs.writeFileSync(place("initrd"), initramfs(init, modules, more));
  // The whole memory and its headers, at most.
  fs.writeFileSync(place("disk"), "");
  fs.truncateSync(place("disk"), (options.megabytes + 64) * 2 ** 20);
  try {
    const text = (await consoleOf(options, machine, kernel, place)).replaceAll("\r", "");
    const bytes = Number(/^@vmcore (\d+)$/m.exec(text)?.[1]);
    if (!(bytes > 0))
      throw new Error(`no vmcore was written; the console's last words:\n${text.slice(-2000)}`);
    fs.truncateSync(place("disk"), bytes);
    fs.renameSync(place("disk"), place("vmcore"));
    const truth = text.split("\n").filter((line) => /^@(process|vma|pages) /.test(line));
    fs.writeFileSync(place("truth.txt"), `${truth.join("\n")}\n`);
    return await compared(place("vmcore"), truth.join("\n"), 0n, (line) => console.log(`  ${line}`));
  } finally {
    for (const name of ["initrd", "disk"]) fs.rmSync(place(name), { force: true });
  }
}

/** What both kernels print, until the second one turns the machine off. */
function consoleOf(
  options: Options,
  machine: Machine,
  kernel: Kernel,
  place: (name: string) => string,
): Promise<string> {
  const qemu = spawn(emulatorOf(machine), [
    ...["-machine", "pc", "-cpu", options.cpu, "-accel", "tcg", "-smp", "2", "-m", `${options.megabytes}`],
    ...["-kernel", kernel.image, "-initrd", place("initrd")],
    ...["-append", `console=${machine.console} loglevel=4 crashkernel=${CRASHKERNEL} ${options.append}`],
    ...["-drive", `file=${place("disk")},format=raw,if=virtio`],
    ...["-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio"],
  ]);
  const stop = (): boolean => qemu.kill("SIGKILL");
  process.once("exit", stop);
  return new Promise((resolve, reject) => {
    const parts: string[] = [];
    const timer = setTimeout(stop, options.timeoutSeconds * 1000);
    qemu.stdout.on("data", (chunk) => {
      parts.push(`${chunk}`);
      if (`${parts.at(-2) ?? ""}${chunk}`.includes("@fail")) stop();
    });
    qemu.on("error", (error) => reject(new Error(`QEMU did not start: ${error.message}`)));
    qemu.on("close", () => {
      clearTimeout(timer);
      process.removeListener("exit", stop);
      resolve(parts.join(""));
    });
  });
}
