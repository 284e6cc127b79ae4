import { load } from "@ptekit/all";
import type { ArchBackend, Decoded, GenericEntry, SwapTypes } from "@ptekit/core";
import {
  genericEntry,
  hex,
  longBitsOf,
  NEWEST_RELEASE,
  parseRelease,
  shortHex,
  swapTypes,
  toJson,
  typeMeaning,
} from "@ptekit/core";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readWord } from "../numbers.ts";
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
      const backend = backendAt(await load(arch), release, given);
      let all = true;
      for (const text of given.args) {
        const value = readWord(text);
        const said = backend.decode(backend.fromSwpEntry(value));
        const why = "swpEntry" in said && said.swpEntry === value ? null : whyNone(backend, value, said);
        all &&= why === null;
        if (given.has("json")) out.json(why === null ? toJson(said) : { ...partsOf(backend, value), why });
        else if (why === null) for (const line of wordText(backend, said, out.colors)) out.line(line);
        else {
          const { swpEntry, type, offset } = partsOf(backend, value);
          out.line(`${out.colors.bold(swpEntry)}  type ${type}, offset ${offset}`);
          out.line(out.colors.yellow(why));
        }
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

/** A swp_entry_t of a backend's kernel, which no PTE of it may hold. */
function partsOf(
  { kernel, layout }: ArchBackend,
  value: bigint,
): { swpEntry: string; type: number; offset: string } {
  const shift = BigInt(kernel.swpTypeShift);
  return {
    swpEntry: hex(value, longBitsOf(layout)),
    type: Number(value >> shift),
    offset: shortHex(value & ((1n << shift) - 1n)),
  };
}

/** Why an entry never came from a page table of that kernel: what of it the PTE cannot hold. */
function whyNone(backend: ArchBackend, value: bigint, said: Decoded): string {
  const { kernel, layout, maxType, maxOffset } = backend;
  const shift = BigInt(kernel.swpTypeShift);
  const type = value >> shift;
  const offset = value & ((1n << shift) - 1n);
  const bits = (word: bigint): number => (word === 0n ? 0 : word.toString(2).length);
  const reasons = [
    ...(offset > maxOffset ? [`offset needs ${bits(offset)} bits, the field has ${bits(maxOffset)}`] : []),
    ...(type > BigInt(maxType)
      ? [`type needs ${bits(type)} bits, the field has ${bits(BigInt(maxType))}`]
      : []),
  ];
  const because =
    reasons.length > 0 ? reasons.join("; ") : `the PTE that encode writes for it is ${said.kind}`;
  return `no PTE of this kernel decodes to it (${because}), so it never came from a page table of ${layout.id}`;
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
  return { value, ...reading, meaning: meaningText(types, reading.type, reading.offset), assumed };
}

function widthOf(value: bigint, text: string | undefined): 32 | 64 | null {
  if (text !== undefined && text !== "32" && text !== "64")
    throw new UsageError(`--bits is 32 or 64, not ${text}`);
  if (value >> 64n !== 0n) throw new UsageError(`${shortHex(value)} needs more than 64 bits`);
  if (text === "32" && value >> 32n !== 0n)
    throw new UsageError(`${shortHex(value)} does not fit into 32 bits`);
  return text === undefined ? null : text === "32" ? 32 : 64;
}

function meaningText(types: SwapTypes, type: number, offset: bigint): string {
  const meaning = typeMeaning(types, type);
  if (meaning === "swap") return "a swap area";
  if (meaning !== "marker") return meaning;
  const names = types.markers.filter(({ value }) => (offset & value) !== 0n).map(({ name }) => name);
  return names.length > 0 ? `${names.join(", ")} marker` : "marker";
}
