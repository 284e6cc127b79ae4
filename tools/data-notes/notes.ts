// What changed between two versions of layouts.json, in words: release notes from the data itself.

/** A file of ptekit-layouts/1, as far as it is gone through. */
export interface Layouts {
  readonly format: string;
  readonly newest: string;
  readonly architectures: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A row that came, went, or has cells that changed. */
export interface Change {
  readonly arch: string;
  /** `layouts`, `present`, `geometry`, `symbols`; empty where the architecture as a whole is meant. */
  readonly list: string;
  /** `arm64 7.3`, `CONFIG_MIGRATION`, `since 6.10`. */
  readonly row: string;
  readonly what: "new" | "gone" | "changed";
  readonly cells: readonly Cell[];
}

/** A value in a row. */
export interface Cell {
  /** `fields.2.high` */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Everything that differs, architecture by architecture. */
export function changesIn(before: Layouts, after: Layouts): Change[] {
  const names = [
    ...new Set([...Object.keys(before.architectures), ...Object.keys(after.architectures)]),
  ].sort();
  return names.flatMap((arch): Change[] => {
    const [old, now] = [before.architectures[arch], after.architectures[arch]];
    if (old === undefined || now === undefined)
      return [{ arch, list: "", row: arch, what: old === undefined ? "new" : "gone", cells: [] }];
    const lists = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return lists.flatMap((list) => changesOf(arch, list, old[list], now[list]));
  });
}

function changesOf(arch: string, list: string, old: unknown, now: unknown): Change[] {
  if (!Array.isArray(old ?? []) || !Array.isArray(now ?? [])) {
    const cells = cellsOf(old, now, "");
    return cells.length > 0 ? [{ arch, list, row: list, what: "changed", cells }] : [];
  }
  const [before, after] = [keyed(old as unknown[] | undefined), keyed(now as unknown[] | undefined)];
  const keys = [...new Set([...after.keys(), ...before.keys()])];
  return keys.flatMap((row): Change[] => {
    const [was, is] = [before.get(row), after.get(row)];
    if (was === undefined) return [{ arch, list, row, what: "new", cells: [] }];
    if (is === undefined) return [{ arch, list, row, what: "gone", cells: [] }];
    const cells = cellsOf(was, is, "");
    return cells.length > 0 ? [{ arch, list, row, what: "changed", cells }] : [];
  });
}

/** Rows by what names them; those of one name are counted. */
function keyed(rows: readonly unknown[] = []): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const row of rows) {
    const name = nameOf(row);
    let key = name;
    for (let n = 2; found.has(key); n++) key = `${name} (${n})`;
    found.set(key, row);
  }
  return found;
}

function nameOf(row: unknown): string {
  if (typeof row !== "object" || row === null) return String(row);
  const { id, name, since, when, release, level, levels } = row as Readonly<Record<string, unknown>>;
  const own = id ?? name;
  if (own !== undefined) return String(own);
  const parts = [
    since === undefined ? "" : `since ${since}`,
    release === undefined ? "" : `of ${release}`,
    Array.isArray(when) && when.length > 0 ? `with ${when.join(", ")}` : "",
    typeof level === "string" ? level : "",
    Array.isArray(levels) && levels.every((one) => typeof one === "string") ? levels.join(", ") : "",
  ];
  return parts.filter((part) => part !== "").join(" ") || "a row";
}

/** Every leaf that differs. */
function cellsOf(old: unknown, now: unknown, path: string): Cell[] {
  if (isParts(old) && isParts(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => cellsOf(at(old, key), at(now, key), path === "" ? key : `${path}.${key}`));
  }
  const [from, to] = [textOf(old), textOf(now)];
  return from === to ? [] : [{ path, from, to }];
}

const isParts = (value: unknown): value is object => typeof value === "object" && value !== null;
const at = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key];
const textOf = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** `3 layouts, 2 cells changed`; `nothing changed`. */
export function headline(changes: readonly Change[], before: Layouts, after: Layouts): string {
  const count = (list: string, one: string, what: Change["what"]): string => {
    const { length } = changes.filter((change) => change.list === list && change.what === what);
    return length === 0
      ? ""
      : `${length} ${what === "gone" ? "fewer " : ""}${length === 1 ? one : `${one}s`}`;
  };
  const cells = changes.reduce((sum, change) => sum + change.cells.length, 0);
  const rows = changes.filter(
    ({ list, what }) => what !== "changed" && list !== "" && list !== "layouts",
  ).length;
  const parts = [
    before.newest === after.newest ? "" : `Linux ${after.newest}`,
    count("", "architecture", "new"),
    count("", "architecture", "gone"),
    count("layouts", "layout", "new"),
    count("layouts", "layout", "gone"),
    rows === 0 ? "" : `${rows} other ${rows === 1 ? "row" : "rows"}`,
    cells === 0 ? "" : `${cells} ${cells === 1 ? "cell" : "cells"} changed`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

/** The notes, as Markdown. */
export function notesText(before: Layouts, after: Layouts): string {
  const changes = changesIn(before, after);
  return [`The data: ${headline(changes, before, after)}.`, ...changes.map(line)].join("\n").concat("\n");
}

function line({ arch, list, row, what, cells }: Change): string {
  if (list === "") return `- ${arch}: ${what === "new" ? "a new architecture" : "gone"}`;
  const name = list === "layouts" ? `layout ${row}` : row === list ? list : `${list}: ${row}`;
  if (what !== "changed") return `- ${arch}, ${name}: ${what}`;
  const shown = cells.slice(0, MOST).map(({ path, from, to }) => `${path} ${short(from)} → ${short(to)}`);
  const more = cells.length > MOST ? [`and ${cells.length - MOST} more cells`] : [];
  return `- ${arch}, ${name}: ${[...shown, ...more].join("; ")}`;
}

const MOST = 6;
const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text);
