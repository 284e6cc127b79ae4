import { bytesText } from "@ptekit/core";
import type { Command, Given } from "../command.ts";
import { NoError, UsageError } from "../errors.ts";
import type { Output } from "../output.ts";
import type { Counts } from "../pagemap/count.ts";
import { addCounts, noCounts } from "../pagemap/count.ts";
import type { Machine } from "../pagemap/machine.ts";
import { thisMachine } from "../pagemap/machine.ts";
import type { Surveyed } from "../pagemap/survey.ts";
import { survey } from "../pagemap/survey.ts";
import { JSON_OPTION } from "../target.ts";

export const pagemap: Command = {
  name: "pagemap",
  summary: "count the pages of a running process by what their PTEs say",
  description: [
    "Reads /proc/PID/maps and /proc/PID/pagemap of this machine, in blocks. Swapped pages are counted by swap area, and by the kind of entry that stands where the page was.",
    "Without CAP_SYS_ADMIN the kernel hides page frames and swap entries; the rest is still counted.",
  ],
  arguments: [{ name: "PID", required: true, help: "the process, or self" }],
  options: [
    {
      name: "range",
      value: "START-END",
      help: "only these addresses, hexadecimal, as /proc/PID/maps writes them",
    },
    { name: "proc", value: "DIR", help: "where proc is mounted, if not at /proc" },
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit pagemap self", shows: "ptekit's own pages" },
    { line: "ptekit pagemap self --json", shows: "one object for each mapping" },
  ],
  async run(given, out) {
    const pid = given.args[0] ?? "";
    if (/^(?:0x[0-9a-f]+|[0-9a-f]{16})$/i.test(pid))
      throw new UsageError(`${pid} is no process; as a word of /proc/PID/pagemap: ptekit pagemap: ${pid}`);
    if (pid !== "self" && !/^[1-9]\d*$/.test(pid)) {
      throw new UsageError(`${JSON.stringify(pid)} is not a process: PID is a number, or self`);
    }
    const proc = given.text("proc") ?? "/proc";
    if (process.platform !== "linux") throw new NoError("pagemap is a file of Linux; this is not Linux");
    const machine = await thisMachine(proc);
    const marker = machine.backend?.types.special.find(({ name }) => name === "marker")?.type ?? -1;
    const range = rangeOf(given);
    const request = {
      proc,
      pid,
      pageBytes: machine.pageBytes,
      markerType: marker,
      ...(range ? { range } : {}),
    };
    const all = noCounts();
    let shown = 0;
    for (const mapping of survey(request, (text) => out.progress(text))) {
      addCounts(all, mapping.counts);
      shown++;
      if (given.has("json")) out.json(jsonOf(mapping, machine));
      else for (const line of linesOf(mapping, machine, out)) out.line(line);
    }
    if (shown === 0)
      throw new NoError(
        range
          ? "no mapping in that range"
          : `process ${pid} has no mappings: a kernel thread, or it has ended`,
      );
    const hidden = hiddenSentence(all);
    if (given.has("json")) {
      out.json({ total: true, mappings: shown, ...countsJson(all, machine), hidden });
      return 0;
    }
    out.line();
    out.line(out.colors.bold(`${shown} mappings: ${countsText(all, machine) || "no pages"}`));
    if (hidden !== null) out.line(out.colors.yellow(hidden));
    return 0;
  },
};

function rangeOf(given: Given): { start: bigint; end: bigint } | null {
  const text = given.text("range");
  if (text === undefined) return null;
  const found = /^(?:0x)?([0-9a-f]{1,16})-(?:0x)?([0-9a-f]{1,16})$/i.exec(text);
  const start = BigInt(`0x${found?.[1] ?? 0}`);
  const end = BigInt(`0x${found?.[2] ?? 0}`);
  if (start >= end)
    throw new UsageError(
      `--range is START-END, hexadecimal, the end above the start; not ${JSON.stringify(text)}`,
    );
  return { start, end };
}

/** The sentence about what the kernel does not show this user. */
function hiddenSentence({ present, swapped, frames, entries }: Counts): string | null {
  const hidden = (present > 0 && frames === 0) || (present === 0 && swapped > 0 && entries === 0);
  return hidden
    ? "Without CAP_SYS_ADMIN the kernel hides page frame numbers and swap entries: swap areas, markers and other special entries all count as swapped here."
    : null;
}

function linesOf(mapping: Surveyed, machine: Machine, out: Output): string[] {
  const { start, end, access, name, counts, left } = mapping;
  const { dim } = out.colors;
  const head = `${start.toString(16).padStart(12, "0")}-${end.toString(16).padStart(12, "0")} ${access} ${bytesText(end - start).padStart(10)}`;
  return [
    `${head}  ${name}`.trimEnd(),
    ...[countsText(counts, machine), left ?? ""]
      .filter((text) => text !== "")
      .map((text) => `    ${dim(text)}`),
  ];
}

function countsText(counts: Counts, machine: Machine): string {
  const { present, fileOrShared, swapped, exclusive, softDirty, uffdWp, guard, entries } = counts;
  const parts: readonly (readonly [number, string])[] = [
    [present, "present"],
    [fileOrShared, "of file or shared memory"],
    ...(entries > 0 ? byKind(counts, machine) : ([[swapped, "swapped"]] as const)),
    [exclusive, "exclusive"],
    [softDirty, "soft-dirty"],
    [uffdWp, "uffd-wp"],
    [guard, "guard"],
  ];
  return parts.flatMap(([pages, what]) => (pages > 0 ? [`${pages} ${what}`] : [])).join(", ");
}

/** Swapped pages by swap area, special type and marker. */
function byKind(
  { types, markers, swapped, entries }: Counts,
  { backend, swapAreas }: Machine,
): [number, string][] {
  const named = [...types]
    .sort(([a], [b]) => a - b)
    .map(([type, pages]): [number, string] => {
      const special = backend?.types.special.find((entry) => entry.type === type);
      if (special) return [pages, special.name];
      const area = swapAreas[type];
      return [pages, `swapped to area ${type}${area === undefined ? "" : ` (${area})`}`];
    });
  const bits = [...markers].map(([value, pages]): [number, string] => {
    const names = backend?.types.markers
      .filter((marker) => (BigInt(value) & marker.value) !== 0n)
      .map(({ name }) => name);
    return [pages, `${names?.join("+") || `0x${value.toString(16)}`} marker`];
  });
  const rest: [number, string][] = swapped > entries ? [[swapped - entries, "swapped, entry not shown"]] : [];
  return [...named.filter(([, name]) => name !== "marker"), ...bits, ...rest];
}

function countsJson(counts: Counts, machine: Machine): object {
  const { types, markers, frames, entries, ...numbers } = counts;
  return {
    ...numbers,
    byEntry:
      entries > 0 ? Object.fromEntries(byKind(counts, machine).map(([pages, what]) => [what, pages])) : {},
  };
}

function jsonOf({ start, end, access, name, counts, left }: Surveyed, machine: Machine): object {
  return {
    start: `0x${start.toString(16)}`,
    end: `0x${end.toString(16)}`,
    access,
    name,
    ...countsJson(counts, machine),
    ...(left === null ? {} : { left }),
  };
}
