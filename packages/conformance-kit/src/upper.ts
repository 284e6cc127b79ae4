import type { AnyDecoded, ArchBackend, PfnKind, PresentField, PresentLayout } from "@ptekit/core";
import { isKept, maskOf, PtekitError } from "@ptekit/core";
import { flagAt, partAt, rowsAt, textAt, wordAt } from "./parse.ts";
import type { Check } from "./subject.ts";
import { classOf, each, hexText } from "./subject.ts";

// Present PTEs, and the level above: what the kernel answered of them against what the backend says.

function presentOf({ backend, tally }: Check, list: string): PresentLayout | null {
  if (backend.present === null) tally.unconfirmed(`${list}: the architecture describes no present PTEs`);
  return backend.present;
}

/** Each flag lies where the kernel's macro says, by its name. */
export function checkFlags(subject: Check): void {
  const { vectors, tally } = subject;
  const given = partAt(vectors.file, vectors.head, "flags");
  if (given === undefined) return;
  const present = presentOf(subject, "flags");
  if (present === null) return;
  for (const row of present.fields) {
    if (given[row.name] === undefined || row.kind === "pfn" || row.kind === "free") continue;
    tally.row("flags");
    const expected = wordAt(vectors.file, given, row.name, "flags");
    tally.same(`flags ${row.name}`, 0, hexText(expected), hexText(namedMask(present, row)));
  }
}

/** A name may stand on several rows. */
const namedMask = (present: PresentLayout, { name }: PresentField): bigint =>
  present.fields.reduce((mask, row) => (row.name === name ? mask | maskOf(row) : mask), 0n);

/** _PAGE_CHG_MASK */
export function checkModify(subject: Check): void {
  const { vectors, tally } = subject;
  const given = partAt(vectors.file, vectors.head, "modify");
  if (given === undefined) return;
  const present = presentOf(subject, "modify");
  if (present === null) return;
  const asked = wordAt(vectors.file, given, "asked", "modify");
  const kept = wordAt(vectors.file, given, "kept", "modify");
  for (let bit = 0; bit < subject.backend.layout.pteBits; bit++) {
    if (((asked >> BigInt(bit)) & 1n) === 0n) continue;
    tally.row("modify");
    const expected = ((kept >> BigInt(bit)) & 1n) === 1n;
    tally.same("modify", bit, `bit ${bit} kept: ${expected}`, `bit ${bit} kept: ${isKept(present, bit)}`);
  }
}

const answers = ["write", "dirty", "young", "special", "softDirty", "uffdWp", "protNone"] as const;

/** What the kernel's functions say of a present word. */
export function checkPresentPtes(subject: Check): void {
  const { vectors, backend, tally } = subject;
  const { file } = vectors;
  each(subject, "presentPtes", (row, index, where) => {
    const pte = wordAt(file, row, "pte", where);
    const read: AnyDecoded = backend.decode(pte);
    if (!flagAt(file, row, "present", where)) {
      tally.same("presentPtes", index, `${row.pte}: not present`, `${row.pte}: ${notPresent(read.kind)}`);
      return;
    }
    tally.same("presentPtes", index, `${row.pte}: present`, `${row.pte}: ${read.kind}`);
    if (backend.present === null) return;
    const expected = [`pfn ${hexText(wordAt(file, row, "pfn", where))}`];
    const got = [`pfn ${hexText(read.pfn ?? -1n)}`];
    for (const key of answers) {
      if (row[key] === undefined) continue;
      expected.push(`${key} ${flagAt(file, row, key, where)}`);
      got.push(`${key} ${String(read[key])}`);
    }
    tally.same("presentPtes", index, `${row.pte}: ${expected.join(", ")}`, `${row.pte}: ${got.join(", ")}`);
    // A page made with PAGE_NONE is told from all others, where the kernel has a word for it or not.
    if (
      row.made !== undefined &&
      row.protNone === undefined &&
      backend.present.reads.protNone !== undefined
    ) {
      const isNone = textAt(file, row, "made").startsWith("none ");
      const isWritable = textAt(file, row, "made").endsWith("mkwrite");
      if (!isWritable) tally.same("presentPtes", index, `PROT_NONE ${isNone}`, `PROT_NONE ${read.protNone}`);
    }
  });
}

