import type { Census } from "@ptekit/bulk";
import { decodeFile } from "@ptekit/bulk/node";
import { bytesText, pteBytesOf } from "@ptekit/core";
import { BYTE_ORDER_OPTION, fileArgument, inByteOrder } from "../bulk.ts";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { readSmall } from "../numbers.ts";
import type { Output } from "../output.ts";
import { sharesOf, shareText } from "../shares.ts";
import { table } from "../table.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, TARGET_OPTIONS } from "../target.ts";
import { caveatsOf } from "../words.ts";

export const census: Command = {
  name: "census",
  summary: "count the PTEs of a file by kind, type, flag and marker",
  description: [
    "The file holds page-table entries as they lie in memory, one after the other: page tables cut from a dump. With - it is read from standard input. Its size does not matter, nor does the memory of this machine.",
    "What was assumed is listed, and of a file's PTEs, up to 1024 of them at even distances, how many would read otherwise.",
    "A file that ends inside a PTE, or changes its length while it is read, is reported and not counted.",
  ],
  arguments: [{ name: "FILE", required: true, help: "the file, or - for standard input" }],
  options: [
    ...TARGET_OPTIONS,
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
  ],
  async run(given, out) {
    const file = fileArgument(given);
    const backend = inByteOrder(await backendAtLevel(given), given);
    const top = topOf(given);
    const start = performance.now();
    const counts = await decodeFile(file, {
      backend,
      // One thread keeps up with the disk, and costs the least.
      workers: 1,
      onProgress: (done, total) => out.progress(progressText(done, total, performance.now() - start)),
    });
    const seconds = (performance.now() - start) / 1000;
    const types = typesOf(counts, top);
    const otherwise = sharesOf(backend, typeof file === "string" ? file : null);
    if (given.has("json")) {
      const { total, kinds, flags, markers } = counts;
      const { arch, layout, kernel, assumed, notes } = backend;
      out.json({
        arch,
        layout: layout.id,
        kernel: kernel.release,
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
    out.line(out.colors.bold(`${backend.layout.id}: ${counts.total} PTEs, ${bytesText(BigInt(size))}`));
    for (const line of linesOf(counts, types, out)) out.line(line);
    for (const line of caveatsOf(backend)) {
      out.line(`  ${out.colors.yellow(`${line}${shareText(otherwise, line)}`)}`);
    }
    out.line(out.colors.dim(`  ${seconds.toFixed(2)} s, ${rate(size, seconds)}`));
    return 0;
  },
};

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
