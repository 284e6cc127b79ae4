// npm run live -- --dump: a guest with several processes, its memory in every form that the tools at hand write, what the
// guest said of itself, and whether each form says the same.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { openDumpFile } from "@ptekit/dump/node";
import { openKernel, scannerOf } from "@ptekit/introspect";
import { compare, parseTruth } from "../../packages/introspect/test/truth.ts";
import { messageOf } from "../common/errors.ts";
import { compile } from "./compile.ts";
import { limeForm, makedumpfileForms, qemuForms } from "./forms.ts";
import { initramfs, modulesFor } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import type { Machine } from "./machines.ts";
import { emulatorOf, neededModules } from "./machines.ts";
import type { Options } from "./options.ts";
import { connectQmp } from "./qmp.ts";

/** Makes the dumps in a folder of their own, and tells of each what was compared. Returns how many differ. */
export async function makeDumps(options: Options, machine: Machine, kernel: Kernel): Promise<number> {
  const folder = path.join(options.out, `dump-${kernel.release}`);
  fs.mkdirSync(folder, { recursive: true });
  const tell = (text: string): void => console.log(`  ${text}`);
  const ram = path.join(folder, "ram.raw");
  const ranges = machine.ranges(options.megabytes * 2 ** 20);
  const text = await bootAndDump(options, machine, kernel, folder, ram, tell);
  const truth = text
    .replaceAll("\r", "")
    .split("\n")
    .filter((line) => /^@(process|vma|pages|skip) /.test(line));
  fs.writeFileSync(path.join(folder, "truth.txt"), `${truth.join("\n")}\n`);
  limeForm(ram, ranges, path.join(folder, "lime.lime"));
  const makedumpfile = process.env.MAKEDUMPFILE ?? "makedumpfile";
  makedumpfileForms(folder, makedumpfile, tell);
  let differ = 0;
  const base = ranges.length === 1 ? (ranges[0]?.start ?? 0n) : null;
  for (const name of fs.readdirSync(folder).filter((file) => /\.(elf|kdump|lime|raw)$/.test(file))) {
    if (name.endsWith(".raw") && base === null)
      tell(`not compared, ${name}: its memory lies in several pieces`);
    else differ += await compared(path.join(folder, name), truth.join("\n"), base ?? 0n, tell);
  }
  return differ;
}

async function bootAndDump(
  options: Options,
  machine: Machine,
  kernel: Kernel,
  folder: string,
  ram: string,
  tell: (text: string) => void,
): Promise<string> {
  const initrd = path.join(folder, "initrd");
  const { init, more } = compile(machine, ["program.c", "processes.c"], folder);
  // The kernel tells QEMU where its VMCOREINFO is through a device of the firmware's.
  const modules = modulesFor(["qemu_fw_cfg", ...neededModules], kernel.modules);
  fs.writeFileSync(initrd, initramfs(init, modules, more));
  const socket = path.join(folder, "qmp");
  const qemu = spawn(emulatorOf(machine), [
    ...machine.args,
    ...["-cpu", options.cpu ?? machine.cpu],
    ...["-accel", "tcg", "-smp", "2", "-m", `${options.megabytes}`],
    ...["-object", `memory-backend-file,id=ram,size=${options.megabytes}M,mem-path=${ram},share=on`],
    ...["-kernel", kernel.image, "-initrd", initrd],
    ...[
      "-append",
      `console=${machine.console} loglevel=1 panic=-1 processes=${options.processes} ${machine.append ?? ""} ${options.append}`,
    ],
    ...["-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio"],
    ...(machine.vmcoreinfo ? ["-device", "vmcoreinfo"] : []),
    ...["-qmp", `unix:${socket},server=on,wait=off`],
  ]);
  const stop = (): boolean => qemu.kill("SIGKILL");
  process.once("exit", stop);
  const ended = new Promise((resolve) => qemu.once("close", resolve));
  try {
    const text = await untilDone(qemu, options.timeoutSeconds);
    const qmp = await connectQmp(socket);
    await qmp.run("stop");
    await qemuForms(qmp, folder, tell);
    qmp.close();
    return text;
  } finally {
    stop();
    await ended;
    process.removeListener("exit", stop);
    for (const file of [socket, initrd]) fs.rmSync(file, { force: true });
  }
}

/** The console's text, once it holds @done. */
function untilDone(qemu: ChildProcessWithoutNullStreams, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: string[] = [];
    let last = "";
    const fail = (what: string): void => reject(new Error(`${what}; the console's last words:\n${last}`));
    const timer = setTimeout(() => fail(`the guest was not done in ${seconds} s`), seconds * 1000);
    qemu.on("error", (error) => fail(`QEMU did not start: ${error.message}`));
    qemu.on("close", () => {
      clearTimeout(timer);
      fail("QEMU ended before the guest was done");
    });
    qemu.stderr.on("data", (chunk) => {
      last = `${last}${chunk}`.slice(-2000);
    });
    qemu.stdout.on("data", (chunk) => {
      parts.push(`${chunk}`);
      last = `${last}${chunk}`.slice(-2000);
      if (/^@fail .*\n/m.test(last)) fail("the guest's program stopped");
      if (!/^@done\r?$/m.test(last)) return;
      clearTimeout(timer);
      resolve(parts.join(""));
    });
  });
}

/** One form against what the guest said; 1 where something differs, or the form cannot be read. */
export async function compared(
  file: string,
  truth: string,
  ramBase: bigint,
  tell: (text: string) => void,
): Promise<0 | 1> {
  const name = path.basename(file);
  try {
    const dump = await openDumpFile(file, name.endsWith(".raw") ? { ramBase } : {});
    try {
      const started = performance.now();
      const kernel = await openKernel(dump);
      const opened = performance.now();
      const { processes, areas, pages, differences } = compare(
        kernel,
        dump.memory,
        parseTruth(truth, kernel.pageSize),
      );
      const scanner = await scannerOf(kernel, dump.memory);
      const scans = [...kernel.processes()].map((process) => scanner.scan(process));
      const alarms = scans.reduce((sum, { suspicions }) => sum + suspicions, 0);
      tell(
        `${name}: ${processes} processes, ${areas} areas, ${pages} pages compared, ${differences.length} differ, ${alarms} suspicious; opened in ${Math.round(opened - started)} ms`,
      );
      for (const difference of differences.slice(0, 10)) tell(`  ${difference}`);
      for (const problem of [...kernel.problems, ...scanner.limits]) tell(`  ${problem}`);
      return differences.length + alarms > 0 ? 1 : 0;
    } finally {
      dump.close();
    }
  } catch (error) {
    tell(`${name}: ${messageOf(error)}`);
    return 1;
  }
}
