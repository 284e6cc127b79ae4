import type { ArchBackend, Decoded } from "@ptekit/core";
import { emptyPte, hex, rowsOf } from "@ptekit/core";
import { maxPages, pageBytes, sizeText } from "../limits.ts";
import { bitsSet, bytesText, shortHex } from "../numbers.ts";
import type { Agreement, Words } from "./backends.ts";
import { backendsEver } from "./backends.ts";
import { byteCause, fillWords } from "./bytes.ts";
import { MISREADS } from "./misreads.ts";
import { asPresent, presentName } from "./present.ts";

/** A likely cause, and the reasoning. */
export interface Cause {
  readonly name: string;
  readonly sentence: string;
}

/** Everything known about one word of a report. */
export interface Case {
  readonly words: Words;
  readonly backend: ArchBackend;
  /** The PTE decoded, or the PTE that the entry came from. */
  readonly said: Decoded;
  readonly agreement: Agreement | null;
  readonly message: string;
  readonly pmd: bigint | null;
  readonly releaseKnown: boolean;
}

type Rule = (report: Case) => Cause | null;

/** The rules, the surest first; all that hold are told, but a later one may leave the field to an earlier one. */
const SURE: readonly Rule[] = [misread, bytes, filled, flipped, l1tfEmpty, marker, special];
const GUESSES: readonly Rule[] = [presentCleared, shiftedPte, pointer, noise];

/** What may have caused it, the likeliest first; empty where the word itself shows nothing. */
export function causesOf(report: Case): Cause[] {
  const sure = SURE.flatMap((rule) => rule(report) ?? []);
  const guess = sure.length > 0 ? [] : GUESSES.flatMap((rule) => rule(report) ?? []).slice(0, 1);
  return [...sure, ...guess, ...[tooLarge(report) ?? []].flat()];
}

/** `i386 2-level`, `arm LPAE`: how kernel people call a family of layouts. */
function familyOf({ arch, layout }: ArchBackend): string {
  const variant = layout.id
    .slice(arch.length + 1)
    .split(" ")
    .slice(1)
    .join(" ");
  const twoLevel = (layout.when ?? []).some((need) => /^!CONFIG_\w*PAE$/.test(need));
  return [arch, ...(variant === "" ? [] : [variant]), ...(twoLevel ? ["2-level"] : [])].join(" ");
}

function misread({ words, backend, agreement }: Case): Cause | null {
  if (agreement?.kind === "misread") {
    const bit = agreement.bits[0] ?? 0;
    const field = rowsOf(backend.layout, "swpType").some(({ high, low }) => bit <= high && bit >= low)
      ? "type"
      : "offset";
    const known = MISREADS.find((row) => row.arch === backend.arch && row.bit === bit);
    const flag = known?.flag;
    const by = flag === undefined ? "as if it were a flag" : `as if it were ${flag} (${known?.citation})`;
    return {
      name: "misread-bit",
      sentence: `bit ${bit} is inside the ${field} field on ${familyOf(backend)}: no spare bit there. The PTE has it set, the kernel's entry has it clear: it was cleared ${by}`,
    };
  }
  // Only the entry was printed: on the architectures and releases where a kernel is known to have done this.
  if (words.entry === null || agreement?.kind === "same") return null;
  const entry = words.entry;
  for (const row of MISREADS.filter(
    ({ arch, during }) => arch === backend.arch && during(backend.kernel.release),
  )) {
    const written = backend.fromSwpEntry(entry);
    const whole = backend.decode(written | (1n << BigInt(row.bit)));
    const inType = rowsOf(backend.layout, "swpType").some(
      ({ high, low }) => row.bit <= high && row.bit >= low,
    );
    if (
      inType &&
      whole.type !== undefined &&
      whole.kind !== "swap" &&
      backend.decode(written).kind === "swap"
    ) {
      const typeBit = row.bit - (rowsOf(backend.layout, "swpType")[0]?.low ?? 0);
      return {
        name: "misread-bit",
        sentence: `bit ${row.bit} is inside the type field on ${familyOf(backend)}: no spare bit there. Type ${Number(entry >> BigInt(backend.kernel.swpTypeShift))} is ${whole.kind} (type ${whole.type}) with type bit ${typeBit} cleared, as this kernel did for ${row.flag} (${row.citation})`,
      };
    }
  }
  return null;
}

