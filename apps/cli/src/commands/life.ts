import type { ArchBackend, SpecialPteOptions } from "@ptekit/core";
import { hex, meaningOf, PtekitError, presentRulerRows, rulerRows, rulerWithWords } from "@ptekit/core";
import type { Comparison, Event, FeatureName, LifeOptions, Step, VmaKind } from "@ptekit/uffd-wp";
import {
  begin,
  compare,
  EVENT_NAMES,
  EVENTS,
  FEATURES,
  isProtected,
  parseEvent,
  SIGHTS,
  stateOf,
  step,
  VMA_KINDS,
} from "@ptekit/uffd-wp";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { comparisonJson, stepJson } from "../json/life.ts";
import { readWord } from "../numbers.ts";
import type { Output } from "../output.ts";
import { backendOf, JSON_OPTION, TARGET_OPTIONS } from "../target.ts";
import { indented } from "../words.ts";

export const life: Command = {
  name: "life",
  summary: "follow a PTE through write-protection, reclaim, faults, fork and the rest",
  description: [
    "Runs a sequence of events on one PTE and prints the word after each, what user space sees, and the kernel function that does it. An event is a name, or a name with what it is about: write=0x9682 maps that page frame, reclaim=0:0x1a0 takes that swap slot.",
    `Events: ${EVENT_NAMES.join(", ")}. docs/uffd-wp.md says what each does.`,
  ],
  arguments: [{ name: "EVENT", required: true, many: true, help: "what happens, in order" }],
  options: [
    ...TARGET_OPTIONS,
    { name: "vma", value: "KIND", help: `the memory: ${VMA_KINDS.join(", ")} (default: anonymous)` },
    {
      name: "feature",
      value: "NAME",
      many: true,
      help: `asked for with UFFDIO_API: ${Object.keys(FEATURES).join(", ")}`,
    },
    {
      name: "by",
      value: "DESIGN",
      help: "how the special PTE is made: swap-type, as merged (the default); bit or header-page (type 1, offset 0), as proposed in 2021",
    },
    {
      name: "bit",
      value: "N",
      help: "with --by bit or --compare: which bit; default: the layout's uffd-wp bit",
    },
    { name: "compare", help: "both designs side by side, and why they come apart" },
    { name: "pte", value: "PTE", help: "the word to begin with; default: the empty PTE" },
    { name: "brief", help: "one line an event, no diagrams" },
    JSON_OPTION,
  ],
  examples: [
    {
      line: "ptekit life --arch x86_64 --kernel 7.2 --vma shmem register write write-protect reclaim read write",
      shows: "a page of shmem keeps its protection while it is away",
    },
    {
      line: "ptekit life --arch arm64 --kernel 7.2 --compare --feature wp-unpopulated register write-protect guard-install",
      shows: "the merged design and the proposed one, on one sequence",
    },
    {
      line: "ptekit life --arch arm --kernel 6.13 --brief guard-install read dontneed guard-remove",
      shows: "a guard on an architecture without uffd-wp",
    },
    {
      line: "ptekit life --arch x86_64 --kernel 7.2 --brief register write write-protect ksm write",
      shows: "what Debian's 7.2 did as well: KSM drops the protection, and the write sends no message",
    },
    {
      line: "ptekit life --arch x86_64 --kernel 6.1 --vma hugetlb --brief register write-protect close read write",
      shows: "what Debian's 6.1 did as well: a protection that was left behind makes a fault without end",
    },
    {
      line: "ptekit life --arch x86_64 --kernel 7.3 --brief register-rwp write rwprotect reclaim read read",
      shows:
        "read-write-protection: the page comes back without access, and the read that is tried again sends a message",
    },
    {
      line: "ptekit life --arch x86_64 --kernel 7.2 --vma private-shmem --brief register write write-protect punch-hole write",
      shows: "a private copy keeps its protection where a hole is punched into the file",
    },
    {
      line: "ptekit life --arch x86_64 --kernel 7.2 --vma thp --brief register write write-protect split write",
      shows: "a huge PMD's protection, in every PTE after its split",
    },
    {
      line: "ptekit life --arch arm --kernel 7.2 register",
      shows: "what refuses, and why",
      exit: 1,
    },
  ],
  async run(given, out) {
    const backend = await backendOf(given);
    const options = optionsOf(given);
    const events = given.args.map(parseEvent);
    if (given.has("compare")) {
      if (given.text("by") !== undefined) throw new UsageError("--compare runs both designs: leave --by out");
      for (const row of compareAll(backend, given, events, options)) printComparison(row, given, out);
      return 0;
    }
    const by = given.text("by") ?? "swap-type";
    if (by !== "swap-type" && by !== "bit" && by !== "header-page") {
      throw new UsageError(`--by is swap-type, bit or header-page, not ${by}`);
    }
    let current = begin(backend, { ...options, design: designOf(by, given) });
    for (const [index, event] of events.entries()) {
      const taken = step(current, event);
      if (given.has("json")) out.json(stepJson(taken));
      else print(taken, index === 0, given.has("brief"), out);
      current = taken.after;
    }
    return 0;
  },
};

