import type { Architecture } from "@ptekit/core";
import type { Options, Report } from "@ptekit/explain";
import { explain as explainLog, textOf, verdictLines } from "@ptekit/explain";
import { archOf } from "../arch.ts";
import type { Command, Given } from "../command.ts";
import { NoError, UsageError } from "../errors.ts";
import { logBytes } from "../input.ts";
import { CONFIG_OPTIONS, JSON_OPTION, statedConfig } from "../target.ts";

const LOG = `get_swap_device: Bad swap offset entry 3ffffffff7fff
BUG: Bad page map in process docker  pte:01000000 pmd:10fe4f067
CPU: 3 PID: 712 Comm: docker Not tainted 6.1.0-50-amd64 #1
`;

export const explain: Command = {
  name: "explain",
  summary: "find the page-table entries in a kernel log, and say what probably happened",
  description: [
    'Reads a log of any length as it is pasted: time stamps, mail quotes, wrapped lines, quoted-printable, the JSON of journals and containers, UTF-16 and gzip may stay. It looks for "Bad page map", "Bad swap file entry" and its kin, the tables of fault dumps on every architecture, bad PMDs, and what crash and debuggers print.',
    "Each report begins with a verdict: what happened, how sure that is, what to look at next. Architecture and release are taken from the log; --arch and --kernel override it. Exit status 1: no such line was found, or what it needs to know is not in the log.",
  ],
  arguments: [{ name: "FILE", help: "the log, or - for standard input (which is also the default)" }],
  options: [
    {
      name: "arch",
      value: "A",
      help: "the architecture, or a module of your own, where the log does not say",
    },
    { name: "kernel", value: "R", help: "the release, where the log does not say" },
    ...CONFIG_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit explain", shows: "a bit that flipped", stdin: LOG },
    {
      line: "ptekit explain --json -",
      shows: "a marker that this kernel does not know",
      stdin:
        "unrecognized swap entry 0x7c00000000000001\nCPU: 0 PID: 1 Comm: a Not tainted 6.9.0-rc5 #1\nRIP: 0010:zap_pte_range+0x1\n",
    },
    {
      line: "ptekit explain --arch arm64 --kernel 6.12 -",
      shows: "a log without such a line",
      stdin: "all is well\n",
      exit: 1,
    },
  ],
  async run(given, out) {
    if (given.args.length > 1) throw new UsageError("explain reads one log: a FILE, or - for standard input");
    const name = given.text("arch");
    const arch = name === undefined ? undefined : await archOf(name);
    const file = given.args[0] ?? "-";
    const { bytes, refuse } = lookedAt(file, logBytes(file));
    const found = explainLog(bytes, optionsOf(given, arch));
    const { colors } = out;
    // People read the verdict of the whole log first; what was found so far waits for it, up to a limit.
    let held: Report[] | null = given.has("json") ? null : [];
    let count = 0;
    let isAnswered = true;
    let isFirst = true;
    const show = (lines: readonly string[]): void => {
      if (!isFirst) out.line();
      isFirst = false;
      for (const line of lines) out.line(line);
    };
    for (;;) {
      const { done, value } = await found.next();
      if (done) {
        if (count === 0) {
          refuse();
          throw new NoError("no line here carries a page-table entry or a swap entry");
        }
        if (held !== null && count > 1 && value !== null) show(verdictLines(value, colors));
        for (const report of held ?? []) show(await textOf(report, colors, arch));
        return isAnswered ? 0 : 1;
      }
      count++;
      isAnswered &&= value.question === null && value.verdict.cause !== "too-wide";
      if (given.has("json")) out.json(value);
      else if (held === null) show(await textOf(value, colors, arch));
      else {
        held.push(value);
        if (held.length < MOST_HELD) continue;
        for (const report of held) show(await textOf(report, colors, arch));
        held = null;
      }
    }
  },
};

const MOST_HELD = 1000;

/** A log's bytes as they pass, and what refuses them where nothing was found: they are none, or no text. */
function lookedAt(file: string, blocks: AsyncIterable<Uint8Array>) {
  const name = file === "-" ? "standard input" : file;
  let head: Uint8Array | undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const block of blocks) {
      head ??= Uint8Array.from(block);
      yield block;
    }
  }
  const refuse = (): void => {
    if (head === undefined) throw new NoError(`${name}: it is empty`);
    if (!isText(head))
      throw new UsageError(
        `${name} is no text; page-table entries as they lie in memory: ptekit census --arch A --kernel R ${file}`,
      );
  };
  return { bytes: bytes(), refuse };
}

/** Whether nearly all bytes are those of a text; a log that a crash cut off may have some others. UTF-16 has a 0 beside each letter. */
function isText(head: Uint8Array): boolean {
  const controls = (parity: number, step: number): number => {
    let found = 0;
    for (let i = parity; i < head.length; i += step) {
      const byte = head[i] as number;
      if (byte < 9 || (byte > 13 && byte < 32 && byte !== ESCAPE)) found++;
    }
    return found;
  };
  const few = head.length / 32;
  return controls(0, 1) <= few || Math.min(controls(0, 2), controls(1, 2)) <= few / 2;
}

const ESCAPE = 27;

function optionsOf(given: Given, arch: Architecture | undefined): Options {
  const release = given.text("kernel");
  const { config, cpu, backports } = statedConfig(given);
  return {
    ...(arch === undefined ? {} : { arch }),
    ...(release === undefined ? {} : { release }),
    ...(typeof config === "string" || Object.keys(config).length > 0 ? { config } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(backports.length > 0 ? { backports } : {}),
  };
}
