import type { AnyDecoded, ArchBackend, Architecture, PfnKind, PresentLayout } from "@ptekit/core";
import {
  emptyPte,
  FLAG_NAMES,
  longBitsOf,
  PtekitError,
  rowsOf,
  targetOfHead,
  typeMeaning,
  typeNumber,
} from "@ptekit/core";
import { checkFormat, VECTORS } from "./format.ts";
import { backendOfHead } from "./head.ts";
import { configAt, cpuAt, flagAt, numberAt, parseObject, partAt, textAt, wordAt } from "./parse.ts";
import { readByLayout } from "./reference.ts";
import type { FileReport } from "./report.ts";
import { startTally } from "./report.ts";
import type { Check, VectorFile } from "./subject.ts";
import { classOf, each, hexText } from "./subject.ts";
import {
  checkFlags,
  checkModify,
  checkPmdDecode,
  checkPmdSpecial,
  checkPresentPmds,
  checkPresentPtes,
} from "./upper.ts";

export type { VectorFile };

const TRUNCATE = { overflow: "truncate" } as const;

/**
 * A vector file from its text.
 *
 * @throws PtekitError `BAD_FILE`, naming the file and what is wrong with it.
 */
export function parseVectors(file: string, text: string): VectorFile {
  const head = parseObject(file, text);
  checkFormat(file, head, VECTORS);
  return {
    file,
    head,
    arch: textAt(file, head, "arch"),
    variant: textAt(file, head, "variant"),
    release: textAt(file, head, "release"),
    config: configAt(file, head),
    cpu: cpuAt(file, head),
    pteBits: numberAt(file, head, "pteBits", "the head"),
  };
}

/**
 * Every row of a vector file, against the backend that its head selects.
 *
 * @throws PtekitError `BAD_FILE`, and what `arch.for()` throws.
 */
export function checkVectors(arch: Architecture, vectors: VectorFile): FileReport {
  const backend = backendOfHead(arch, vectors);
  const tally = startTally(vectors.file, backend.layout);
  const subject: Check = { arch, vectors, backend, tally };
  for (const list of lists) list(subject);
  return tally.report({ arch: vectors.arch, release: vectors.release, variant: vectors.variant });
}

const lists: readonly ((subject: Check) => void)[] = [
  checkHead,
  checkConstants,
  checkMasks,
  checkMemory,
  checkEncode,
  checkEncodeOverflow,
  checkDecode,
  checkMarkers,
  checkSpecial,
  checkPresentPte,
  checkFlags,
  checkModify,
  checkPresentPtes,
  checkPresentPmds,
  checkPmd,
  checkPmdSpecial,
  checkPmdDecode,
];

function checkHead({ vectors, backend, tally }: Check): void {
  const { file, head } = vectors;
  const { layout, kernel } = backend;
  const facts: [string, string, () => string][] = [
    ["pteBits", String(layout.pteBits), () => String(head.pteBits)],
    ["longBits", String(longBitsOf(layout)), () => String(head.longBits)],
    ["maxOffset", hexText(backend.maxOffset), () => hexText(wordAt(file, head, "maxOffset", "the head"))],
    ["emptyPte", hexText(emptyPte(layout)), () => hexText(wordAt(file, head, "emptyPte", "the head"))],
    ["migrationAdSupported", String(kernel.migrationAd), () => String(head.migrationAdSupported)],
  ];
  for (const [key, got, expected] of facts) {
    if (head[key] === undefined) continue;
    tally.row("head");
    tally.same(`head ${key}`, 0, expected(), got);
  }
}

/** The kernel's constants that a backend states. */
const constants: Readonly<Record<string, (backend: ArchBackend) => number | undefined>> = {
  PAGE_SHIFT: ({ kernel }) => kernel.pageShift,
  BITS_PER_LONG: ({ layout }) => longBitsOf(layout),
  MAX_SWAPFILES: ({ types }) => types.maxSwapfiles,
  SWP_TYPE_SHIFT: ({ kernel }) => kernel.swpTypeShift,
  SWP_PFN_BITS: ({ kernel }) => kernel.pfnBits,
  SWP_HWPOISON: ({ types }) => typeNumber(types, "hwpoison"),
  SWP_MIGRATION_READ: ({ types }) => typeNumber(types, "migration-read"),
  SWP_MIGRATION_READ_EXCLUSIVE: ({ types }) => typeNumber(types, "migration-read-exclusive"),
  SWP_MIGRATION_WRITE: ({ types }) => typeNumber(types, "migration-write"),
  SWP_DEVICE_WRITE: ({ types }) => typeNumber(types, "device-private-write"),
  SWP_DEVICE_READ: ({ types }) => typeNumber(types, "device-private-read"),
  SWP_DEVICE_EXCLUSIVE: ({ types }) => typeNumber(types, "device-exclusive"),
  SWP_DEVICE_EXCLUSIVE_WRITE: ({ types }) => typeNumber(types, "device-exclusive-write"),
  SWP_DEVICE_EXCLUSIVE_READ: ({ types }) => typeNumber(types, "device-exclusive-read"),
  SWP_PTE_MARKER: ({ types }) => typeNumber(types, "marker"),
  SWP_SWAPIN_ERROR: ({ types }) => typeNumber(types, "swapin-error"),
};

