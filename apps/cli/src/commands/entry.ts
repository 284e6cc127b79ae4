import type { SwapTypes } from "@ptekit/core";
import { atLeast, hex, NEWEST_RELEASE, parseRelease, swapTypes, typeMeaning } from "@ptekit/core";
import { loadArch } from "../architectures.js";
import type { Command, Given } from "../command.js";
import { UsageError } from "../errors.js";
import { readWord, shortHex } from "../numbers.js";
import { backendAt, CONFIG_OPTIONS, JSON_OPTION } from "../target.js";
import { jsonOf, wordText } from "../words.js";

export const entry: Command = {
  name: "entry",
  summary: 'take a swp_entry_t apart, as in "Bad swap file entry X"',
  description: [
    "A swp_entry_t is the same on all architectures: the type in its highest bits, the offset below. SWP_TYPE_SHIFT is 58 (26 on 32 bits), and 57 (25) before 4.20. With --arch, the PTE that the kernel would write for it is shown too.",
  ],
  arguments: [{ name: "X", required: true, many: true, help: "the entries, hexadecimal" }],
  options: [
    { name: "kernel", value: "R", help: "the release; without it, the newest one" },
    { name: "bits", value: "32|64", help: "BITS_PER_LONG of that kernel" },
    { name: "arch", value: "A", help: "the architecture, for the PTE and for its swap types" },
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
      const backend = backendAt(await loadArch(arch), release, given);
      for (const text of given.args) {
        const said = backend.decode(backend.fromSwpEntry(readWord(text)));
        if (given.has("json")) out.json(jsonOf(backend, said));
        else for (const line of wordText(backend, said, out.colors)) out.line(line);
      }
      return 0;
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

interface Reading {
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly type: number;
  readonly offset: bigint;
  readonly meaning: string;
  readonly assumed: readonly string[];
}

function readEntry(value: bigint, release: string, given: Given): Reading {
  const parsed = parseRelease(release);
  const modern = atLeast(parsed, "4.20");
  const at = (bits: 32 | 64): { readonly type: number; readonly offset: bigint } => {
    const shift = BigInt(bits - (modern ? 6 : 7));
    return { type: Number(value >> shift), offset: value & ((1n << shift) - 1n) };
  };
  const bits = bitsOf(value, given.text("bits"), at(32).type);
  const { type, offset } = at(bits);
  const types = swapTypes(parsed, () => true);
  const other = bits === 64 ? 32 : 64;
  const assumed = [
    ...(given.text("kernel") === undefined ? [`Linux ${release} (--kernel not given)`] : []),
    ...(given.text("bits") === undefined && value >> 32n === 0n
      ? [
          `${bits} bits (--bits not given; with ${other}: type ${at(other).type}, offset ${shortHex(at(other).offset)})`,
        ]
      : []),
    ...(type >= lowestSpecial(types) ? ["every kind of special entry is configured (--arch not given)"] : []),
  ];
  return { value, bits, type, offset, meaning: meaningText(types, type, offset), assumed };
}

const lowestSpecial = (types: SwapTypes): number => types.maxSwapfiles;

/** 32 bits where the word fills them with a type; printed entries have at least 8 digits on either width. */
function bitsOf(value: bigint, text: string | undefined, type32: number): 32 | 64 {
  if (text !== undefined && text !== "32" && text !== "64")
    throw new UsageError(`--bits is 32 or 64, not ${text}`);
  const wide = value >> 32n !== 0n;
  if (value >> 64n !== 0n) throw new UsageError(`${shortHex(value)} needs more than 64 bits`);
  if (text === "32" && wide) throw new UsageError(`${shortHex(value)} does not fit into 32 bits`);
  if (text !== undefined) return text === "32" ? 32 : 64;
  return !wide && type32 > 0 ? 32 : 64;
}

function meaningText(types: SwapTypes, type: number, offset: bigint): string {
  const meaning = typeMeaning(types, type);
  if (meaning === "swap") return "a swap area";
  if (meaning !== "marker") return meaning;
  const names = types.markers.filter(({ value }) => (offset & value) !== 0n).map(({ name }) => name);
  return names.length > 0 ? `${names.join(", ")} marker` : "marker";
}
