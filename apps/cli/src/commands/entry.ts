import type { ArchBackend, GenericEntry } from "@ptekit/core";
import {
  entryOf,
  genericEntry,
  genericMeaning,
  hex,
  NEWEST_RELEASE,
  parseRelease,
  shortHex,
  swapTypes,
  toJson,
} from "@ptekit/core";
import { archOf } from "../arch.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readWord } from "../numbers.ts";
import type { Output } from "../output.ts";
import { backendAt, CONFIG_OPTIONS, JSON_OPTION } from "../target.ts";
import { wordText } from "../words.ts";

export const entry: Command = {
  name: "entry",
  summary: 'take a swp_entry_t apart, as in "Bad swap file entry X"',
  description: [
    "A swp_entry_t is the same on all architectures: the type in its highest bits, the offset below. SWP_TYPE_SHIFT is 58 (26 on 32 bits), 57 (25) before 4.20, and 59 (27) before 3.5; vendors took the changes over earlier. With --arch, the PTE that the kernel would write for it is shown, or why no PTE of that kernel decodes to it (exit status 1).",
  ],
  arguments: [{ name: "X", required: true, many: true, help: "the entries, hexadecimal" }],
  options: [
    { name: "kernel", value: "R", help: "the release; without it, the newest one" },
    { name: "bits", value: "32|64", help: "BITS_PER_LONG of that kernel" },
    {
      name: "arch",
      value: "A",
      help: "the architecture, or a module of your own, for the PTE and for its swap types",
    },
    ...CONFIG_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit entry 0x7c00000000000001", shows: 'the entry of "unrecognized swap entry"' },
    { line: "ptekit entry --kernel 5.7 --bits 32 700b8216", shows: "type 28, offset 0xb8216" },
    { line: "ptekit entry --arch arm64 --kernel 6.1 --json 40207070a050609", shows: "the PTE behind it" },
  ],
  async run(given, out) {
    const release = given.text("kernel") ?? NEWEST_RELEASE;
    const arch = given.text("arch");
    if (arch !== undefined) {
      const backend = backendAt(await archOf(arch), release, given);
      let all = true;
      for (const text of given.args) {
        const isHeld = printEntry(backend, readWord(text), given.has("json"), out);
        all &&= isHeld;
      }
      return all ? 0 : 1;
    }
    if (CONFIG_OPTIONS.some(({ name }) => given.text(name) !== undefined || given.list(name).length > 0)) {
      throw new UsageError("--config, --config-file, --cpu and --backport go with --arch");
    }
    for (const text of given.args) {
      const reading = readEntry(readWord(text), release, given);
      if (given.has("json")) {
        const { value, bits, ...rest } = reading;
        out.json({ swpEntry: hex(value, bits), bits, ...rest, offset: shortHex(rest.offset) });
        continue;
      }
      const { value, bits, type, offset, meaning, assumed } = reading;
      out.line(
        `${out.colors.bold(hex(value, bits))}  type ${type} (${meaning}), offset ${shortHex(offset)} (${offset})`,
      );
      for (const sentence of assumed) out.line(out.colors.yellow(`assumed: ${sentence}`));
    }
    return 0;
  },
};

/** Prints the PTE that a kernel would write for an entry, or why it writes none; what comes back is whether it does. */
export function printEntry(backend: ArchBackend, value: bigint, json: boolean, out: Output): boolean {
  const { swpEntry, type, offset, said, why } = entryOf(backend, value);
  if (json) out.json(said ? toJson(said) : { swpEntry, type, offset: shortHex(offset), why });
  else if (said) for (const line of wordText(backend, said, out.colors)) out.line(line);
  else {
    out.line(`${out.colors.bold(swpEntry)}  type ${type}, offset ${shortHex(offset)}`);
    out.line(out.colors.yellow(why ?? ""));
  }
  return said !== null;
}

interface Reading extends GenericEntry {
  readonly value: bigint;
  readonly meaning: string;
  readonly assumed: readonly string[];
}

function readEntry(value: bigint, release: string, given: Given): Reading {
  const stated = widthOf(value, given.text("bits"));
  const reading = genericEntry(value, stated, release);
  const other = genericEntry(value, reading.bits === 64 ? 32 : 64, release);
  const types = swapTypes(parseRelease(release), () => true);
  const assumed = [
    ...(given.text("kernel") === undefined ? [`Linux ${release} (--kernel not given)`] : []),
    ...(stated === null && value >> 32n === 0n
      ? [
          `${reading.bits} bits (--bits not given; with ${other.bits}: type ${other.type}, offset ${shortHex(other.offset)})`,
        ]
      : []),
    ...(reading.type >= types.maxSwapfiles
      ? ["every kind of special entry is configured (--arch not given)"]
      : []),
  ];
  return { value, ...reading, meaning: genericMeaning(reading, release), assumed };
}

function widthOf(value: bigint, text: string | undefined): 32 | 64 | null {
  if (text !== undefined && text !== "32" && text !== "64")
    throw new UsageError(`--bits is 32 or 64, not ${text}`);
  if (value >> 64n !== 0n) throw new UsageError(`${shortHex(value)} needs more than 64 bits`);
  if (text === "32" && value >> 32n !== 0n)
    throw new UsageError(`${shortHex(value)} does not fit into 32 bits`);
  return text === undefined ? null : text === "32" ? 32 : 64;
}
