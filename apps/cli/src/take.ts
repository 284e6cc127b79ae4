// What if a bit of the swap PTE were a flag: `ptekit spare --take 7 --for uffd-wp`.
import type { ArchBackend, Capacity, FlagName } from "@ptekit/core";
import { changes, diagram, legend, rowsOf, shortHex, sizeText } from "@ptekit/core";
import type { Given } from "./command.ts";
import { NoError, UsageError } from "./errors.ts";
import type { Outcome } from "./json/take.ts";
import { FLAGS, outcome, outcomeJson, presentLine } from "./json/take.ts";
import { pageBytes } from "./limits.ts";
import { readSmall } from "./numbers.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { caveatsOf, indented } from "./words.ts";

/** Says what it would come to; the exit status is 1 where a check refuses it or a property does not hold. */
export function take(backend: ArchBackend, bit: string, given: Given, out: Output): number {
  const found = outcome(backend, readSmall(bit, "--take"), flagOf(backend, given));
  if (given.has("json")) out.json(outcomeJson(backend, found));
  else for (const line of outcomeLines(backend, found, out)) out.line(line);
  return found.refusedBy.length + found.broken.length > 0 ? 1 : 0;
}

function flagOf({ layout }: ArchBackend, given: Given): string {
  const text = given.text("for");
  const names = Object.keys(FLAGS);
  if (text !== undefined) {
    if (names.includes(text)) return text;
    throw new UsageError(`--for is ${names.join(", ")}, not ${JSON.stringify(text)}`);
  }
  const missing = names.find((name) => rowsOf(layout, FLAGS[name] as FlagName).length === 0);
  if (missing === undefined) throw new NoError(`${layout.id} has all of ${names.join(", ")} already`);
  return missing;
}

function priceRows(backend: ArchBackend, { before, after }: Outcome): string[][] {
  const page = pageBytes(backend);
  const rows: readonly (readonly [string, (capacity: Capacity) => string])[] = [
    ["types", ({ types }) => String(types)],
    ["swap files", ({ swapFiles }) => String(swapFiles)],
    ["bits of offset", ({ offsetBits }) => String(offsetBits)],
    ["swap file, as the layout holds it", ({ layoutBytes }) => sizeText(layoutBytes, page)],
    ["swap file, as the kernel allows it", ({ maxBytes }) => sizeText(maxBytes, page)],
    [
      "highest address in migration and device entries",
      ({ maxPhysicalAddress }) => shortHex(maxPhysicalAddress),
    ],
    [
      "young and dirty of migrating pages",
      ({ migrationAd }) => (migrationAd === null ? "none before 6.1" : migrationAd ? "kept" : "not kept"),
    ],
  ];
  return rows.map(([what, text]) => {
    const [old, now] = [text(before), text(after)];
    return [what, old, old === now ? "unchanged" : now];
  });
}

function outcomeLines(backend: ArchBackend, found: Outcome, { colors }: Output): string[] {
  const { bold, dim, green, red, yellow } = colors;
  const { made, bit, flag, from, refusedBy, holds, broken, asBefore } = found;
  const isRefused = refusedBy.length + broken.length > 0;
  const whence = from === "free" ? "it is free" : `it is the ${from}'s`;
  const present = presentLine(backend, flag);
  return [
    `${bold(`${backend.layout.id}: bit ${bit} for ${flag}`)}, ${whence}: ${isRefused ? red("refused") : green("it would do")}`,
    "",
    ...indented(diagram(made.layout)),
    "",
    ...legend(made.layout).map((line) => `  ${line}`),
    "",
    ...table([["what moves", "from", "to"], ...moves(backend, made)], dim).map((line) => `  ${line}`),
    "",
    ...table([["price", "before", "after"], ...priceRows(backend, found)], dim).map((line) => `  ${line}`),
    "",
    ...(refusedBy.length > 0
      ? refusedBy.map((text) => `  ${red("refused by")} ${text}`)
      : ["  the kernel's build checks pass"]),
    `  properties: ${holds} hold${broken.length > 0 ? `, ${broken.length} ${broken.length === 1 ? "does" : "do"} not` : ""}${asBefore.length > 0 ? `; as in the kernel's own layout, with exceptions: ${asBefore.join(", ")}` : ""}`,
    ...broken.map(({ property, sentence }) => `    ${red(property)}: ${sentence}`),
    ...(present === null ? [] : [`  ${present}`]),
    ...caveatsOf(backend).map((line) => `  ${yellow(line)}`),
  ];
}

const moves = (backend: ArchBackend, made: ArchBackend): string[][] =>
  changes(backend, made).map(({ what, from, to }) => [what, from, to]);