function bytes({ words, backend }: Case): Cause | null {
  if (words.pte === null) return null;
  const { pteBits } = backend.layout;
  return byteCause(inMemory(backend, words.pte), pteBits);
}

/** The word whose little-endian bytes are the PTE's bytes in memory, lowest address first. */
function inMemory(backend: ArchBackend, pte: bigint): bigint {
  return backend.toBytes(pte).reduce((word, byte, i) => word | (BigInt(byte) << BigInt(8 * i)), 0n);
}

/** A fill byte that the printed entry came from, where the PTE was not printed. */
function filled({ words, backend }: Case): Cause | null {
  if (words.pte !== null || words.entry === null) return null;
  const entry = words.entry;
  const fill = fillWords(backend.layout.pteBits).find(
    ({ word }) =>
      !["none", "present"].includes(backend.decode(word).kind) &&
      backend.toSwpEntry(word) === entry &&
      bitsSet(entry).length > 2,
  );
  return fill && entry !== backend.toSwpEntry(emptyPte(backend.layout))
    ? { name: "poison", sentence: fill.sentence }
    : null;
}

function flipped({ words, backend, said }: Case): Cause | null {
  const set = bitsSet(said.pte ^ emptyPte(backend.layout));
  if (said.kind === "none" || set.length === 0 || set.length > 2) return null;
  const from = words.pte === null ? " (of the PTE behind the entry; its flags are not in the entry)" : "";
  const inverted = rowsOf(backend.layout, "swpOffset").some((row) => row.inverted)
    ? `. The offset ${shortHex(said.offset ?? 0n)} is large because the field is stored inverted: an empty one reads as all ones`
    : "";
  if (set.length === 1) {
    return {
      name: "one-bit",
      sentence: `none PTE with bit ${set[0]} flipped${from}: one bit is set in an entry that should be empty, as by faulty memory or a stray write${inverted}`,
    };
  }
  return {
    name: "two-bits",
    sentence: `two-bit pattern: none PTE with bits ${set.join(" and ")} flipped${from}; two bits are set in an entry that should be empty${inverted}`,
  };
}

function l1tfEmpty({ backend, said }: Case): Cause | null {
  const rows = rowsOf(backend.layout, "swpOffset").filter((row) => row.inverted);
  const [row] = rows;
  if (!row || said.kind !== "swap" || said.offset !== backend.maxOffset) return null;
  return {
    name: "offset-empty",
    sentence: `offset field empty after L1TF inversion: bits ${row.high}:${row.low} of the PTE are all 0, which reads as the largest offset; a nearly-none PTE`,
  };
}

function marker({ said, message, backend }: Case): Cause | null {
  if (said.kind !== "marker") return null;
  const names = said.markers ?? [];
  if (names.length === 0) {
    return {
      name: "marker",
      sentence: `type ${said.type} is the PTE marker, but offset ${shortHex(said.offset ?? 0n)} has no marker bit that ${backend.kernel.release} knows`,
    };
  }
  const what = `${names.join(" and ")} PTE marker`;
  const unknown = message.startsWith("unrecognized") || message.startsWith("zap");
  return {
    name: "marker",
    sentence: unknown
      ? `${what}; your kernel config does not know it${names.includes("uffd-wp") ? " (CONFIG_PTE_MARKER_UFFD_WP is off, and yet one was installed)" : ""}. The raw PTE is ${hex(said.pte, backend.layout.pteBits)}`
      : `${what}: it names no swap slot. The raw PTE is ${hex(said.pte, backend.layout.pteBits)}`,
  };
}

function special({ said, backend }: Case): Cause | null {
  if (!["migration", "hwpoison", "device-private", "device-exclusive", "swapin-error"].includes(said.kind))
    return null;
  const name = backend.types.special.find(({ type }) => type === said.type)?.name ?? said.kind;
  const pfn = said.pfn === undefined ? "" : `, pfn ${shortHex(said.pfn)}`;
  return {
    name: "special-type",
    sentence: `type ${said.type} is ${name}${pfn}: a special entry, no swap area (MAX_SWAPFILES is ${backend.types.maxSwapfiles} here)`,
  };
}

