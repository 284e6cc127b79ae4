// A machine that boots the kernel and runs the program until it says it is done: its memory is then in a file.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { endIn } from "./console.ts";
import type { Machine } from "./machines.ts";
import { connectQmp } from "./qmp.ts";

interface Boot {
  readonly machine: Machine;
  readonly image: string;
  readonly initrd: string;
  /** A file that is, or comes to hold, the guest's memory. */
  readonly ram: string;
  readonly megabytes: number;
  readonly timeoutSeconds: number;
  /** More words for the kernel's command line. */
  readonly append?: string;
  readonly cpu: string;
  /** The words that start QEMU, where it is not this system's. */
  readonly emulator?: readonly string[];
  /** Two nodes with a CPU and half of the memory each, which is then in no file. */
  readonly nodes?: boolean;
  /** More words for QEMU. */
  readonly qemu?: readonly string[];
  /** Done once the program says that it is, while the machine still runs. */
  readonly whenDone?: (text: string) => Promise<void>;
  /** Told each line that the program prints, while the machine runs; a text that comes back is the program's next input. */
  readonly onLine?: (line: string) => string | undefined;
}

/**
 * What the program printed. The guest's memory is left in `ram` as it was when it was done: from then on the program runs
 * in a loop that changes nothing.
 */
export async function boot(asked: Boot): Promise<string> {
  const { machine, ram, timeoutSeconds, onLine, whenDone } = asked;
  const guest = start(asked);
  const ended = new Promise((resolve) => guest.process.once("close", resolve));
  process.once("exit", guest.stop);
  try {
    const text = await outputUntilDone(guest.process, timeoutSeconds, onLine);
    await whenDone?.(text);
    if (machine.emulator === undefined) ownMemory(guest.process, asked);
    else if (machine.saved) await saveMemory(asked);
    return text;
  } finally {
    guest.stop();
    await ended;
    fs.rmSync(monitorOf(ram), { force: true });
    process.removeListener("exit", guest.stop);
  }
}

interface Guest {
  readonly process: ChildProcessWithoutNullStreams;
  stop(): void;
}

function start(asked: Boot): Guest {
  const { machine, image, initrd, ram, megabytes, cpu, append = "", qemu = [] } = asked;
  const words = ["loglevel=1", "panic=-1", `console=${machine.console}`, machine.append, append].filter(
    Boolean,
  );
  const { emulator, args, devices = ["-nodefaults"] } = machine;
  if (emulator === undefined) {
    const own = spawn(
      image,
      [`mem=${megabytes}M`, `initrd=${initrd}`, ...args, ...words.join(" ").split(" ")],
      {
        detached: true,
      },
    );
    // It runs its processes as processes of this machine.
    const stop = (): void => {
      if (own.pid !== undefined && own.exitCode === null) process.kill(-own.pid, "SIGKILL");
    };
    return { process: own, stop };
  }
  const memory = asked.nodes
    ? [0, 1].flatMap((node) => [
        ...["-object", `memory-backend-ram,id=node${node},size=${megabytes / 2}M`],
        ...["-numa", `node,nodeid=${node},memdev=node${node}`],
      ])
    : machine.saved
      ? ["-qmp", `unix:${monitorOf(ram)},server=on,wait=off`]
      : ["-object", `memory-backend-file,id=ram,size=${megabytes}M,mem-path=${ram},share=on`];
  const [command = "", ...first] = asked.emulator ?? [emulator[0]];
  const emulated = spawn(command, [
    ...first,
    ...args.map((word) => (asked.nodes ? word.replace(",memory-backend=ram", "") : word)),
    ...["-cpu", cpu, "-accel", "tcg", "-smp", asked.nodes ? "2" : "1", "-m", `${megabytes}`, ...memory],
    ...["-kernel", image, "-initrd", initrd, "-append", words.join(" ")],
    ...["-display", "none", "-no-reboot", "-serial", "stdio", ...devices, ...qemu],
  ]);
  return { process: emulated, stop: () => emulated.kill("SIGKILL") };
}

const monitorOf = (ram: string): string => `${ram}.qmp`;

/** Has QEMU write the memory to the file. */
async function saveMemory({ ram, megabytes }: Boot): Promise<void> {
  const qmp = await connectQmp(monitorOf(ram));
  await qmp.run("stop");
  await qmp.run("pmemsave", { val: 0, size: megabytes * 2 ** 20, filename: ram });
  qmp.close();
}

/** Copies the memory of a kernel that is a program: a file of that size, which it keeps open under no name. */
function ownMemory({ pid }: ChildProcessWithoutNullStreams, { ram, megabytes }: Boot): void {
  if (pid === undefined) return;
  process.kill(pid, "SIGSTOP");
  const folder = `/proc/${pid}/fd`;
  const file = fs
    .readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .find((name) => {
      const about = fs.statSync(name);
      return about.isFile() && about.size >= megabytes * 2 ** 20;
    });
  if (file === undefined)
    throw new Error(`process ${pid} has no file of ${megabytes} MiB open that is its memory`);
  fs.copyFileSync(file, ram);
}

/** The serial console's text, once it holds @done. */
function outputUntilDone(
  qemu: ChildProcessWithoutNullStreams,
  timeoutSeconds: number,
  onLine?: Boot["onLine"],
): Promise<string> {
  let text = "";
  // Where the last line begins: what stands before it has been looked at.
  let last = 0;
  let errors = "";
  return new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new Error(`${what}; the console's last words:\n${lastLines(text + errors)}`));
    const timer = setTimeout(
      () => fail(`the guest was not done in ${timeoutSeconds} s`),
      timeoutSeconds * 1000,
    );
    qemu.on("error", (error) => fail(`the machine did not start: ${error.message}`));
    qemu.on("close", () => {
      clearTimeout(timer);
      fail("the machine ended before the guest was done");
    });
    qemu.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    qemu.stdout.on("data", (chunk) => {
      text += chunk;
      const fresh = text.slice(last);
      last = text.lastIndexOf("\n") + 1;
      try {
        for (const line of fresh.split(/\r?\n/).slice(0, -1)) {
          const answer = onLine?.(line);
          if (answer !== undefined) qemu.stdin.write(answer);
        }
      } catch (error) {
        clearTimeout(timer);
        reject(error);
        return;
      }
      const end = endIn(fresh);
      if (end === undefined) return;
      clearTimeout(timer);
      if (end === "done") resolve(text);
      else fail(`the guest's program stopped: ${end}`);
    });
  });
}

function lastLines(text: string): string {
  return text.replaceAll("\r", "").trim().split("\n").slice(-12).join("\n");
}
