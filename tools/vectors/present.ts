// Present PTEs and PMDs: what is asked of them, and the lists of a vector file that the answers make.

import type { Answer, Ask, Head, Row } from "./format.ts";
import type { Random } from "./inputs.ts";

const PROTECTIONS = ["none", "read", "write"];
const CHANGES = [
  "as-it-is",
  "mkdirty",
  "mkclean",
  "mkyoung",
  "mkold",
  "mkwrite",
  "wrprotect",
  "mkspecial",
  "mksoft_dirty",
  "mkuffd_wp",
  "mkdirty-wrprotect",
  "mkdirty-mkwrite",
  "mkold-mkclean",
];
const PMD_KINDS = [
  "migration-read",
  "migration-read-exclusive",
  "migration-write",
  "device-private-read",
  "device-private-write",
];
// Svnapot is a CPU's: an unpatched kernel reads the bit as nothing.
const PATCHED = ["_PAGE_NAPOT"];

const hex = (value: bigint): string => `0x${value.toString(16)}`;

interface Asking {
  readonly head: Head;
  readonly random: Random;
  readonly ask: Ask;
}

/** What a file says of present PTEs and PMDs. A list that is absent means that the kernel has none. */
export interface PresentLists {
  readonly flags: Row;
  readonly modify?: Row;
  readonly presentPtes: readonly Row[];
  readonly presentPmds?: readonly Row[];
  readonly pmdSpecial?: readonly Row[];
  readonly pmdDecode?: readonly Row[];
}

/**
 * The lists `flags`, `modify`, `presentPtes`, `pmdSpecial`, `pmdDecode` and `presentPmds` of a vector file. `random`: a function that gives
 * a 64-bit number; `ask`: see ask.ts.
 */
export function presentLists({ head, random, ask }: Asking): PresentLists {
  const flags = ask(["f"])[0] ?? {};
  const modify = ask(["k"])[0];
  const made = madeRows(head, random, ask);
  return {
    flags,
    ...(modify && { modify }),
    presentPtes: [...made, ...mixedRows(made, flags, random, ask)],
    ...pmdLists(random, ask),
    ...presentPmds(head, flags, random, ask),
  };
}

/** Pages that map huge pages, made as PTEs are (`M`), and with flags turned round (`N`); nothing where no PMD does. */
function presentPmds(head: Head, flags: Row, random: Random, ask: Ask): Pick<PresentLists, "presentPmds"> {
  const made = madeRows(head, random, ask, "M");
  if (made.length === 0) return {};
  const isLeaf = (row: Row): boolean => row.present === true && row.leaf === true;
  return { presentPmds: [...made, ...mixedRows(made, flags, random, ask, "N")].filter(isLeaf) };
}

/** pfn_pte() and pte_mk*(): every protection and change for one PFN, and some PFNs for each protection. */
function madeRows(head: Head, random: Random, ask: Ask, verb: "p" | "M" = "p"): Row[] {
  const pfns = pfnsOf(head, random);
  const wanted = PROTECTIONS.flatMap((prot) => [
    ...CHANGES.map((how) => ({ prot, how, pfn: verb === "p" ? 0x1234n : 0x12_0000n })),
    ...pfns.map((pfn) => ({ prot, how: "as-it-is", pfn })),
  ]);
  const questions = wanted.map(({ prot, how, pfn }) => `${verb} ${prot} ${how} ${hex(pfn)}`);
  return answered(wanted, ask(questions), ({ prot, how, pfn }, answer) => ({
    made: `${prot} ${how}`,
    of: hex(pfn),
    ...answer,
  }));
}

/** A row for each question that this kernel has an answer to. */
const answered = <Q>(
  asked: readonly Q[],
  answers: readonly Answer[],
  row: (question: Q, answer: Row) => Row,
): Row[] =>
  asked.flatMap((question, i) => {
    const answer = answers[i];
    return answer ? [row(question, answer)] : [];
  });

/** PFNs as wide as a PFN of this kernel can be, where it says so, and no wider than a long less a page. */
function pfnsOf(head: Head, random: Random): bigint[] {
  const shift = BigInt(head.constants.PAGE_SHIFT ?? 12n);
  const bits = [
    BigInt(head.constants.SWP_PFN_BITS ?? BigInt(head.longBits) - shift),
    BigInt(head.longBits) - shift,
    40n,
  ];
  const width = bits.reduce((least, some) => (some < least ? some : least));
  const all = (1n << width) - 1n;
  return [0n, 1n, 1n << (width - 1n), ...[...Array(5)].map(() => random() & all)];
}

/** Made words with some of the named flags turned round, as no kernel writes them all. */
function mixedRows(made: readonly Row[], flags: Row, random: Random, ask: Ask, verb: "q" | "N" = "q"): Row[] {
  const bits = Object.entries(flags)
    .filter(([name]) => !PATCHED.includes(name))
    .map(([, value]) => BigInt(value as string));
  const words = made.filter((row) => row.present).map((row) => BigInt((row.pte ?? row.pmd) as string));
  const mixed = [...Array(80)].map((_, i) =>
    bits.reduce((word, mask) => (random() % 3n === 0n ? word ^ mask : word), words[i % words.length] ?? 0n),
  );
  const answers = ask(mixed.map((word) => `${verb} ${hex(word)}`));
  return answered(mixed, answers, (_, answer) => answer).filter((row) => row.present);
}

/** THP migration and device-private entries, and what a PMD means; nothing where no PMD is a swap entry. */
function pmdLists(random: Random, ask: Ask): Pick<PresentLists, "pmdSpecial" | "pmdDecode"> {
  const wanted = PMD_KINDS.flatMap((kind) => [0x200n, 0x12345600n].map((pfn) => ({ kind, pfn })));
  const questions = wanted.map(({ kind, pfn }) => `S ${kind} ${hex(pfn)}`);
  const pmdSpecial = answered(wanted, ask(questions), ({ kind, pfn }, answer) => ({
    kind,
    pfn: hex(pfn),
    ...answer,
  }));
  if (pmdSpecial.length === 0) return {};
  const words = pmdSpecial.flatMap((row) => {
    const word = (key: string): bigint => BigInt((row[key] ?? "0x0") as string);
    const [pmd, soft, wp] = [word("pte"), word("softDirty"), word("uffdWp")];
    return [
      pmd,
      pmd | soft,
      pmd | wp,
      pmd | soft | wp,
      ...(row.pteYoungDirty ? [word("pteYoungDirty")] : []),
    ];
  });
  const bits = [...Array(64)].map((_, bit) => 1n << BigInt(bit));
  const asked = [0n, ...words, ...bits, ...[...Array(40)].map(() => random())];
  const answers = ask(asked.map((pmd) => `D ${hex(pmd)}`));
  return { pmdSpecial, pmdDecode: answered(asked, answers, (pmd, answer) => ({ pmd: hex(pmd), ...answer })) };
}
