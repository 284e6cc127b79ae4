// A machine that boots the kernel, runs the program until it says it is done, and stops: its memory in a file.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Gdb } from "./gdb.ts";
import { connectGdb } from "./gdb.ts";
import type { Machine } from "./machines.ts";

interface Boot {
  readonly machine: Machine;
  readonly image: string;
  readonly initrd: string;
  /** A file that QEMU uses as the guest's memory. */
  readonly ram: string;
  readonly megabytes: number;
  readonly registers: readonly string[];
  readonly timeoutSeconds: number;
  readonly cpu?: string | undefined;
}

/** What a guest said, and its registers. */
export interface Guest {
  readonly text: string;
  readonly registers: Readonly<Record<string, bigint>>;
}

/**
 * What the program printed, and the registers named, read while the program ran in user mode.
 * The guest's memory is left in `ram`, as it was at that moment.
 */
export async function boot(asked: Boot): Promise<Guest> {
  const { machine, image, initrd, ram, megabytes, registers, timeoutSeconds, cpu } = asked;
  const directory = fs.mkdtempSync(path.join(path.dirname(ram), "qemu-"));
  const socket = path.join(directory, "gdb");
  const qemu = spawn(machine.emulator[0], [
    ...machine.args,
    ...(cpu ? ["-cpu", cpu] : []),
    ...["-accel", "tcg", "-smp", "1", "-m", `${megabytes}`],
    ...["-object", `memory-backend-file,id=ram,size=${megabytes}M,mem-path=${ram},share=on`],
    ...["-kernel", image, "-initrd", initrd],
    ...["-append", `console=${machine.console} loglevel=1 panic=-1`],
    ...["-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio"],
    ...["-chardev", `socket,id=gdb,path=${socket},server=on,wait=off`, "-gdb", "chardev:gdb"],
  ]);
  const stop = (): boolean => qemu.kill("SIGKILL");
  const ended = new Promise((resolve) => qemu.once("close", resolve));
  process.once("exit", stop);
  try {
    const text = await outputUntilDone(qemu, timeoutSeconds);
    const gdb = await connectGdb(socket);
    await stopInUserMode(gdb, machine);
    const values: Record<string, bigint> = {};
    for (const name of registers) values[name] = await gdb.register(name);
    return { text, registers: values };
  } finally {
    stop();
    await ended;
    process.removeListener("exit", stop);
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The serial console's text, once it holds @done. */
function outputUntilDone(qemu: ChildProcessWithoutNullStreams, timeoutSeconds: number): Promise<string> {
  let text = "";
  let errors = "";
  return new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new Error(`${what}; the console's last words:\n${lastLines(text + errors)}`));
    const timer = setTimeout(
      () => fail(`the guest was not done in ${timeoutSeconds} s`),
      timeoutSeconds * 1000,
    );
    qemu.on("error", (error) => fail(`QEMU did not start: ${error.message}`));
    qemu.on("close", () => fail("QEMU ended before the guest was done"));
    qemu.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    qemu.stdout.on("data", (chunk) => {
      text += chunk;
      const failure = /^@fail .*\n/m.exec(text)?.[0];
      if (failure) fail(`the guest's program stopped: ${failure.trim()}`);
      if (/^@done\r?$/m.test(text)) {
        clearTimeout(timer);
        resolve(text);
      }
    });
    qemu.on("close", () => clearTimeout(timer));
  });
}

// The tables in use are those of our program only while it runs: an interrupt may have led elsewhere.
async function stopInUserMode(gdb: Gdb, machine: Machine): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if ((await gdb.register(machine.programCounter)) < machine.userEnd) return;
    await gdb.runFor(20);
  }
  throw new Error("the machine was never found in user mode");
}

function lastLines(text: string): string {
  return text.replaceAll("\r", "").trim().split("\n").slice(-12).join("\n");
}