/** A PTE whose PRESENT bit was lost looks like one in everything else. */
function presentCleared({ words, backend, said, pmd }: Case): Cause | null {
  if (words.pte === null || (said.kind !== "swap" && said.kind !== "unassigned")) return null;
  const look = asPresent(backend, words.pte);
  if (look === null || look.pfn === 0n || !look.plausible || look.names.length === 0) return null;
  const far = said.offset !== undefined && said.offset > maxPages(backend);
  const near = pmd !== null && look.near(pmd);
  if (!far && !near) return null;
  const what = look.uncached ? "device PTE" : "present PTE";
  const beside = near && pmd !== null ? `; the PMD ${shortHex(pmd)} beside it lies in the same region` : "";
  const sure = far ? `looks like a ${what} with PRESENT cleared` : `may be a ${what} with PRESENT cleared`;
  return {
    name: "present-cleared",
    sentence: `${sure} (${presentName(backend)}): pfn ${shortHex(look.pfn)}, ${look.names.join(" ")}${beside}`,
  };
}

/** A PTE that was written some bytes beside its place. */
function shiftedPte({ words, backend, said }: Case): Cause | null {
  if (
    words.pte === null ||
    backend.arch !== "x86_64" ||
    said.offset === undefined ||
    said.offset <= maxPages(backend)
  )
    return null;
  for (const shift of [8n, 16n, 24n, 32n]) {
    for (const [moved, way] of [
      [words.pte >> shift, "left"],
      [BigInt.asUintN(64, words.pte << shift), "right"],
    ] as const) {
      const low = Number(moved & 0xfffn);
      const look = asPresent(backend, moved);
      if (
        look?.plausible &&
        look.pfn > 0xffn &&
        [0x025, 0x027, 0x065, 0x067, 0x865, 0x867, 0x125, 0x905].includes(low)
      ) {
        return {
          name: "shifted",
          sentence: `looks like the present PTE ${hex(moved, 64)} shifted ${way} by ${Number(shift) / 8} bytes`,
        };
      }
    }
  }
  return null;
}

function pointer({ words, backend, said }: Case): Cause | null {
  if (words.pte === null || backend.layout.pteBits !== 64 || (words.pte & 7n) !== 0n) return null;
  if (words.pte >> 47n !== 0x1_ffffn || words.pte >= 0xffff_ffff_ffff_f000n) return null;
  if (said.kind !== "swap" && said.kind !== "marker" && said.kind !== "unassigned") return null;
  return {
    name: "pointer",
    sentence: `looks like a kernel address: the page table was overwritten with a pointer`,
  };
}

function noise(report: Case): Cause | null {
  const { words, backend, said } = report;
  const word = words.pte ?? said.pte;
  const set = bitsSet(word).length;
  const bits = backend.layout.pteBits;
  if (set * 4 < bits || set * 4 > bits * 3) return null;
  if (said.kind === "present") {
    const look = asPresent(backend, word);
    if (look === null || look.plausible) return null;
    return {
      name: "random",
      sentence: `random data, it seems: it has its PRESENT bit set, but ${look.wrong}; ${set} of ${bits} bits are set, in no pattern`,
    };
  }
  if (said.offset === undefined || said.offset <= maxPages(backend)) return null;
  return { name: "random", sentence: `random data, it seems: ${set} of ${bits} bits are set, in no pattern` };
}

function tooLarge({ backend, said }: Case): Cause | null {
  if (said.kind !== "swap" || said.offset === undefined || said.offset <= maxPages(backend)) return null;
  const page = pageBytes(backend);
  return {
    name: "offset-too-large",
    sentence: `offset ${shortHex(said.offset)} lies ${bytesText(said.offset * page)} into swap area ${said.type}; the largest that this kernel takes is ${sizeText(maxPages(backend) * page, page)}`,
  };
}

/** Where the two words of a report do not fit: which other layout of the architecture they would fit. */
export function fitsElsewhere(arch: Parameters<typeof backendsEver>[0], words: Words): ArchBackend[] {
  const { pte, entry } = words;
  if (pte === null || entry === null) return [];
  return backendsEver(arch).filter((backend) => {
    try {
      return backend.toSwpEntry(pte) === entry;
    } catch {
      return false;
    }
  });
}
