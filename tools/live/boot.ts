// A machine that boots the kernel and runs the program until it says it is done: its memory is then in a file.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { endIn } from "./console.ts";
import type { Machine } from "./machines.ts";

interface Boot {
  readonly machine: Machine;
  readonly image: string;
  readonly initrd: string;
  /** A file that QEMU uses as the guest's memory. */
  readonly ram: string;
  readonly megabytes: number;
  readonly timeoutSeconds: number;
  /** More words for the kernel's command line. */
  readonly append?: string;
  readonly cpu: string;
  /** Told each line that the program prints, while the machine runs; a text that comes back is the program's next input. */
  readonly onLine?: (line: string) => string | undefined;
}

/**
 * What the program printed. The guest's memory is left in `ram` as it was when it was done: from then on the program runs
 * in a loop that changes nothing.
 */
export async function boot(asked: Boot): Promise<string> {
  const { machine, image, initrd, ram, megabytes, timeoutSeconds, cpu, append = "", onLine } = asked;
  const qemu = spawn(machine.emulator[0], [
    ...machine.args,
    ...["-cpu", cpu, "-accel", "tcg", "-smp", "1", "-m", `${megabytes}`],
    ...["-object", `memory-backend-file,id=ram,size=${megabytes}M,mem-path=${ram},share=on`],
    ...["-kernel", image, "-initrd", initrd],
    "-append",
    ["loglevel=1", "panic=-1", `console=${machine.console}`, machine.append, append]
      .filter(Boolean)
      .join(" "),
    ...["-display", "none", "-nodefaults", "-no-reboot", "-serial", "stdio"],
  ]);
  const stop = (): boolean => qemu.kill("SIGKILL");
  const ended = new Promise((resolve) => qemu.once("close", resolve));
  process.once("exit", stop);
  try {
    return await outputUntilDone(qemu, timeoutSeconds, onLine);
  } finally {
    stop();
    await ended;
    process.removeListener("exit", stop);
  }
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
    qemu.on("error", (error) => fail(`QEMU did not start: ${error.message}`));
    qemu.on("close", () => {
      clearTimeout(timer);
      fail("QEMU ended before the guest was done");
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