/** What the kernel's functions say of a PMD that maps a huge page. */
export function checkPresentPmds(subject: Check): void {
  const { vectors, backend, tally } = subject;
  const { file } = vectors;
  const pmd = backend.at("pmd");
  if (rowsAt(file, vectors.head, "presentPmds").length === 0) return;
  if (pmd === null || pmd.present === null) {
    tally.unconfirmed("presentPmds: the architecture describes no entries of huge pages");
    return;
  }
  each(subject, "presentPmds", (row, index, where) => {
    const word = wordAt(file, row, "pmd", where);
    const read: AnyDecoded | undefined = pmd?.decode(word);
    // Words that no kernel writes, of one whose PMDs are hugetlbfs's alone: those are asked by pte_present().
    if (row.made === undefined && backend.at("pmd", "thp") === null && read?.kind !== "present") {
      tally.unconfirmed("presentPmds: pmd_present() is true of more than the pte_present() of hugetlbfs");
      return;
    }
    const expected = [
      `present, leaf ${flagAt(file, row, "leaf", where)}`,
      `pfn ${hexText(wordAt(file, row, "pfn", where))}`,
    ];
    const got = [`${read?.kind}, leaf ${read?.leaf}`, `pfn ${hexText(read?.pfn ?? -1n)}`];
    for (const key of answers) {
      if (row[key] === undefined) continue;
      expected.push(`${key} ${flagAt(file, row, key, where)}`);
      got.push(`${key} ${String(read?.[key])}`);
    }
    tally.same("presentPmds", index, `${row.pmd}: ${expected.join(", ")}`, `${row.pmd}: ${got.join(", ")}`);
  });
}

const notPresent = (kind: string): string => (kind === "present" ? "present" : "not present");

function upper({ backend }: Check): ArchBackend {
  const pmd = backend.at("pmd", "thp");
  if (pmd === null) throw new PtekitError("NO_LAYOUT", "the backend has no PMD swap entries");
  return pmd;
}

const ages = {
  pte: {},
  pteYoung: { young: true },
  pteDirty: { dirty: true },
  pteYoungDirty: { young: true, dirty: true },
} as const;

/** THP migration and device-private entries, as swp_entry_to_pmd() makes them. */
export function checkPmdSpecial(subject: Check): void {
  const { vectors, tally } = subject;
  const { file } = vectors;
  each(subject, "pmdSpecial", (row, index, where) => {
    const pmd = upper(subject);
    const kind = textAt(file, row, "kind") as PfnKind;
    const pfn = wordAt(file, row, "pfn", where);
    for (const [key, age] of Object.entries(ages)) {
      if (row[key] === undefined) continue;
      if (Object.keys(age).length > 0 && pmd.kernel.migrationAd !== true) continue;
      if (Object.keys(age).length > 0 && !kind.startsWith("migration")) continue;
      const word = wordAt(file, row, key, where);
      tally.samePte("pmdSpecial", index, word, pmd.encodePfn(kind, pfn, age), `${kind} ${key}`);
    }
    const plain = wordAt(file, row, "pte", where);
    for (const flag of ["softDirty", "uffdWp"] as const) {
      const mask = wordAt(file, row, flag, where);
      if (mask === 0n) continue;
      tally.samePte("pmdSpecial", index, plain | mask, pmd.encodePfn(kind, pfn, { [flag]: true }), flag);
    }
  });
}

/** pmd_none(), pmd_present(), and what the entry is otherwise. */
export function checkPmdDecode(subject: Check): void {
  const { vectors, tally } = subject;
  const { file } = vectors;
  each(subject, "pmdDecode", (row, index, where) => {
    const pmd = upper(subject);
    const word = wordAt(file, row, "pmd", where);
    const read: AnyDecoded = pmd.decode(word);
    if (flagAt(file, row, "none", where) || flagAt(file, row, "present", where)) {
      const kind = row.none === true ? "none" : "present";
      tally.same("pmdDecode", index, `${row.pmd}: ${kind}`, `${row.pmd}: ${read.kind}`);
      return;
    }
    const got = {
      type: read.type,
      offset: hexText(read.offset ?? -1n),
      swpEntry: hexText(read.swpEntry ?? -1n),
      softDirty: read.softDirty,
      uffdWp: read.uffdWp,
      class: classOf(read, pmd.types),
    };
    const { type, offset, swpEntry, softDirty, uffdWp, class: kind } = row;
    tally.same(
      "pmdDecode",
      index,
      `${row.pmd}: ${JSON.stringify({ type, offset, swpEntry, softDirty, uffdWp, class: kind })}`,
      `${row.pmd}: ${JSON.stringify(got)}`,
    );
  });
}
