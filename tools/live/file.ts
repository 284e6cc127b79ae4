// What the guest said and what its tables hold, put together as a live file.
import { parseConfig, symbolsOn } from "../common/kconfig.ts";
import { recordedSymbols } from "./machines.ts";
import type { Found } from "./walk.ts";

/** A page of the program's, and what the guest's kernel said of it. */
export interface Page {
  readonly region: string;
  readonly vaddr: bigint;
  readonly pagemap: bigint;
}

/** The program's lines. */
export interface Said {
  readonly release: string;
  readonly rows: readonly Page[];
  /** What this kernel does not offer, with the reason. */
  readonly skipped: readonly string[];
}

/** A row of a live file: words in hexadecimal. */
export interface Row {
  readonly vaddr: string;
  readonly region: string;
  readonly pte: string;
  readonly pagemap: string;
}

/** What the program printed. Throws a sentence where it named no release. */
export function parseConsole(text: string): Said {
  const lines = text.replaceAll("\r", "").split("\n");
  const after = (mark: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(mark.length + 1)] : []));
  const rows = after("@row").map((line) => {
    const [region = "", vaddr = "", pagemap = ""] = line.split(" ");
    return { region, vaddr: BigInt(vaddr), pagemap: BigInt(pagemap) };
  });
  const [release] = after("@release");
  if (release === undefined) throw new Error("the guest did not name its release");
  return { release, rows, skipped: after("@skip") };
}

interface WithPtes {
  readonly kept: Row[];
  /** Region and reason → how many. */
  readonly left: ReadonlyMap<string, number>;
}

/**
 * The rows with their PTEs, read by `pteOf(vaddr)`: { pte } or { why }. A row without a PTE of its own (no table there, or
 * a huge page) is left out and counted by region and reason.
 */
export function withPtes(rows: readonly Page[], pteOf: (vaddr: bigint) => Found): WithPtes {
  const left = new Map<string, number>();
  const kept = rows.flatMap(({ region, vaddr, pagemap }) => {
    const found = pteOf(vaddr);
    if ("pte" in found) {
      const { pte } = found;
      return [{ vaddr: hex(vaddr), region, pte: hex(pte), pagemap: hex(pagemap) }];
    }
    const reason = `${region}: ${found.why}`;
    left.set(reason, (left.get(reason) ?? 0) + 1);
    return [];
  });
  return { kept, left };
}

interface LiveFile {
  readonly arch: string;
  readonly release: string;
  readonly pageSize: number;
  readonly levels: number;
  /** The kernel's .config. */
  readonly configText: string;
  readonly rows: readonly Row[];
}

/** The text of a live file, one row a line. */
export function liveText({ arch, release, pageSize, levels, configText, rows }: LiveFile): string {
  const config = symbolsOn(parseConfig(configText), recordedSymbols);
  const note =
    "pte: the entry read from a dump of guest memory; pagemap: the word the running kernel gave for the same address";
  const lpae = config.CONFIG_ARM_LPAE === "y";
  const head = JSON.stringify({ arch, release, pageSize, levels, config, note, lpae, rows: [] }, null, 1);
  const lines = rows.map(
    ({ vaddr, region, pte, pagemap }) =>
      `  {"vaddr": "${vaddr}", "region": "${region}", "pte": "${pte}", "pagemap": "${pagemap}"}`,
  );
  return `${head.replace('"rows": []', `"rows": [\n${lines.join(",\n")}\n ]`)}\n`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
