import { loadAll } from "@ptekit/all";
import type { ArchBackend } from "@ptekit/core";
import {
  backendJson,
  bitsText,
  presentSpareJson,
  runsText,
  sizeText,
  spareJson,
  targetOfLayout,
} from "@ptekit/core";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { pageBytes } from "../limits.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, TARGET_OPTIONS } from "../target.ts";
import { caveatsOf } from "../words.ts";

export const spare: Command = {
  name: "spare",
  summary: "say which bits of the swap PTE are free",
  description: [
    "A bit is free where no field, flag or constant claims it, neither pte_present() nor decoding reads it, and hardware neither reads nor sets it in an entry that is not present. A bit of the type or the offset can be taken, at a cost; the others are claimed. Exit status 1: no bit is free.",
  ],
  options: [
    ...TARGET_OPTIONS,
    ...LEVEL_OPTIONS,
    {
      name: "take",
      value: "BIT",
      help: "what if that bit were a flag: the layout, its price, what the kernel's build and the properties say",
    },
    {
      name: "for",
      value: "FLAG",
      help: "with --take: uffd-wp, soft-dirty or exclusive; the first that is not there, if not given",
    },
    { name: "present", help: "the free software bits of the present PTE instead" },
    { name: "all", help: "the matrix over all architectures and releases" },
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit spare --arch arm64 --kernel 6.12", shows: "bits 4, 5, 62 and 63" },
    { line: "ptekit spare --arch arm --kernel 6.12 --json", shows: "none on 32-bit Arm", exit: 1 },
    { line: "ptekit spare --arch arm64 --kernel 7.3 --present", shows: "bits 57 and 63 of the present PTE" },
    {
      line: "ptekit spare --arch riscv --kernel 6.6 --take 7 --for uffd-wp",
      shows: "what a bit of the type would cost: the kernel's build refuses it",
      exit: 1,
    },
    {
      line: "ptekit spare --arch arm64 --kernel 6.12 --take 62 --for soft-dirty",
      shows: "a free bit that works",
    },
    { line: "ptekit spare --all", shows: "every layout of every architecture" },
  ],
  async run(given, out) {
    if (given.has("all")) {
      for (const name of [
        "arch",
        "kernel",
        "config",
        "config-file",
        "cpu",
        "backport",
        "level",
        "hugetlb",
        "take",
        "for",
      ]) {
        if (given.has(name)) throw new UsageError(`--${name} does not go with --all`);
      }
      return all(given.has("json"), out);
    }
    const backend = await backendAtLevel(given);
    const bit = given.text("take");
    if (bit === undefined && given.text("for") !== undefined) throw new UsageError("--for goes with --take");
    if (bit !== undefined) {
      if (given.has("present")) throw new UsageError("--take goes with the swap PTE, not with --present");
      // The properties are loaded where they are run.
      return (await import("../take.ts")).take(backend, bit, given, out);
    }
    if (given.has("present")) return presentBits(backend, given.has("json"), out);
    const answer = spareJson(backend);
    if (given.has("json")) out.json({ ...backendJson(backend), ...answer });
    else print(backend, out);
    return answer.free.length > 0 ? 0 : 1;
  },
};

function print(backend: ArchBackend, out: Output): void {
  const { bold, dim, green, yellow } = out.colors;
  const { bits, free } = backend.spareBits();
  out.line(
    `${bold(backend.layout.id)}: ${free.length > 0 ? green(`free: ${runsText(free)}`) : yellow("no free bit")}`,
  );
  for (const { bit, flagOnly, ignoredByNone } of bits.filter((claim) => claim.free)) {
    if (flagOnly) {
      const why = ignoredByNone ? "pte_none() ignores it" : "the swp_entry_t conversion drops it";
      out.line(`  bit ${bit} can carry a flag only: ${why}`);
    }
  }
  out.line();
  const rows = bits.map((claim) => [
    String(claim.bit),
    claim.free ? "free" : claim.claimedBy,
    claim.sentence,
  ]);
  for (const line of table([["bit", "claimed by", ""], ...folded(rows)], dim)) out.line(`  ${line}`);
  out.line();
  for (const line of costLines(backend)) out.line(`  ${line}`);
  for (const line of caveatsOf(backend)) out.line(`  ${yellow(line)}`);
}

