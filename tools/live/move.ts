// npm run live -- --move: a guest with two memory nodes moves huge pages between them, and whether its kernel lives on.
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "../common/errors.ts";
import { boot } from "./boot.ts";
import { compile } from "./compile.ts";
import { initramfs } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import type { Programs } from "./newer.ts";
import type { Options } from "./options.ts";

/** What came of it, in lines for a person; `died` where the kernel complained, or ended. */
export interface Moved {
  readonly died: boolean;
  readonly lines: readonly string[];
}

export async function move(
  options: Options,
  kernel: Kernel,
  programs: Programs,
  scratch: string,
): Promise<Moved> {
  const initrd = path.join(scratch, "initrd");
  const { init, more } = compile(options.machine, ["move.c"], scratch, programs);
  fs.writeFileSync(initrd, initramfs(init, [], more));
  const lines: string[] = [];
  const asked = {
    ...options,
    ...programs,
    image: kernel.image,
    initrd,
    ram: path.join(scratch, "ram"),
    nodes: true,
    append: `loglevel=5 transparent_hugepage=always ${options.append}`,
    onLine: (line: string) => {
      lines.push(line);
      return undefined;
    },
  };
  try {
    await boot(asked);
    return { died: complaints(lines).length > 0, lines: told(lines) };
  } catch (error) {
    // A panic ends the machine.
    if (complaints(lines).length > 0) return { died: true, lines: told(lines) };
    throw new Error(messageOf(error));
  }
}

/** The lines in which a kernel says that something is wrong with its tables, or with itself. */
export function complaints(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.replace(/^(<\d+>)?\[ *\d+\.\d+\](\[ *[CT]\d+\])? ?/, ""))
    .filter((line) =>
      /^(BUG: |Oops|Unable to handle|Kernel panic|kernel BUG|Bad page|WARNING: )/i.test(line),
    );
}

const told = (lines: readonly string[]): string[] => [
  ...lines.filter((line) => /^@(release|huge|moved|fail) /.test(line)).map((line) => line.slice(1)),
  ...complaints(lines),
];
