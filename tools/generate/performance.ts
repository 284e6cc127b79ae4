import fs from "node:fs";
import type { Output } from "./outputs.ts";

const RUN = "docs/performance.json";

/** docs/performance.md: the table of the run in docs/performance.json (`npm run bench -- --json docs/performance.json`). */
export function performancePage(): Output[] {
  if (!fs.existsSync(RUN)) return [];
  return [["docs/performance.md", page(JSON.parse(fs.readFileSync(RUN, "utf8")))]];
}

/** What npm run bench -- --json writes. */
interface Run {
  readonly machine: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
}

/** What a row is of. */
interface Subject {
  readonly workload: string;
  readonly arch: string;
  readonly data: string;
  readonly size: string;
  readonly impl: string;
}

interface Row extends Subject {
  readonly nsPerPte: number;
  readonly spread: number;
  readonly ratioTo: Readonly<Record<string, number>>;
}

type Wanted = Partial<Subject>;
type Goal = readonly [
  name: string,
  wanted: Wanted,
  against: string,
  must: number,
  aim: number,
  limit: string,
];

/** A goal with what was measured: a ratio, or milliseconds where it is held against nothing. */
interface Measured {
  readonly name: string;
  readonly against: string;
  readonly must: number;
  readonly aim: number;
  readonly limit: string;
  readonly value: number;
}

const JUDGED = "gcc -O3 -march=x86-64-v3";
const LARGE = "16M PTEs (larger than cache)";
const SMALL = "8K PTEs (in L2)";
const PAGES = "page-table pages, 5 to 30 % swap";

/** Why a mark cannot be reached, as far as it was looked into; printed where it is not. */
const limits: Readonly<Record<string, string>> = {
  columns: "Not looked into.",
  census: `Reading is bound by memory, so that what is counted beside it shows. A group of 16 PTEs costs some 65 instructions of
SIMD128, eight of them loads, a group with an entry some 140 more, 24 of them the counters of pairs of types (V8's code was
read). C that does no more than find the groups with an entry, with registers of 16 bytes or of 32, takes 1.2 to 1.4 times
what loading alone takes. WebAssembly has neither a gather nor a scatter, nor a hint to load ahead.`,
  encode: `Columns of bytes are spread over 64-bit lanes: some 150 instructions for 16 PTEs, of which 25 go to the
stack, where gcc has registers of 32 bytes.`,
  sweep: `Nothing but arithmetic in registers, so the width of the registers shows: gcc works on eight words at a time, SIMD128
on four. V8 hoists all constants (its code was read), but schedules four groups of four words breadth first, which needs more
than its 15 registers: some 45 of 157 instructions are spills.`,
  file: `The reads alone cost what cat costs, node's own start-up as much as the row without it shows, and the counting is the
rest. The file is read in blocks of 1 MiB: 128 KiB cost more in system calls than they gain in cache, 256 and 512 KiB gain
nothing.`,
  compile: `The module is made by code that has not run before, in the interpreter; WebAssembly's own compilation is a twentieth of
it. What counts and what encodes is made when it is first used.`,
};

/** What is to be reached: which row, of x86_64 and SIMD where nothing else is said, against what, and the two marks. */
const goals: readonly Goal[] = [
  [
    "columns, larger than cache",
    { workload: "columns", data: PAGES, size: LARGE },
    JUDGED,
    1.5,
    1.1,
    "columns",
  ],
  ["columns, in L2", { workload: "columns", data: PAGES, size: SMALL }, JUDGED, 2, 1.35, "columns"],
  ["columns, in L2", { workload: "columns", data: PAGES, size: SMALL }, "gcc -O2", 0.6, 0.33, "columns"],
  [
    "census of page-table pages",
    { workload: "census", data: PAGES, size: LARGE },
    "read-sum",
    2.5,
    1.35,
    "census",
  ],
  ["encode, larger than cache", { workload: "encode", size: LARGE }, JUDGED, 1.5, 1.2, "encode"],
  ["encode, in L2", { workload: "encode", size: SMALL }, JUDGED, 1.5, 1.2, "encode"],
  [
    "arm's 2^32 words, decoded and encoded again",
    { workload: "sweep", arch: "arm" },
    JUDGED,
    2.5,
    1.5,
    "sweep",
  ],
  ["census of a 1 GiB file", { workload: "file", impl: "decodeFile, whole process" }, "cat", 3, 1.6, "file"],
  ["compile(backend), first use, CPU time", { impl: "simd, CPU time of the call" }, "", 10, 3, "compile"],
  ["compile(backend), first use, time passed", { impl: "simd, time passed" }, "", 10, 3, "compile"],
];

