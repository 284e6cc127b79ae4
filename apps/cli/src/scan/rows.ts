// The processes of a scan: one line each.
import { shortHex } from "@ptekit/core";
import type { ProcessScan } from "@ptekit/introspect";

type Counts = Omit<ProcessScan, "pid" | "comm" | "root" | "suspicious" | "problems">;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** Columns, each with what it shows; one that is 0 for every process is left out. */
const COLUMNS: readonly {
  readonly head: string;
  readonly of: (counts: Counts) => number;
  readonly always?: true;
}[] = [
  { head: "present", of: ({ present }) => present, always: true },
  { head: "file", of: ({ file }) => file, always: true },
  { head: "shared", of: ({ shared }) => shared, always: true },
  { head: "huge", of: ({ huge }) => sum(huge as Record<string, number>) },
  { head: "hugetlb", of: ({ hugetlb }) => sum(hugetlb as Record<string, number>) },
  { head: "swapped", of: ({ swap }) => sum(swap), always: true },
  { head: "migration", of: ({ migration }) => migration },
  { head: "hwpoison", of: ({ hwpoison }) => hwpoison },
  { head: "device", of: ({ devicePrivate, deviceExclusive }) => devicePrivate + deviceExclusive },
  { head: "swapin-error", of: ({ swapinError }) => swapinError },
  { head: "uffd-wp", of: ({ uffdWp }) => uffdWp },
  { head: "soft-dirty", of: ({ softDirty }) => softDirty },
  { head: "missing", of: ({ missingTables }) => missingTables },
  { head: "suspicious", of: ({ suspicions }) => suspicions },
];

/** The rows of the table, its head first and the sum of all last. */
export function rowsOf(scans: readonly ProcessScan[], all: Counts, processes: number): string[][] {
  const shown = [
    ...COLUMNS,
    ...Object.keys(all.markers).map((name) => ({
      head: `marker ${name}`,
      of: ({ markers }: Counts) => (markers as Record<string, number>)[name] ?? 0,
    })),
  ].filter((column) => ("always" in column && column.always) || column.of(all) > 0);
  const isNamed = scans.every(({ pid }) => pid !== null);
  const cells = (counts: Counts): string[] => shown.map(({ of }) => String(of(counts)));
  return [
    [isNamed ? "pid" : "root", "command", ...shown.map(({ head }) => head)],
    ...scans.map((scan) => [
      scan.pid === null ? shortHex(scan.root ?? 0n) : String(scan.pid),
      scan.comm ?? "",
      ...cells(scan),
    ]),
    ["", `all ${processes}`, ...cells(all)],
  ];
}

/** Entries of a process, of any kind: what --top goes by. */
export const sizeOf = (scan: ProcessScan): number =>
  scan.present + sum(scan.swap) + sum(scan.markers as Record<string, number>) + scan.migration;
