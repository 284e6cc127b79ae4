import type { FindPredicate } from "@ptekit/bulk";
import { compile } from "@ptekit/bulk";
import { fileBlocks } from "@ptekit/bulk/node";
import type { AnyDecoded, ArchBackend, Kind } from "@ptekit/core";
import { bytesText, FLAG_NAMES, hex, pteBytesOf, shortHex, toJson } from "@ptekit/core";
import { BYTE_ORDER_OPTION, fileArgument, inByteOrder } from "../bulk.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readMarker } from "../names.ts";
import { readNumber, readSmall } from "../numbers.ts";
import { refuseOther } from "../other-file.ts";
import type { Output } from "../output.ts";
import { keysOf } from "../scan/describe.ts";
import { openFiles } from "../scan/open.ts";
import {
  FILE_OR_DUMP_ARGUMENT,
  FILE_OR_DUMP_OPTIONS,
  isOfDump,
  notRead,
  tableRuns,
  whoIn,
} from "../scan/runs.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, levelOf } from "../target.ts";

export const find: Command = {
  name: "find",
  summary: "find PTEs in a file: entries of a swap device, markers, flags",
  description: [
    "The file is read as ptekit census reads it, and may be a dump. What is given must all hold; each PTE found is printed with its number in the file, from 0 on, and the byte at which it begins; of a dump, with its process and its address.",
    "Exit status 1: none was found.",
  ],
  arguments: [FILE_OR_DUMP_ARGUMENT],
  options: [
    ...FILE_OR_DUMP_OPTIONS,
    ...LEVEL_OPTIONS,
    BYTE_ORDER_OPTION,
    { name: "kind", value: "K", many: true, help: "swap, migration, marker, none, …" },
    { name: "type", value: "N", many: true, help: "the swap type: a swap device, or a special type" },
    { name: "marker", value: "NAME", help: "uffd-wp, poisoned, guard" },
    {
      name: "flag",
      value: "NAME",
      many: true,
      help: "exclusive, softDirty or uffdWp set; with ! before it, clear",
    },
    { name: "offset", value: "A-B", help: "the swap offset in pages, from A to B, or only A" },
    { name: "limit", value: "N", help: "stop after so many" },
    JSON_OPTION,
  ],
  examples: [
    {
      line: "ptekit find --arch arm64 --kernel 6.12 --kind swap -",
      shows: "the swap entries among two times eight bytes",
      stdin: "ptekit! ptekit! ",
    },
    {
      line: "ptekit find --arch arm64 --kernel 6.12 --type 17 --limit 1 --json -",
      shows: "the first entry of swap type 17, for a script",
      stdin: "ptekit! ptekit! ",
    },
    {
      line: "ptekit find --arch arm64 --kernel 6.12 --marker uffd-wp -",
      shows: "no marker: exit status 1",
      stdin: "ptekit! ptekit! ",
      exit: 1,
    },
    {
      line: "ptekit find --marker uffd-wp --limit 2 vmcore",
      shows: "the first two markers in all page tables of a dump",
    },
  ],
  async run(given, out) {
    const limit =
      given.text("limit") === undefined
        ? Number.POSITIVE_INFINITY
        : readSmall(given.text("limit") ?? "", "--limit");
    if (limit < 1) throw new UsageError("--limit is a number from 1 on");
    const found = isOfDump("find", given)
      ? await findInDump(given, out, limit)
      : await findInFile(given, out, limit);
    return found > 0 ? 0 : 1;
  },
};

/** The decoder of what is sought, and the predicate, refused before anything is read. */
async function seeker(backend: ArchBackend, given: Given) {
  const decoder = await compile(backend);
  const predicate = predicateOf(given);
  decoder.find(new Uint8Array(0), predicate);
  return { decoder, predicate };
}

