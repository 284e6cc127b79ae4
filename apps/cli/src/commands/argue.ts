import { loadAll } from "@ptekit/all";
import type { Architecture, Price } from "@ptekit/core";
import {
  bytesText,
  HEADER_PAGE_COSTS,
  isUnfinished,
  NEWEST_RELEASE,
  priceOf,
  shortHex,
  targetsAt,
} from "@ptekit/core";
import { archOf } from "../arch.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { priceJson } from "../json/price.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { JSON_OPTION } from "../target.ts";

export const argue: Command = {
  name: "argue",
  summary: "what a special PTE costs: one bit of the swap PTE, or a swap type",
  description: [
    "The two designs that were argued on LKML in June 2021, side by side, for every layout that some configuration of the release has. By one bit: the layout's own uffd-wp bit, a free bit, or a bit taken from the offset or the type; a uffd-wp architecture needs a bit in the present PTE too. By a swap type: its number, and the types left for swap files without and with it. The last column is the third proposal, type 1 with offset 0: it takes neither, and what it costs elsewhere is said below.",
  ],
  options: [
    { name: "arch", value: "A", many: true, help: "only this architecture, or module of your own" },
    { name: "all", help: "every architecture (so it is without --arch)" },
    { name: "release", value: "R", help: `the release, ${NEWEST_RELEASE} if not given` },
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit argue --release 5.13", shows: "the prices when it was argued" },
    { line: "ptekit argue --arch i386 --arch x86_64 --json", shows: "two architectures, for a script" },
  ],
  async run(given, out) {
    const names = given.list("arch");
    if (given.has("all") && names.length > 0) throw new UsageError("--arch does not go with --all");
    const archs = names.length > 0 ? await Promise.all(names.map(archOf)) : await loadAll();
    const release = given.text("release") ?? NEWEST_RELEASE;
    // What an unfinished architecture says is a guess: asked for by name it is told, and it is in no sum.
    const whole = archs.filter((arch) => !isUnfinished(arch));
    const prices = (names.length > 0 ? archs : whole).flatMap((arch) => pricesAt(arch, release));
    if (given.has("json")) for (const price of prices) out.json(priceJson(price));
    else print(prices, whole, release, out);
    return prices.length > 0 ? 0 : 1;
  },
};

const pricesAt = (arch: Architecture, release: string): Price[] =>
  targetsAt(arch, release).map((target) => priceOf(arch.for(target)));

const SOURCES = {
  "uffd-wp": "its own",
  free: "free",
  offset: "from the offset",
  type: "from the type",
} as const;

function print(prices: readonly Price[], whole: readonly Architecture[], release: string, out: Output): void {
  if (prices.length === 0) {
    out.line(`no layout of Linux ${release}`);
    return;
  }
  const head = ["layout", "by bit", "PTE", "present PTE", "by type", "swap files", "type 1, offset 0"];
  for (const line of table([head, ...prices.map(rowOf)], out.colors.dim)) out.line(line);
  out.line();
  const counted = prices.filter(({ arch }) => whole.some(({ name }) => name === arch));
  for (const line of sums(counted)) out.line(line);
  out.line("by type 1 with offset 0: no type and no bit is taken, but");
  for (const { sentence, citation } of HEADER_PAGE_COSTS) out.line(`  ${sentence} (${citation})`);
}

function rowOf({ layout, byBit, bySwapType, headerPage }: Price): string[] {
  const { bit, source, cost, pte, presentBit, presentSource } = byBit;
  const price = cost ? `, ${bytesText(cost.before.layoutBytes)} -> ${bytesText(cost.after.layoutBytes)}` : "";
  return [
    layout,
    bit === null || source === null ? "none" : `bit ${bit}, ${SOURCES[source]}${price}`,
    pte === null ? "" : shortHex(pte),
    presentBit === null
      ? presentSource
      : `bit ${presentBit}, ${presentSource === "uffd-wp" ? "its own" : "free"}`,
    `${bySwapType.type}${bySwapType.merged ? "" : " (would be)"}`,
    `${bySwapType.swapFilesBefore} -> ${bySwapType.swapFilesAfter}`,
    shortHex(headerPage),
  ];
}

function sums(prices: readonly Price[]): string[] {
  const by = (source: keyof typeof SOURCES | null): number =>
    prices.filter(({ byBit }) => byBit.source === source).length;
  const files = (key: "swapFilesBefore" | "swapFilesAfter"): number =>
    prices.reduce((sum, { bySwapType }) => sum + bySwapType[key], 0);
  const fits = prices.filter(({ bySwapType }) => bySwapType.pte !== null).length;
  const present = (source: Price["byBit"]["presentSource"]): number =>
    prices.filter(({ byBit }) => byBit.presentSource === source).length;
  return [
    `by bit: ${by("uffd-wp")} of ${prices.length} layouts have their own, ${by("free")} a free one, ${by("offset")} take one from the offset, ${by("type")} from the type, ${by(null)} have none`,
    `the present PTE: ${present("uffd-wp")} of ${prices.length} layouts have a uffd-wp bit, ${present("free")} a free software bit, ${present("none")} none: there neither design helps`,
    `by swap type: ${fits} of ${prices.length} layouts hold it; ${files("swapFilesBefore")} swap files in sum become ${files("swapFilesAfter")}`,
  ];
}