function checkConstants({ vectors, backend, tally }: Check): void {
  const given = partAt(vectors.file, vectors.head, "constants");
  if (given === undefined) return;
  for (const [name, value] of Object.entries(given)) {
    const read = constants[name];
    if (!read) continue;
    tally.row("constants");
    tally.same(`constants ${name}`, 0, String(value), String(read(backend)));
  }
}

function checkMasks({ vectors, backend, tally }: Check): void {
  const given = partAt(vectors.file, vectors.head, "masks");
  if (given === undefined) return;
  for (const flag of FLAG_NAMES) {
    const written = rowsOf(backend.layout, flag).filter((row) => row.access !== "decode");
    const mask = written.reduce((all, row) => all | (1n << BigInt(row.low)), 0n);
    tally.row("masks");
    tally.same(`masks ${flag}`, 0, hexText(wordAt(vectors.file, given, flag, "masks")), hexText(mask));
  }
}

function checkMemory(subject: Check): void {
  const { vectors, backend, tally } = subject;
  each(subject, "memory", (row, index, where) => {
    const pte = wordAt(vectors.file, row, "pte", where);
    const bytes = [...backend.toBytes(pte)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    tally.same("memory", index, textAt(vectors.file, row, "bytes"), bytes);
  });
}

/** As the kernel stores it; and without truncation too, where the entry fits. */
function checkEncode(subject: Check): void {
  const { vectors, backend, tally } = subject;
  each(subject, "encode", (row, index, where) => {
    const type = numberAt(vectors.file, row, "type", where);
    const offset = wordAt(vectors.file, row, "offset", where);
    const pte = wordAt(vectors.file, row, "pte", where);
    tally.samePte("encode", index, pte, backend.encode({ type, offset }, TRUNCATE), "PTE");
    if (type <= backend.maxType && offset <= backend.maxOffset) {
      tally.samePte("encode", index, pte, backend.encode({ type, offset }), "PTE");
    }
    if (row.swpEntry === undefined) return;
    const entry = wordAt(vectors.file, row, "swpEntry", where);
    tally.samePte("encode", index, pte, backend.fromSwpEntry(entry), "PTE from its swp_entry_t");
  });
}

function checkEncodeOverflow(subject: Check): void {
  const { vectors, backend, tally } = subject;
  each(subject, "encodeOverflow", (row, index, where) => {
    const type = numberAt(vectors.file, row, "type", where);
    const offset = wordAt(vectors.file, row, "offset", where);
    const pte = wordAt(vectors.file, row, "pte", where);
    tally.samePte("encodeOverflow", index, pte, backend.encode({ type, offset }, TRUNCATE), "PTE");
    if (row.swpEntry === undefined) return;
    const entry = wordAt(vectors.file, row, "swpEntry", where);
    tally.samePte("encodeOverflow", index, pte, backend.fromSwpEntry(entry), "PTE from its swp_entry_t");
    tally.same(
      "encodeOverflow",
      index,
      "OFFSET_TOO_WIDE",
      refusal(() => backend.encode({ type, offset })),
    );
  });
}

function refusal(act: () => bigint): string {
  try {
    return hexText(act());
  } catch (error) {
    if (error instanceof PtekitError) return error.code;
    throw error;
  }
}

function checkDecode(subject: Check): void {
  const { vectors, backend, tally } = subject;
  const { file } = vectors;
  each(subject, "decode", (row, index, where) => {
    const pte = wordAt(file, row, "pte", where);
    const read: AnyDecoded = backend.decode(pte);
    const none = flagAt(file, row, "none", where);
    const present = flagAt(file, row, "present", where);
    const archValues = readByLayout(backend, pte);
    tally.same(
      "decode",
      index,
      `${row.pte}: none ${none}, present ${present}`,
      `${row.pte}: none ${archValues.none}, present ${archValues.present}`,
    );
    if (none || present) {
      tally.same("decode", index, `${row.pte}: ${none ? "none" : "present"}`, `${row.pte}: ${read.kind}`);
      return;
    }
    numberAt(file, row, "type", where);
    wordAt(file, row, "offset", where);
    const answers: [key: string, got: string][] = [
      ["type", String(read.type)],
      ["offset", hexText(read.offset ?? -1n)],
      ["swpEntry", hexText(read.swpEntry ?? -1n)],
      ["exclusive", String(read.exclusive)],
      ["softDirty", String(read.softDirty)],
      ["uffdWp", String(read.uffdWp)],
      ["class", classOf(read, backend.types)],
      ["archType", String(archValues.archType)],
      ["archOffset", hexText(archValues.archOffset)],
    ];
    const asked = answers.filter(([key]) => row[key] !== undefined);
    const expected = asked.map(([key]) => `${key} ${String(row[key])}`).join(", ");
    tally.same(
      "decode",
      index,
      `${row.pte}: ${expected}`,
      `${row.pte}: ${asked.map((one) => one.join(" ")).join(", ")}`,
    );
  });
}

function checkMarkers(subject: Check): void {
  const { vectors, backend, tally } = subject;
  each(subject, "markers", (row, index, where) => {
    const type = typeNumber(backend.types, "marker");
    if (type === undefined) throw new PtekitError("NO_MARKER_TYPE", "the backend has no marker type");
    const bits = wordAt(vectors.file, row, "bits", where);
    const pte = wordAt(vectors.file, row, "pte", where);
    tally.samePte("markers", index, pte, backend.encode({ type, offset: bits }, TRUNCATE), "PTE");
    const marker = backend.types.markers.find((entry) => entry.value === bits);
    // A type that the kernel cuts makes no marker: specialPte() refuses it.
    if (marker && type > backend.maxType) {
      const act = (): bigint => backend.specialPte(marker.name, { by: "swap-type" });
      tally.same("markers", index, "TYPE_TOO_WIDE", refusal(act));
    } else if (marker)
      tally.samePte(
        "markers",
        index,
        pte,
        backend.specialPte(marker.name, { by: "swap-type" }),
        "special PTE",
      );
  });
}

const ages = {
  pte: {},
  pteYoung: { young: true },
  pteDirty: { dirty: true },
  pteYoungDirty: { young: true, dirty: true },
} as const;

function checkSpecial(subject: Check): void {
  const { arch, vectors, tally } = subject;
  const target = targetOfHead(arch, vectors);
  const backends = new Map<unknown, ArchBackend>([[undefined, subject.backend]]);
  each(subject, "special", (row, index, where) => {
    const backend = backends.get(row.cpu) ?? arch.for({ ...target, cpu: String(row.cpu) });
    backends.set(row.cpu, backend);
    const kind = textAt(vectors.file, row, "kind") as PfnKind;
    const pfn = wordAt(vectors.file, row, "pfn", where);
    for (const [key, age] of Object.entries(ages)) {
      if (row[key] === undefined) continue;
      const pte = wordAt(vectors.file, row, key, where);
      tally.samePte(
        "special",
        index,
        pte,
        backend.encodePfn(kind, pfn, { ...age, ...TRUNCATE }),
        `${kind} ${key}`,
      );
      const read: AnyDecoded = backend.decode(pte);
      if (read.pfn !== pfn) continue; // cut off by the kernel itself
      tally.same("special", index, kind, typeMeaning(backend.types, read.type ?? 0));
      if (backend.kernel.migrationAd !== true || read.kind !== "migration") continue;
      tally.same(
        "special",
        index,
        JSON.stringify({ young: false, dirty: false, ...age }),
        JSON.stringify({ young: read.young, dirty: read.dirty }),
      );
    }
    if (row.swpEntry === undefined) return;
    const entry = wordAt(vectors.file, row, "swpEntry", where);
    tally.samePte(
      "special",
      index,
      wordAt(vectors.file, row, "pte", where),
      backend.fromSwpEntry(entry),
      "PTE from its swp_entry_t",
    );
  });
}

/** The flags of a present PTE, where the architecture describes present PTEs. */
function checkPresentPte({ vectors, backend, tally }: Check): void {
  const given = partAt(vectors.file, vectors.head, "presentPte");
  if (given === undefined) return;
  const { present } = backend;
  if (present === null) {
    tally.unconfirmed("presentPte: the architecture describes no present PTEs");
    return;
  }
  for (const flag of ["uffdWp", "softDirty"] as const) {
    tally.row("presentPte");
    const expected = wordAt(vectors.file, given, flag, "presentPte");
    tally.same(`presentPte ${flag}`, 0, hexText(expected), hexText(presentMask(present, flag)));
  }
}

function presentMask(present: PresentLayout, kind: "uffdWp" | "softDirty"): bigint {
  return present.fields
    .filter((row) => row.kind === kind)
    .reduce((mask, row) => mask | (1n << BigInt(row.low)), 0n);
}

/** The same entries as PMDs. */
function checkPmd(subject: Check): void {
  const { vectors, backend, tally } = subject;
  each(subject, "pmd", (row, index, where) => {
    const type = numberAt(vectors.file, row, "type", where);
    const offset = wordAt(vectors.file, row, "offset", where);
    const word = wordAt(vectors.file, row, "pmd", where);
    const pmd = backend.at("pmd", "thp");
    if (pmd === null) throw new PtekitError("NO_LAYOUT", "the backend has no PMD swap entries");
    tally.samePte("pmd", index, word, pmd.encode({ type, offset }), "PMD");
    const entry = backend.toSwpEntry(backend.encode({ type, offset }));
    tally.same("pmd", index, hexText(entry), hexText(pmd.toSwpEntry(word)));
  });
}
