// The kernel's half of the program, compiled as the kernel compiles its own asm-offsets.c; then linked with the user's half.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../common/run.ts";
import { flagNames } from "./flags.ts";
import { recordedConstants } from "./targets.ts";

const kernelDir = fileURLToPath(new URL("kernel/", import.meta.url));

// Warnings are the kernel's business; sections let the linker drop every function that no answer needs, and with it the
// names that only a running kernel defines; the stack protector and patchable entries need a kernel around them.
const ours = [
  "-w",
  "-Wno-error",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-stack-protector",
  "-fno-pie",
];

interface Compiling {
  /** A configured tree's O= directory. */
  readonly build: string;
  /** Where asm-offsets.c stands. */
  readonly offsets: string;
  /** What the compiler's commands begin with. */
  readonly prefix: string;
  /** More flags for the linker. */
  readonly link?: readonly string[];
}

/** The path of the linked program. */
export function compile({ build, offsets, prefix, link = [] }: Compiling): string {
  const out = path.join(build, "ptekit");
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(path.join(out, "constants.h"), constantsHeader(recordedConstants));
  fs.writeFileSync(path.join(out, "flags.h"), constantsHeader(flagNames()));

  const command = commandOf(fs.readFileSync(path.join(build, offsets, ".asm-offsets.s.cmd"), "utf8"));
  const [compiler = `${prefix}gcc`, ...flags] = kernelFlags(command);
  const object = path.join(out, "probe.o");
  run(
    compiler,
    [...flags, ...ours, `-I${kernelDir}`, `-I${out}`, "-c", "-o", object, `${kernelDir}probe.c`],
    {
      cwd: build,
    },
  );

  const program = path.join(out, "ask");
  const whole = ["-static", "-no-pie", "-Wl,--gc-sections", "-Wl,--no-warnings", ...link];
  run(`${prefix}gcc`, ["-O1", "-Wall", ...whole, "-o", program, `${kernelDir}ask.c`, object]);
  return program;
}

/** The command that a kbuild .cmd file records (`cmd_X := …` up to v6.2, `savedcmd_X := …` since), as words. */
export function commandOf(cmdFile: string): string[] {
  const line = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(cmdFile)?.[1];
  if (!line)
    throw new Error("no command is recorded in .asm-offsets.s.cmd: kbuild writes it in another form here");
  return words(line.replaceAll("$$", "$").replaceAll("$(pound)", "#"));
}

/** That command less what belongs to asm-offsets.c alone: its dependency file, its output, its source, -Werror. */
export function kernelFlags(command: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < command.length; i++) {
    const word = command[i] ?? "";
    if (word === "-o") i++;
    else if (!/^(-S|-c|-fverbose-asm|-Werror.*|-Wp,-MM?D,.*)$/.test(word) && !/asm-offsets\.c$/.test(word))
      kept.push(word);
  }
  return kept;
}

/** A shell command's words; quotes as kbuild writes them: '…' around, "…" and \x within. */
export function words(line: string): string[] {
  const found: string[] = [];
  for (const match of line.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g)) {
    found.push(
      match[0].replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, escaped) =>
        single !== undefined ? single : (escaped ?? double.replace(/\\(.)/g, "$1")),
      ),
    );
  }
  return found;
}

/** constants.h: each name asked for only where the preprocessor knows it. */
export function constantsHeader(names: readonly string[]): string {
  return names.map((name) => `#ifdef ${name}\nCONSTANT(${name})\n#endif\n`).join("");
}
