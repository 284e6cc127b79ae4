// What each package costs a page or a program: the table in README.md and its chart, from docs/sizes.json.
import type { Sizes } from "../packages/sizes.ts";
import { recorded } from "../packages/sizes.ts";
import type { Output } from "./outputs.ts";

const kB = (bytes: number): string => (bytes / 1000).toFixed(1);

interface Row {
  readonly name: string;
  readonly what: string;
  readonly bytes: number;
}

const WHAT: Readonly<Record<string, string>> = {
  core: "all of it; a bundler takes what is used",
  bulk: "millions of PTEs, its SIMD kernel with it",
  "uffd-wp": "the life of a write-protected PTE",
  "pte-bits": "the bits as an element",
  dump: "the forms of dumps, with fflate and zstddec",
  explain: "kernel logs",
  introspect: "what is in a dump",
  "conformance-kit": "properties and file formats, for authors",
};

function rowsOf({ packages, architectures, program }: Sizes): Row[] {
  const archs = Object.entries(architectures).sort(([, a], [, b]) => a - b);
  const [smallest, largest] = [archs[0], archs.at(-1)];
  const middle = archs[archs.length >> 1];
  return [
    {
      name: "a program that decodes arm64",
      what: "the architecture, and what it uses of core",
      bytes: program,
    },
    {
      name: "an architecture",
      what: `without core: ${smallest?.[0]} ${kB(smallest?.[1] ?? 0)} to ${largest?.[0]} ${kB(largest?.[1] ?? 0)} kB, the median is told`,
      bytes: middle?.[1] ?? 0,
    },
    ...Object.entries(packages).map(([name, bytes]) => ({
      name: `@ptekit/${name}`,
      what: WHAT[name] ?? "",
      bytes,
    })),
  ];
}

/** The table of README.md. */
export function sizesTable(): string {
  return [
    "![The same as bars](docs/sizes.svg)",
    "",
    "| what | kB | |",
    "|---|--:|---|",
    ...rowsOf(recorded()).map(({ name, what, bytes }) => `| ${name} | ${kB(bytes)} | ${what} |`),
  ].join("\n");
}

const BAR = 18;
const LEFT = 210;
const WIDTH = 640;

/** docs/sizes.svg: a bar for each row. */
export function sizesChart(): readonly Output[] {
  const rows = rowsOf(recorded());
  const most = Math.max(...rows.map(({ bytes }) => bytes));
  const height = rows.length * (BAR + 6) + 10;
  const bars = rows.map(({ name, bytes }, i) => {
    const y = 8 + i * (BAR + 6);
    const width = Math.max(2, Math.round(((WIDTH - LEFT - 60) * bytes) / most));
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${name}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
      `<text x="${LEFT + width + 6}" y="${y + 13}">${kB(bytes)} kB</text>`,
    ].join("");
  });
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Bytes of each package after minify and gzip, without the packages that it needs</title>',
    "<style>text{font:12px sans-serif;fill:#24292f}rect{fill:#4969b5}@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#7d9be0}}</style>",
    ...bars,
    "</svg>",
  ];
  return [["docs/sizes.svg", `${svg.join("\n")}\n`]];
}