function measured(rows: readonly Row[], [name, wanted, against, must, aim, limit]: Goal): Measured {
  const row = rows.find((candidate) =>
    Object.entries({ arch: "x86_64", impl: "simd", ...wanted }).every(
      ([key, value]) => candidate[key as keyof Wanted] === value,
    ),
  );
  const value = against === "" ? (row?.nsPerPte ?? Number.NaN) / 1e6 : (row?.ratioTo[against] ?? Number.NaN);
  return { name, against, must, aim, limit, value };
}

function goalLine({ name, against, value, must, aim }: Measured): string {
  const unit = against === "" ? " ms" : "";
  const mark = value <= aim ? "" : value <= must ? " (aim missed)" : " (missed)";
  const said = Number.isNaN(value) ? "not measured" : `${value.toFixed(unit ? 1 : 2)}${unit}${mark}`;
  const comparator = against === "gcc -O2" ? "gcc -O2, branch-free" : against;
  return `| ${name} | ${comparator} | ${said} | ${must}${unit} | ${aim}${unit} |`;
}

/** What is known of the goals whose aim was missed, each sort once. */
function missedText(reached: readonly Measured[]): string {
  const missed = reached.filter(({ value, aim }) => !(value <= aim));
  const lines = [...new Set(missed.map(({ limit }) => limit))].map((limit) => {
    const names = new Set(missed.filter((goal) => goal.limit === limit).map(({ name }) => name));
    return `- **${[...names].join("; ")}.** ${limits[limit]}`.replaceAll("\n", "\n  ");
  });
  return lines.length === 0 ? "" : `\n## Where an aim is missed\n\n${lines.join("\n")}\n`;
}

function page({ machine, rounds, rows }: Run): string {
  const reached = goals.map((goal) => measured(rows, goal));
  return `# Performance of @ptekit/bulk

<!-- Generated by npm run generate from docs/performance.json, which npm run bench -- --json docs/performance.json writes. -->

Measured on ${machine}: CPU time, contenders in turns within one run, medians of ${rounds} rounds, checksums compared.
Times depend on the machine and on what else it does; ratios are taken round by round and depend on it less.

## Marks

Ratios of @ptekit/bulk to a comparator, on x86_64's layout but for the sweep; lower is better.

| workload | against | ratio | must | aim |
|---|---|---|---|---|
${reached.map(goalLine).join("\n")}
${missedText(reached)}
The comparators in C are made from the layout too (apps/bench/src/c-source.ts). gcc vectorises the branch-free form only
with every intermediate number as wide as the PTE; with narrower ones, or a table of kinds, it does not, and is slower.

## All rows

\`ns\` is CPU time per PTE (for compile: of the call); spread is the distance between the quartiles, in parts of the median.

| workload | architecture | data | size | implementation | ns | spread | ratios |
|---|---|---|---|---|---|---|---|
${rows.map(rowLine).join("\n")}
`;
}

function rowLine({ workload, arch, data, size, impl, nsPerPte, spread, ratioTo }: Row): string {
  const ratios = Object.entries(ratioTo)
    .map(([name, value]) => `${value < 0.01 ? value.toFixed(4) : value.toFixed(2)} ${name}`)
    .join(" · ");
  const ns = nsPerPte >= 1000 ? Math.round(nsPerPte) : nsPerPte.toFixed(3);
  return `| ${workload} | ${arch} | ${data} | ${size} | ${impl} | ${ns} | ${spread.toFixed(2)} | ${ratios} |`;
}