function optionsOf(given: Given): Omit<LifeOptions, "design"> {
  const vma = given.text("vma");
  const features = given.list("feature").flatMap((names) => names.split(","));
  const pte = given.text("pte");
  return {
    ...(vma === undefined ? {} : { vma: vma as VmaKind }),
    features: features as FeatureName[],
    ...(pte === undefined ? {} : { pte: readWord(pte) }),
  };
}

function bitOf(given: Given): number | undefined {
  const text = given.text("bit");
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--bit is a bit number, not ${text}`);
  return Number(text);
}

function designOf(by: SpecialPteOptions["by"], given: Given): SpecialPteOptions {
  const bit = bitOf(given);
  if (by !== "bit" && bit !== undefined) throw new UsageError("--bit goes with --by bit or --compare");
  return { by, ...(bit === undefined ? {} : { bit }) };
}

function compareAll(
  backend: ArchBackend,
  given: Given,
  events: readonly Event[],
  options: Omit<LifeOptions, "design">,
): Comparison[] {
  const bit = bitOf(given);
  return compare(backend, events, { ...options, ...(bit === undefined ? {} : { bit }) });
}

function print(
  { before, after, from, to, event, transition, sees }: Step,
  first: boolean,
  brief: boolean,
  out: Output,
): void {
  const { layout } = after.backend;
  const { bold, dim, green, cyan, yellow } = out.colors;
  const show = (pte: bigint): string => bold(hex(pte, layout.pteBits));
  if (first) out.line(`${show(before.pte)}  ${green(stateOf(before))}`);
  if (!brief) out.line();
  out.line(
    `${cyan(event.name)}  ${show(after.pte)}  ${green(meaningOf(after.backend, after.backend.decode(after.pte)))}`,
  );
  if (sees !== "nothing") out.line(`  user space: ${sees} (${SIGHTS[sees]})`);
  if (transition.drops !== undefined && isProtected(from) && !isProtected(to)) {
    out.line(`  ${yellow(`protection ends: ${transition.drops}`)}`);
  }
  if (brief) return;
  out.line(dim(`  ${transition.citation}`));
  if (transition.uncertain !== undefined) out.line(dim(`  not certain: ${transition.uncertain}`));
  if (after.pte === before.pte) return;
  const { kind } = after.backend.decode(after.pte);
  const { present } = after.backend;
  const rows = kind === "present" && present ? presentRulerRows(present, after.pte) : rulerRows(layout);
  out.line();
  for (const line of indented(rulerWithWords(rows, layout.pteBits, [{ word: after.pte, label: "pte" }])))
    out.line(line);
}

function printComparison(
  { event, merged, proposed, agree, differences }: Comparison,
  given: Given,
  out: Output,
): void {
  if (given.has("json")) {
    out.json(comparisonJson({ event, merged, proposed, agree, differences }));
    return;
  }
  const { cyan, yellow } = out.colors;
  out.line(`${cyan(event.name)}: ${EVENTS[event.name].title}`);
  out.line(`  by swap type  ${sideText(merged)}`);
  out.line(`  by bit        ${sideText(proposed)}`);
  if (!agree || differences.length > 0)
    out.line(
      `  ${yellow(`${agree ? "the same to user space" : "not the same"}: ${differences.join(", ")}`)}`,
    );
}

function sideText(result: Step | PtekitError): string {
  if (result instanceof PtekitError) return `refused: ${result}`;
  const { after, to, sees } = result;
  return `${hex(after.pte, after.backend.layout.pteBits)}  ${to}${sees === "nothing" ? "" : `, ${sees}`}`;
}
