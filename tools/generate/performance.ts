import fs from "node:fs";
import type { Output } from "./outputs.ts";

const RUN = "docs/performance.json";
const SCAN = "docs/scan.json";

/** docs/performance.md: the table of the run in docs/performance.json (`npm run bench -- --json docs/performance.json`). */
export function performancePage(): Output[] {
  if (!fs.existsSync(RUN)) return [];
  const scans = fs.existsSync(SCAN) ? scanSection(JSON.parse(fs.readFileSync(SCAN, "utf8"))) : "";
  return [["docs/performance.md", page(JSON.parse(fs.readFileSync(RUN, "utf8"))) + scans]];
}

/** What npm run bench -- --json writes. */
interface Run {
  readonly machine: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly history?: readonly Past[];
}

/** The ratios of a release, as apps/bench keeps them. */
interface Past {
  readonly version: string;
  readonly machine: string;
  readonly ratios: Readonly<Record<string, number>>;
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
/** Registers as wide as WebAssembly's. */
const SAME_WIDTH = "gcc -O3 -march=x86-64-v2";
const FASTEST = "the fastest C of the run";
const ARCHS = ["x86_64", "arm64", "arm"];
const LARGE = "16M PTEs (larger than cache)";
const BLOCK = "32K PTEs (a block)";
const SMALL = "8K PTEs (in L2)";
const PAGES = "page-table pages, 5 to 30 % swap";
const SWAP = "all swap";

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
  workers: `Both read from the page cache; a machine of two cores that does anything else gives less than two.`,
  word: "Not looked into.",
  start: `Of one word's answer some 375 functions run, 79 kB of source, nearly all of them a few times: what they cost is that they
are compiled, and run in the interpreter. They are in two files, an empty script in one; an architecture's own is one more.
Where Node keeps what was compiled (22.1 and later) the parsing goes, and what runs cold stays.`,
  compile: `The module is made by code that has not run before, in the interpreter; WebAssembly's own compilation is a twentieth of
it. What counts and what encodes is made when it is first used.`,
};

/** What is to be reached: which row, of x86_64 and SIMD where nothing else is said, against what, and the two marks. */
const goals: readonly Goal[] = [
  [
    "census of page-table pages, larger than cache",
    { workload: "census", data: PAGES, size: LARGE },
    "read-sum",
    1.55,
    1.35,
    "census",
  ],
  [
    "census of page-table pages, a block in cache",
    { workload: "census", data: PAGES, size: BLOCK },
    FASTEST,
    1,
    0.75,
    "census",
  ],
  [
    "census of all-swap pages, larger than cache",
    { workload: "census", data: SWAP, size: LARGE },
    FASTEST,
    1,
    0.8,
    "census",
  ],
  [
    "census of a 1 GiB file, less Node's own start",
    { workload: "file", impl: "decodeFile, less node's own start" },
    "cat",
    1.9,
    1.6,
    "file",
  ],
  ["compile(backend), first use, CPU time", { impl: "simd, CPU time of the call" }, "", 3, 1.5, "compile"],
  ...ARCHS.map(
    (arch): Goal => [
      `encode in L2, ${arch}`,
      { workload: "encode", size: SMALL, arch },
      SAME_WIDTH,
      1,
      0.8,
      "encode",
    ],
  ),
  ...ARCHS.map(
    (arch, i): Goal => [
      `encode in L2, ${arch}`,
      { workload: "encode", size: SMALL, arch },
      JUDGED,
      [1, 1.2, 1.8][i] as number,
      [0.9, 1, 1.4][i] as number,
      "encode",
    ],
  ),
  ...ARCHS.map(
    (arch, i): Goal => [
      `columns in L2, ${arch}`,
      { workload: "columns", data: PAGES, size: SMALL, arch },
      JUDGED,
      [0.43, 0.43, 1][i] as number,
      [0.38, 0.38, 0.85][i] as number,
      "columns",
    ],
  ),
  [
    "arm's 2^32 words, decoded and encoded again",
    { workload: "sweep", arch: "arm" },
    JUDGED,
    1.3,
    1,
    "sweep",
  ],
  [
    "two workers, a 4 GiB file in the page cache, time passed",
    { workload: "workers", impl: "two workers" },
    "one worker",
    0.6,
    0.53,
    "workers",
  ],
  ["decode() of a word", { workload: "word", data: PAGES, impl: "decode" }, "by hand", 4, 2, "word"],
  ...(
    [
      ["decode of one word", 1.35, 1.15],
      ["archs", 1.8, 1.4],
      ["argue --all", 4, 2.5],
      ["spare --all", 4, 2.5],
    ] as const
  ).map(
    ([impl, must, aim]): Goal => [
      `ptekit ${impl}, whole process`,
      { workload: "start", arch: "any", impl },
      "an empty script",
      must,
      aim,
      "start",
    ],
  ),
  [
    "ptekit decode --json of 1,000,000 words",
    { workload: "stdin", impl: "decode --json" },
    "jq -c .",
    0.4,
    0.2,
    "start",
  ],
];

