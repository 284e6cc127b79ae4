import type { Census } from "@ptekit/bulk";
import { compile } from "@ptekit/bulk";
import { decodeFile } from "@ptekit/bulk/node";
import type { ArchBackend } from "@ptekit/core";
import { bytesText, pteBytesOf } from "@ptekit/core";
import { BYTE_ORDER_OPTION, fileArgument, inByteOrder } from "../bulk.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readSmall } from "../numbers.ts";
import { refuseOther } from "../other-file.ts";
import type { Output } from "../output.ts";
import { openFiles } from "../scan/open.ts";
import { FILE_OR_DUMP_ARGUMENT, FILE_OR_DUMP_OPTIONS, isOfDump, notRead, tableRuns } from "../scan/runs.ts";
import type { Share } from "../shares.ts";
import { sharesOf, shareText } from "../shares.ts";
import { table } from "../table.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, levelOf } from "../target.ts";
import { caveatsOf } from "../words.ts";

export const census: Command = {
  name: "census",
  summary: "count the PTEs of a file by kind, type, flag and marker",
  description: [
    "The file holds page-table entries as they lie in memory, one after the other: page tables cut from a dump. With - it is read from standard input. Its size does not matter, nor does the memory of this machine.",
    "What was assumed is listed, and of a file's PTEs, up to 1024 of them at even distances, how many would read otherwise.",
    "Of a dump, the page tables of all its processes are counted, each table once, or those of --pid; with --level pmd, entries that are neither empty nor lead to a table.",
    "A file that ends inside a PTE, or changes its length while it is read, is reported and not counted.",
  ],
  arguments: [FILE_OR_DUMP_ARGUMENT],
  options: [
    ...FILE_OR_DUMP_OPTIONS,
    ...LEVEL_OPTIONS,
    BYTE_ORDER_OPTION,
    { name: "top", value: "N", help: "only the N most frequent types" },
    JSON_OPTION,
  ],
  examples: [
    {
      line: "ptekit census --arch arm64 --kernel 6.12 -",
      shows: "what two times eight bytes would be, were they PTEs",
      stdin: "16 bytes of text",
    },
    {
      line: "ptekit census --arch arm --kernel 6.12 --byte-order big --top 3 --json -",
      shows: "four PTEs of a big-endian machine, for a script",
      stdin: "16 bytes of text",
    },
    { line: "ptekit census vmcore", shows: "the PTEs of all processes of a dump" },
  ],
  async run(given, out) {
    const top = topOf(given);
    const start = performance.now();
    const counted = isOfDump("census", given)
      ? await countDump(given, out)
      : await countFile(given, out, start);
    const { counts, backend, otherwise, head, json } = counted;
    const seconds = (performance.now() - start) / 1000;
    const types = typesOf(counts, top);
    if (given.has("json")) {
      const { total, kinds, flags, markers } = counts;
      const { arch, layout, kernel, assumed, notes } = backend;
      out.json({
        arch,
        layout: layout.id,
        kernel: kernel.release,
        ...json,
        assumed,
        notes,
        total,
        otherwise,
        kinds,
        types: Object.fromEntries(types),
        flags,
        markers,
      });
      return 0;
    }
    const size = counts.total * pteBytesOf(backend.layout);
    out.line(
      out.colors.bold(`${backend.layout.id}: ${head}${counts.total} PTEs, ${bytesText(BigInt(size))}`),
    );
    for (const line of linesOf(counts, types, out)) out.line(line);
    for (const line of caveatsOf(backend)) {
      out.line(`  ${out.colors.yellow(`${line}${shareText(otherwise, line)}`)}`);
    }
    out.line(out.colors.dim(`  ${seconds.toFixed(2)} s, ${rate(size, seconds)}`));
    return 0;
  },
};

/** What was counted, and what there is to say of it beside. */
interface Counted {
  readonly counts: Census;
  readonly backend: ArchBackend;
  readonly otherwise: Share[] | null;
  /** Of what, before the number of PTEs, and the same as JSON. */
  readonly head: string;
  readonly json: object;
}

async function countFile(given: Given, out: Output, start: number): Promise<Counted> {
  const file = fileArgument(given);
  const backend = inByteOrder(await backendAtLevel(given), given);
  const counts = await decodeFile(file, {
    backend,
    // One thread keeps up with the disk, and costs the least.
    workers: 1,
    onHead: (head) => {
      if (file === 0) refuseOther("standard input", head, "PTEs");
    },
    onProgress: (done, total) => out.progress(progressText(done, total, performance.now() - start)),
  });
  const otherwise = sharesOf(backend, typeof file === "string" ? file : null);
  return { counts, backend, otherwise, head: "", json: {} };
}

async function countDump(given: Given, out: Output): Promise<Counted> {
  const opened = await openFiles(given.args, given);
  try {
    const { kernel } = opened;
    const backend = levelOf(kernel.backend, given);
    const counter = (await compile(backend)).counter();
    const tables = tableRuns(opened, given.text("level") ?? "pte", given);
    for (const { bytes } of tables.runs()) {
      counter.add(bytes);
      out.progress(`${tables.processes} processes`);
    }
    for (const problem of notRead(kernel, tables)) out.warn(problem);
    const { processes } = tables;
    return {
      counts: counter.census(),
      backend,
      otherwise: null,
      head: `Linux ${kernel.release}, ${processes} processes, `,
      json: { buildId: kernel.buildId, processes },
    };
  } finally {
    opened.dump.close();
  }
}

function topOf(given: Given): number {
  const text = given.text("top");
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const top = readSmall(text, "--top");
  if (top < 1) throw new UsageError("--top is a number from 1 on");
  return top;
}

/** Types that occur, the most frequent first. */
const typesOf = ({ types }: Census, top: number): [number, number][] =>
  [...types.entries()]
    .filter(([, count]) => count > 0)
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, top);

function linesOf(counts: Census, types: readonly [number, number][], out: Output): string[] {
  const rows = (what: string, entries: readonly (readonly [string | number, number])[]): string[][] =>
    entries
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [what, String(name), String(count), share(count, counts.total)]);
  const all = [
    ...rows("kind", Object.entries(counts.kinds)),
    ...rows("type", types),
    ...rows("flag", Object.entries(counts.flags)),
    ...rows("marker", Object.entries(counts.markers)),
  ];
  return table([["", "", "PTEs", ""], ...all], out.colors.dim).map((line) => `  ${line}`);
}

const share = (count: number, total: number): string => `${((100 * count) / total).toFixed(2)} %`;

const rate = (bytes: number, seconds: number): string =>
  `${bytesText(BigInt(Math.round(bytes / Math.max(seconds, 1e-3))))}/s`;

const progressText = (done: number, total: number | null, ms: number): string =>
  `${bytesText(BigInt(done))}${total === null ? "" : ` of ${bytesText(BigInt(total))}`}, ${rate(done, ms / 1000)}`;
