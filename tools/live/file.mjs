// What the guest said and what its tables hold, put together as a live file.
import { parseConfig } from "../vectors/configure.mjs";
import { recordedSymbols } from "./machines.mjs";

/** The program's lines: { release, rows: [{ region, vaddr, pagemap }], skipped: [text] }. */
export function parseConsole(text) {
  const lines = text.replaceAll("\r", "").split("\n");
  const after = (mark) =>
    lines.flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(mark.length + 1)] : []));
  const rows = after("@row").map((line) => {
    const [region, vaddr, pagemap] = line.split(" ");
    return { region, vaddr: BigInt(vaddr), pagemap: BigInt(pagemap) };
  });
  return { release: after("@release")[0], rows, skipped: after("@skip") };
}

/**
 * The rows with their PTEs, read by `pteOf(vaddr)`: { pte } or { why }. A row without a PTE of its own (no table there, or
 * a huge page) is left out and counted by region and reason.
 */
export function withPtes(rows, pteOf) {
  const left = new Map();
  const kept = rows.flatMap(({ region, vaddr, pagemap }) => {
    const { pte, why } = pteOf(vaddr);
    if (pte !== undefined) return [{ vaddr: hex(vaddr), region, pte: hex(pte), pagemap: hex(pagemap) }];
    const reason = `${region}: ${why}`;
    left.set(reason, (left.get(reason) ?? 0) + 1);
    return [];
  });
  return { kept, left };
}

/** The text of a live file, one row a line. */
export function liveText({ arch, release, pageSize, levels, configText, rows }) {
  const symbols = parseConfig(configText);
  const config = Object.fromEntries(
    recordedSymbols.filter((name) => symbols[name] != null).map((name) => [name, symbols[name]]),
  );
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

function hex(value) {
  return `0x${value.toString(16)}`;
}