const rowFor = (rows: readonly Row[], [, wanted]: Goal): Row | undefined =>
  rows.find((candidate) =>
    Object.entries({ arch: "x86_64", impl: "simd", ...wanted }).every(
      ([key, value]) => candidate[key as keyof Wanted] === value,
    ),
  );

function measured(rows: readonly Row[], goal: Goal): Measured {
  const [name, , against, must, aim, limit] = goal;
  const row = rowFor(rows, goal);
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
  const missed = reached.filter(({ value, aim }) => value > aim);
  const lines = [...new Set(missed.map(({ limit }) => limit))].map((limit) => {
    const names = new Set(missed.filter((goal) => goal.limit === limit).map(({ name }) => name));
    return `- **${[...names].join("; ")}.** ${limits[limit]}`.replaceAll("\n", "\n  ");
  });
  return lines.length === 0 ? "" : `\n## Where an aim is missed\n\n${lines.join("\n")}\n`;
}

/** By which name the history has a goal's ratio. */
function keyOf(rows: readonly Row[], goal: Goal): string {
  const row = rowFor(rows, goal);
  return row === undefined
    ? ""
    : `${row.arch} ${row.workload}, ${row.data}, ${row.size}: ${row.impl} / ${goal[2]}`;
}

/** The marks of each release that was measured, so that a slower one is seen. */
function historyText(rows: readonly Row[], history: readonly Past[]): string {
  const held = goals.filter((goal) => goal[2] !== "" && keyOf(rows, goal) !== "");
  if (history.length === 0 || held.length === 0) return "";
  const lines = held.map((goal) => {
    const values = history.map(({ ratios }) => ratios[keyOf(rows, goal)]?.toFixed(2) ?? "-");
    return `| ${goal[0]} / ${goal[2]} | ${values.join(" | ")} |`;
  });
  return `\n## Releases\n\n| ratio | ${history.map(({ version }) => version).join(" | ")} |\n|---|${history.map(() => "---|").join("")}\n${lines.join("\n")}\n`;
}

