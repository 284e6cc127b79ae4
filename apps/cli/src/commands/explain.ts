import { canonical } from "@ptekit/all";
import { hex, longBitsOf, meaningOf, rulerRows, rulerWithWords } from "@ptekit/core";
import type { Command, Given } from "../command.ts";
import { NoError, UsageError } from "../errors.ts";
import type { Explanation } from "../explain/explain.ts";
import { explainLog } from "../explain/explain.ts";
import type { Sighting } from "../explain/sightings.ts";
import { readText } from "../input.ts";
import { shortHex } from "../numbers.ts";
import type { Output } from "../output.ts";
import { CONFIG_OPTIONS, JSON_OPTION, statedConfig } from "../target.ts";
import { indented, jsonOf, wordText } from "../words.ts";

const LOG = `get_swap_device: Bad swap offset entry 3ffffffff7fff
BUG: Bad page map in process docker  pte:01000000 pmd:10fe4f067
CPU: 3 PID: 712 Comm: docker Not tainted 6.1.0-50-amd64 #1
`;

export const explain: Command = {
  name: "explain",
  summary: "find the PTEs in a kernel log, and say what they are and what may have happened",
  description: [
    'Reads log text as it is pasted: time stamps, log levels, mail quotes and wrapped lines may stay. It looks for "Bad page map", "Bad swap file entry" and its kin, "unrecognized swap entry", and the PTEs of fault dumps. A PTE and a swp_entry_t of one report check each other.',
    "Architecture and release are taken from the log; --arch and --kernel override it. Exit status 1: no such line was found, or what it needs to know is not in the log.",
  ],
  arguments: [{ name: "FILE", help: "the log, or - for standard input (which is also the default)" }],
  options: [
    { name: "arch", value: "A", help: "the architecture, where the log does not say" },
    { name: "kernel", value: "R", help: "the release, where the log does not say" },
    ...CONFIG_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit explain", shows: "a bit that flipped", stdin: LOG },
    {
      line: "ptekit explain --json -",
      shows: "a marker that this kernel does not know",
      stdin:
        "unrecognized swap entry 0x7c00000000000001\nCPU: 0 PID: 1 Comm: a Not tainted 6.9.0-rc5 #1\nRIP: 0010:zap_pte_range+0x1\n",
    },
    {
      line: "ptekit explain --arch arm64 --kernel 6.12 -",
      shows: "a log without such a line",
      stdin: "all is well\n",
      exit: 1,
    },
  ],
  async run(given, out) {
    if (given.args.length > 1) throw new UsageError("explain reads one log: a FILE, or - for standard input");
    const text = readText(given.args[0] ?? "-");
    const found = await explainLog(text, statedBy(given));
    if (found.length === 0) throw new NoError("no line here carries a PTE or a swap entry");
    for (const [index, one] of found.entries()) {
      if (given.has("json")) {
        out.json(objectOf(one));
        continue;
      }
      if (index > 0) out.line();
      for (const line of textOf(one, out)) out.line(line);
    }
    return found.every(({ backend, question }) => backend !== null && question === null) ? 0 : 1;
  },
};

function statedBy(given: Given): Parameters<typeof explainLog>[1] {
  const arch = given.text("arch");
  const release = given.text("kernel");
  const known = arch === undefined ? undefined : canonical(arch);
  return {
    ...(known === undefined ? {} : { arch: known }),
    ...(release === undefined ? {} : { release }),
    rest: statedConfig(given),
  };
}

const sightingText = ({ what, digits, line, message, process }: Sighting): string =>
  `line ${line}: ${message}${process === undefined ? "" : ` in process ${process}`}${what === "pte" ? `, pte ${digits}` : ` ${digits}`}`;

function textOf(one: Explanation, out: Output): string[] {
  const { bold, dim, red, yellow, cyan } = out.colors;
  const { backend, said, pte, entry, agreement, causes, notes, question, arch, generic } = one;
  const seen = [entry, pte].flatMap((sighting) => sighting ?? []).sort((a, b) => a.line - b.line);
  return [
    ...seen.map((sighting) => bold(sightingText(sighting)) + dim(` (${sighting.meaning})`)),
    ...(one.again > 0 ? [dim(`the same ${one.again} more times`)] : []),
    ...(backend && said ? body(one, out) : []),
    ...(backend === null && arch !== null
      ? [red(`no backend for ${arch}: the words cannot be decoded`)]
      : []),
    ...(generic
      ? [`swp_entry_t of ${generic.bits} bits: type ${generic.type}, offset ${shortHex(generic.offset)}`]
      : []),
    ...(backend && pte && entry ? [agreementText(one)] : []),
    ...(causes.length === 0 ? [dim("the word itself does not show why")] : []),
    ...causes.map(({ sentence }, index) => `${index === 0 ? red("likely cause:") : "also:"} ${sentence}`),
    ...notes.map((note) => dim(`found: ${note}`)),
    ...(question === null ? [] : [cyan(question)]),
  ];

  function agreementText({ entry: printed }: Explanation): string {
    const digits = printed?.digits ?? "";
    if (agreement?.kind === "same") return `check: the swp_entry_t ${digits} is exactly this PTE decoded`;
    return yellow(`check: the swp_entry_t ${digits} is not this PTE decoded`);
  }
}

function body({ backend, said, pte, entry, agreement }: Explanation, out: Output): string[] {
  if (!backend || !said) return [];
  if (!entry || !pte || agreement?.kind === "same") {
    const behind = pte === null ? [out.colors.dim("the PTE behind the entry, its flags unknown:")] : [];
    return [...behind, ...wordText(backend, said, out.colors)];
  }
  // The two differ: one above the other, with a mark under each bit that does.
  const { layout } = backend;
  const other = backend.decode(backend.fromSwpEntry(entry.value));
  const words = [
    { word: said.pte, label: "pte" },
    { word: other.pte, label: "entry" },
  ];
  return [
    `${out.colors.bold(hex(said.pte, layout.pteBits))}  ${meaningOf(backend, said)}`,
    `${out.colors.bold(hex(entry.value, longBitsOf(layout)))}  as swp_entry_t: type ${other.type}, offset ${shortHex(other.offset ?? 0n)}`,
    out.colors.dim(`layout ${layout.id} · Linux ${backend.kernel.release}`),
    "",
    ...indented(rulerWithWords(rulerRows(layout), layout.pteBits, words)),
    "",
  ];
}

function objectOf(one: Explanation): object {
  const { backend, said, pte, entry, agreement, causes, notes, question, arch, release, again, generic } =
    one;
  return {
    ...(backend && said ? jsonOf(backend, said) : { ...(pte ? { pte: shortHex(pte.value) } : {}), arch }),
    ...(entry ? { swpEntry: shortHex(entry.value) } : {}),
    ...(generic ? { type: generic.type, offset: shortHex(generic.offset) } : {}),
    kernel: release,
    lines: [pte, entry].flatMap((sighting) => sighting?.line ?? []).sort((a, b) => a - b),
    message: (entry ?? pte)?.message,
    ...((pte?.process ?? "") === "" ? {} : { process: pte?.process }),
    again,
    // Whether the PTE was printed: else it is the one behind the entry, without its flags.
    printed: { pte: pte !== null, swpEntry: entry !== null },
    ...(agreement === null ? {} : { agreement: agreement.kind }),
    causes,
    notes,
    ...(backend === null && arch !== null ? { error: `no backend for ${arch}` } : {}),
    ...(question === null ? {} : { question }),
  };
}