/** What taking a bit would cost, and what a free one could buy. */
function costLines(backend: ArchBackend): string[] {
  const { takeable, gains } = backend.spareBits();
  const size = (bytes: bigint): string => sizeText(bytes, pageBytes(backend));
  const costs = takeable.map(({ bit, from, before, after, refusedBy }) => {
    const kept =
      before.migrationAd === true && after.migrationAd === false ? ", young and dirty of migration lost" : "";
    const what =
      from === "type"
        ? `${before.types} types become ${after.types}, ${before.swapFiles} swap files become ${after.swapFiles}`
        : `the layout holds ${insteadOf(size(after.layoutBytes), size(before.layoutBytes), " of swap file")} (the kernel allows ${insteadOf(size(after.maxBytes), size(before.maxBytes))}), highest address in migration and device entries ${insteadOf(`0x${after.maxPhysicalAddress.toString(16)}`, `0x${before.maxPhysicalAddress.toString(16)}`)}${kept}`;
    return `bit ${bit} taken from the ${from}: ${what}${refusedBy === null ? "" : `; refused by ${refusedBy}`}`;
  });
  const buys = gains
    .filter(({ refusedBy }) => refusedBy === null)
    .map(({ bit, for: use, before, after }) =>
      use === "type"
        ? `bit ${bit} given to the type: ${after.types} types instead of ${before.types}`
        : `bit ${bit} given to the offset: ${size(after.layoutBytes)} of swap file in the layout instead of ${size(before.layoutBytes)}`,
    );
  return [...costs, ...buys];
}

/** Both figures, or that nothing changes. */
const insteadOf = (after: string, before: string, of = ""): string =>
  after === before ? `${after}${of}, unchanged` : `${after}${of} instead of ${before}`;

/** Neighbours that say the same, in one row. */
function folded(rows: readonly (readonly string[])[]): string[][] {
  const found: { high: string; low: string; by: string; text: string }[] = [];
  for (const [bit = "", by = "", sentence = ""] of rows) {
    const text = sentence.replace(/^bit \d+ /, "");
    const last = found.at(-1);
    if (last && last.by === by && last.text === text) last.low = bit;
    else found.push({ high: bit, low: bit, by, text });
  }
  return found.map(({ high, low, by, text }) => [high === low ? high : `${high}:${low}`, by, text]);
}

/** The software bits of a present PTE that nothing uses, and whether mprotect() would keep a flag there. Exit status 1: none. */
function presentBits(backend: ArchBackend, json: boolean, out: Output): number {
  const { present } = backend;
  if (present === null) throw new UsageError(`${backend.layout.id}: present PTEs are not described`);
  const answer = presentSpareJson(backend);
  const { free, kept, maybe } = answer;
  if (json) {
    out.json({ ...backendJson(backend), ...answer });
    return free.length > 0 ? 0 : 1;
  }
  const { bold, dim, green, yellow } = out.colors;
  const found = free.length > 0 ? green(`free: ${runsText(free)}`) : yellow("no free software bit");
  out.line(`${bold(backend.layout.id)}, present PTE: ${found}`);
  if (free.length > 0) {
    out.line(`  pte_modify() keeps ${kept.length > 0 ? runsText(kept) : "none of them"}: _PAGE_CHG_MASK`);
  }
  for (const { high, low, condition } of maybe) {
    out.line(`  ${bitsText(high, low)} might be, on a condition: ${condition}`);
  }
  out.line();
  const rows = present.fields.map(({ high, low, kind, name }) => [
    high === low ? `${high}` : `${high}:${low}`,
    kind,
    kind === "pfn" ? "" : name,
  ]);
  for (const line of table([["bit", "kind", "name"], ...rows], dim)) out.line(`  ${line}`);
  out.line();
  for (const [what, text] of [
    ["note", present.note],
    ["not certain", present.uncertain],
    ["source", present.citation],
  ] as const) {
    if (text !== undefined) out.line(`  ${what}: ${text}`);
  }
  for (const line of caveatsOf(backend)) out.line(`  ${yellow(line)}`);
  return free.length > 0 ? 0 : 1;
}

async function all(json: boolean, out: Output): Promise<number> {
  const rows = (await loadAll()).flatMap((arch) =>
    arch.layouts.map((layout) => arch.for(targetOfLayout(arch, layout, "on"))),
  );
  if (json) {
    for (const backend of rows)
      out.json({
        arch: backend.arch,
        layout: backend.layout.id,
        since: backend.layout.since,
        ...spareJson(backend),
      });
    return 0;
  }
  const lines = rows.map(({ arch, layout, ...backend }) => [
    arch,
    layout.id,
    layout.since,
    `${layout.pteBits}`,
    runsText(backend.spareBits().free),
  ]);
  for (const line of table(
    [["architecture", "layout", "since", "PTE bits", "free bits"], ...lines],
    out.colors.dim,
  ))
    out.line(line);
  return 0;
}