function page({ machine, rounds, rows, history = [] }: Run): string {
  const reached = goals.map((goal) => measured(rows, goal));
  return `# Performance

<!-- Generated by npm run generate from docs/performance.json, which npm run bench -- --json docs/performance.json writes. -->

Measured on ${machine}: CPU time, contenders in turns within one run, medians of ${rounds} rounds, checksums compared.
Times depend on the machine and on what else it does; ratios are taken round by round and depend on it less.

## Marks

Ratios to a comparator, of @ptekit/bulk on x86_64's layout where nothing else is said; lower is better.

| workload | against | ratio | must | aim |
|---|---|---|---|---|
${reached.map(goalLine).join("\n")}
${missedText(reached)}${historyText(rows, history)}
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

/** What npm run bench:scan -- --json writes. */
interface ScanRun {
  readonly machine: string;
  readonly rounds: number;
  readonly rows: readonly {
    readonly of: {
      readonly form: string;
      readonly compression: string | null;
      readonly dumpLevel: number | null;
      readonly kernel: string;
      readonly memoryMb: number;
      readonly processes: number;
    };
    readonly measured: readonly {
      readonly name: string;
      readonly cpuMs: number;
      readonly wallMs: number;
      readonly memoryMb: number | null;
      readonly ratioTo: Readonly<Record<string, number>>;
    }[];
  }[];
}

const PEERS = ["node -e 0", "drgn start", "crash start"];

/** Of a dump with so many processes at least: the ratio of a scan's CPU time to a peer's. */
const SCAN_MARKS: readonly {
  readonly processes: readonly [least: number, most: number];
  readonly peer: string;
  readonly must: number;
  readonly aim: number;
}[] = [
  { processes: [0, 99], peer: "crash start", must: 1 / 12, aim: 1 / 12 },
  { processes: [0, 99], peer: "drgn start", must: 0.6, aim: 0.4 },
  { processes: [300, 999], peer: "node -e 0", must: 12, aim: 8 },
];

function scanMarks(rows: ScanRun["rows"]): string {
  return SCAN_MARKS.flatMap(({ processes: [least, most], peer, must, aim }) =>
    rows
      .filter(({ of }) => of.processes >= least && of.processes <= most)
      .flatMap(({ of, measured }) => {
        const value = measured.find(({ name }) => name === "ptekit scan")?.ratioTo[peer];
        if (value === undefined) return [];
        const missed = value > must ? " (missed)" : value > aim ? " (aim missed)" : "";
        return [
          `| ${of.form}, ${of.memoryMb} MiB, ${of.processes} processes | ${peer} | ${value.toFixed(2)}${missed} | ${must.toFixed(2)} | ${aim.toFixed(2)} |`,
        ];
      }),
  ).join("\n");
}

function scanSection({ machine, rounds, rows }: ScanRun): string {
  const lines = rows.flatMap(({ of, measured }) =>
    measured.map(({ name, cpuMs, wallMs, memoryMb, ratioTo }) => {
      const dump = `${of.form}${of.compression === null ? "" : `, ${of.compression}`}${of.dumpLevel ? ` -d ${of.dumpLevel}` : ""}, ${of.memoryMb} MiB, ${of.processes} processes`;
      const ratios = PEERS.flatMap((peer) =>
        ratioTo[peer] === undefined || !name.startsWith("ptekit")
          ? []
          : [`${(ratioTo[peer] as number).toFixed(2)} ${peer}`],
      );
      return `| ${dump} | ${name} | ${cpuMs.toFixed(0)} | ${wallMs.toFixed(0)} | ${memoryMb?.toFixed(0) ?? ""} | ${ratios.join(" · ")} |`;
    }),
  );
  return `
## A scan of a dump

<!-- From docs/scan.json, which npm run bench:scan -- --json docs/scan.json writes. -->

\`ptekit scan\` as a whole process, every process and every page table of the dump, beside Node's own start, and beside what
crash and drgn take to start on the same dump (with its vmlinux, which ptekit does without). Measured on ${machine}; CPU
time in turns, medians of ${rounds} rounds.

| dump | against | ratio | must | aim |
|---|---|---|---|---|
${scanMarks(rows)}

| dump | what | CPU, ms | wall, ms | peak, MiB | ratio of CPU time |
|---|---|---|---|---|---|
${lines.join("\n")}

Where the time goes, of 4 GiB with 306 processes as kdump-compressed (perf's samples of CPU time): a third is V8's optimizing
compiler, on threads of its own, and a twelfth its compiling to bytecode, for code that is done within a second. Reading and
inflating the 8,233 pages that are needed takes 3.8 times Node's own start if nothing else is done (8.2 by Node's public function,
which sets up a stream for each page). The rest is the kernel's symbols and types, 17,451 areas, and 4,326 tables. Twelve times
Node's start is not reached so far; what would come nearer is fewer and smaller loops, or loops that are compiled ahead.
`;
}