async function findInFile(given: Given, out: Output, limit: number): Promise<number> {
  const file = fileArgument(given);
  const backend = inByteOrder(await backendAtLevel(given), given);
  const { decoder, predicate } = await seeker(backend, given);
  const pteBytes = pteBytesOf(backend.layout);
  let found = 0;
  for await (const { bytes, first, count } of fileBlocks(decoder, file)) {
    if (first === 0 && file === 0) refuseOther("standard input", bytes, "PTEs");
    for (const row of decoder.find(bytes, predicate)) {
      if (found === limit) break;
      found++;
      const said = backend.decode(backend.fromBytes(bytes.slice(row * pteBytes, (row + 1) * pteBytes)));
      const number = first + row;
      const byte = number * pteBytes;
      if (given.has("json")) out.json({ number, byte, ...toJson(said) });
      else out.line(lineOf(`${number} at byte ${shortHex(BigInt(byte))}`, backend, said));
    }
    if (found === limit) break;
    out.progress(`${bytesText(BigInt((first + count) * pteBytes))}, ${found} found`);
  }
  return found;
}

async function findInDump(given: Given, out: Output, limit: number): Promise<number> {
  const opened = await openFiles(given.args, given);
  try {
    const { kernel } = opened;
    const backend = levelOf(kernel.backend, given);
    const level = given.text("level") ?? "pte";
    const { decoder, predicate } = await seeker(backend, given);
    const pteBytes = pteBytesOf(backend.layout);
    const tables = tableRuns(opened, level, given);
    let found = 0;
    for (const { process, address, span, at, bytes } of tables.runs()) {
      for (const row of decoder.find(bytes, predicate)) {
        if (found === limit) break;
        found++;
        const said = backend.decode(backend.fromBytes(bytes.slice(row * pteBytes, (row + 1) * pteBytes)));
        const place = {
          pid: process.pid,
          comm: process.comm,
          address: shortHex(address + BigInt(row) * span),
          at: shortHex(at + BigInt(row * pteBytes)),
        };
        if (given.has("json")) out.json({ ...keysOf(kernel), ...place, ...toJson(said), level });
        else out.line(lineOf(`${whoIn(process)}, ${place.address}, ${level} at ${place.at}`, backend, said));
      }
      if (found === limit) break;
      out.progress(`${tables.processes} processes, ${found} found`);
    }
    for (const problem of notRead(kernel, tables)) out.warn(problem);
    return found;
  } finally {
    opened.dump.close();
  }
}

function lineOf(place: string, backend: ArchBackend, said: AnyDecoded): string {
  const flags = FLAG_NAMES.filter((flag) => said[flag] === true);
  const words = [
    said.kind,
    ...(said.type === undefined ? [] : [`type ${said.type}`]),
    ...(said.offset === undefined ? [] : [`offset ${shortHex(said.offset)}`]),
    ...(said.markers ?? []),
    ...flags,
  ];
  return `${place}: ${hex(said.pte, backend.layout.pteBits)} ${words.join(", ")}`;
}

function predicateOf(given: Given): FindPredicate {
  const kinds = given.list("kind").flatMap((names) => names.split(",")) as Kind[];
  const types = given.list("type").map((text) => readSmall(text, "--type"));
  const marker = given.text("marker");
  return {
    ...(kinds.length > 0 ? { kind: kinds } : {}),
    ...(types.length > 0 ? { type: types } : {}),
    ...(marker === undefined ? {} : { marker: readMarker(marker) }),
    ...flagsOf(given),
    ...offsetsOf(given),
  };
}

function flagsOf(given: Given): Record<string, boolean> {
  const flags = new Map<string, boolean>();
  for (const [name, wanted] of given.list("flag").map(flagOf)) {
    if (flags.get(name) === !wanted)
      throw new UsageError(`--flag ${name} and --flag !${name}: no PTE has the flag and has it not`);
    flags.set(name, wanted);
  }
  return Object.fromEntries(flags);
}

function flagOf(text: string): [string, boolean] {
  const name = FLAG_NAMES.find((flag) => flag === text.replace(/^!/, ""));
  if (name === undefined)
    throw new UsageError(`--flag is one of ${FLAG_NAMES.join(", ")}, not ${JSON.stringify(text)}`);
  return [name, !text.startsWith("!")];
}

function offsetsOf(given: Given): Pick<FindPredicate, "offset"> {
  const text = given.text("offset");
  if (text === undefined) return {};
  const [from = "", to = from, ...more] = text.split("-");
  if (more.length > 0) throw new UsageError(`--offset is A or A-B, not ${JSON.stringify(text)}`);
  const range = { from: readNumber(from, "--offset"), to: readNumber(to, "--offset") };
  if (range.from > range.to) throw new UsageError(`--offset ${text}: the first is larger than the last`);
  return { offset: range };
}
