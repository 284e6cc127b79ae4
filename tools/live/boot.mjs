// A machine that boots the kernel, runs the program until it says it is done, and stops: its memory in a file.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { connectGdb } from "./gdb.mjs";

/**
 * What the program printed, and the registers named, read while the program ran in user mode.
 * The guest's memory is left in `ram`, a file that QEMU uses as that memory, as it was at that moment.
 */
export async function boot({ machine, image, initrd, ram, megabytes, registers, timeoutSeconds, cpu }) {
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
  const stop = () => qemu.kill("SIGKILL");
  const ended = new Promise((resolve) => qemu.once("close", resolve));
  process.once("exit", stop);
  try {
    const text = await outputUntilDone(qemu, timeoutSeconds);
    const gdb = await connectGdb(socket);
    await stopInUserMode(gdb, machine);
    const values = {};
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
function outputUntilDone(qemu, timeoutSeconds) {
  let text = "";
  let errors = "";
  return new Promise((resolve, reject) => {
    const fail = (what) =>
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
async function stopInUserMode(gdb, machine) {
  for (let attempt = 0; attempt < 50; attempt++) {
    if ((await gdb.register(machine.programCounter)) < machine.userEnd) return;
    await gdb.runFor(20);
  }
  throw new Error("the machine was never found in user mode");
}

function lastLines(text) {
  return text.replaceAll("\r", "").trim().split("\n").slice(-12).join("\n");
}
