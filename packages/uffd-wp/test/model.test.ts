import type { AnyDecoded, SpecialPteOptions } from "@ptekit/core";
import { accessOf, hex, matches, PtekitError } from "@ptekit/core";
import type { EventName, EventText, FeatureName, Life, Sight, Step, VmaKind } from "@ptekit/uffd-wp";
import {
  begin,
  compare,
  EVENT_NAMES,
  isProtected,
  stateOf,
  step,
  transitions,
  VMA_KINDS,
} from "@ptekit/uffd-wp";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Subject, subjects } from "./subjects.ts";

// Refusals are frequent here, and nobody reads where they were made.
Error.stackTraceLimit = 0;

const all = await subjects();
const designs: readonly SpecialPteOptions[] = [{ by: "swap-type" }, { by: "bit" }];

/** Refusals that a sentence explains; any other error is a fault of the model. */
const refusals = [
  "IMPOSSIBLE_EVENT",
  "NO_UFFD_WP",
  "NO_SUCH_MARKER",
  "NO_MARKER_TYPE",
  "NO_SUCH_BIT",
  "NO_PRESENT_LAYOUT",
  "NO_SUCH_TYPE",
];

const traps: readonly Sight[] = [
  "uffd-wp message",
  "uffd-missing message",
  "uffd-minor message",
  "uffd-rwp message",
  "SIGBUS",
  "SIGSEGV",
  "wait, then retry",
];

const holds = (life: Life): boolean => life.mapped && life.wp && isProtected(stateOf(life));

function attempt(life: Life, event: EventText): Step | PtekitError {
  try {
    return step(life, event);
  } catch (error) {
    if (error instanceof PtekitError && refusals.includes(error.code)) return error;
    throw error;
  }
}

/** What holds after every step; throws a sentence otherwise. */
function check({ before, after, from, to, event, transition }: Step): void {
  const { backend, pte } = after;
  const say = (what: string): never => {
    const text = hex(pte, backend.layout.pteBits);
    throw new Error(`${backend.layout.id}: ${event.name}: ${from} to ${to} (${text}): ${what}`);
  };
  // What is left behind and writable goes the way of a protected page, and stays writable or not.
  const told =
    transition.moves[from] ??
    (from === "writable-wp" || from === "present-rwp" ? transition.moves["present-wp"] : undefined);
  const stands = (to === "writable-wp" && (!after.wp || from === to)) || (to === "present-rwp" && after.rwp);
  const left = stands ? "present-wp" : to;
  if (told !== to && told !== left) say(`the table says ${told}`);
  if (to === "empty") say("a marker is empty");
  if (to === "special") {
    if (matches(backend.layout.none, pte)) say("the special PTE is none");
    if (matches(backend.layout.present, pte)) say("the special PTE is present");
    if (!backend.isSpecialPte(pte, after.design)) say("the special PTE is not recognised");
  }
  if (holds(before) && !holds(after) && transition.drops === undefined) say("protection is lost");
  if (to === "present-wp" && after.wp && accessOf(backend, pte) === "write") say("the write bit is on");
  if (holds(after)) {
    const write = attempt(after, "write");
    if (write instanceof PtekitError) throw new Error(`${event.name}: a write is refused: ${write.message}`);
    if (!traps.includes(write.sees) && write.transition.drops === undefined) say("a write does not trap");
    if (holds(write.after) && !traps.includes(write.sees)) say("a write does not trap");
  }
}

const features = fc.subarray<FeatureName>(["event-fork", "event-remap", "wp-unpopulated", "wp-async"]);
// Registration comes often: without it, half of the events have nothing to do.
const event = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EVENT_NAMES.filter((name) => name !== "munmap")) },
  { weight: 1, arbitrary: fc.constantFrom("register", "write", "write-protect", "munmap") },
);
const sequence = fc.array(event, { minLength: 1, maxLength: 25 });

function start(
  subject: Subject,
  design: SpecialPteOptions,
  vma: VmaKind,
  wanted: readonly FeatureName[],
): Life {
  const usable = wanted.filter((feature) => {
    try {
      begin(subject.backend, { features: [feature] });
      return true;
    } catch (error) {
      if (error instanceof PtekitError) return false;
      throw error;
    }
  });
  return begin(subject.backend, { design, vma, features: usable });
}

describe.each(all)("$title", (subject) => {
  it.each(designs)("by $by: what must hold, holds after every step of any sequence", (design) => {
    fc.assert(
      fc.property(fc.constantFrom(...VMA_KINDS), features, sequence, (vma, wanted, events) => {
        let life = start(subject, design, vma, wanted);
        for (const name of events) {
          const taken = attempt(life, name);
          if (taken instanceof PtekitError) continue;
          check(taken);
          life = taken.after;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("both designs show user space the same, or the difference is listed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...VMA_KINDS), features, sequence, (vma, wanted, events) => {
        const usable = start(subject, { by: "swap-type" }, vma, wanted).features;
        const possible = possibleFor(subject, vma, usable, events);
        for (const row of compare(subject.backend, possible, { vma, features: usable })) {
          if (!row.agree && row.differences.length === 0) {
            throw new Error(`${row.event.name}: ${textOf(row.merged)}, but ${textOf(row.proposed)}`);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** The events of a sequence that at least one design can take, each where it stands. */
function possibleFor(
  subject: Subject,
  vma: VmaKind,
  usable: readonly FeatureName[],
  events: readonly EventText[],
): EventText[] {
  const lives = designs.map((design) => begin(subject.backend, { design, vma, features: usable }));
  return events.filter((name) => {
    const results = lives.map((life) => attempt(life, name));
    results.forEach((result, i) => {
      if (!(result instanceof PtekitError)) lives[i] = result.after;
    });
    return results.some((result) => !(result instanceof PtekitError));
  });
}

const textOf = (result: Step | PtekitError): string =>
  result instanceof PtekitError ? result.message : `${result.to}, ${result.sees}`;

describe("every state that can be reached", () => {
  // Not reached by any event: what must never exist, and what events cannot leave behind.
  const unreachable = new Set(["empty"]);
  const taken = new Set<number>();
  interface Explored {
    readonly release: string;
    readonly features: readonly FeatureName[];
    readonly designs: readonly SpecialPteOptions[];
    readonly vmas: readonly VmaKind[];
    /** Default: it is neither sealed nor pinned, which doubles the states; mseal() is asked before anything else. */
    readonly more?: readonly EventName[];
  }
  const merged = designs.slice(0, 1);
  // Their rows are made of those of user space, and lead where those lead.
  const ofKernel = (name: EventName): boolean => name.startsWith("kernel-");
  const derived = (name: EventName): boolean => ofKernel(name) || name === "pin";
  const plain: readonly VmaKind[] = ["anonymous", "shmem", "file", "hugetlb"];
  const privately: readonly VmaKind[] = ["private-shmem", "private-file", "private-hugetlb"];
  const explored: readonly Explored[] = [
    { release: "7.2", features: [], designs, vmas: plain },
    {
      release: "7.2",
      features: ["event-fork", "event-remap", "wp-unpopulated"],
      designs: merged,
      vmas: [...plain, "thp"],
    },
    { release: "7.2", features: ["event-fork"], designs: merged, vmas: privately },
    { release: "7.2", features: [], designs: merged, vmas: ["anonymous"], more: ["mseal"] },
    { release: "7.2", features: [], designs: merged, vmas: ["anonymous"], more: ["pin"] },
    { release: "7.2", features: ["event-fork"], designs: merged, vmas: ["anonymous"], more: ["pin"] },
    { release: "7.2", features: ["wp-async"], designs: merged, vmas: [...plain, "private-file", "thp"] },
    { release: "7.2", features: ["wp-async"], designs: designs.slice(1), vmas: ["anonymous"] },
    {
      release: "7.3",
      features: ["event-fork", "event-remap"],
      designs: merged,
      vmas: ["anonymous", "shmem", "hugetlb", "thp"],
    },
    { release: "7.3", features: [], designs: merged, vmas: ["private-file"] },
    { release: "7.2", features: [], designs: designs.slice(1), vmas: ["private-shmem"] },
    { release: "6.15", features: [], designs: merged, vmas: ["anonymous", "shmem", "private-shmem"] },
    { release: "6.12", features: ["event-fork", "wp-unpopulated"], designs: merged, vmas: ["anonymous"] },
    { release: "6.1", features: ["event-fork"], designs: merged, vmas: [...plain, "private-hugetlb"] },
    { release: "6.1", features: [], designs: merged, vmas: ["private-hugetlb"] },
    { release: "5.19", features: [], designs: merged, vmas: ["private-hugetlb"] },
    { release: "5.10", features: [], designs: merged, vmas: [...plain, "private-shmem", "thp"] },
  ];

  it.each(explored)(
    "x86_64 $release $features $vmas: what must hold, holds in all of them",
    (what) => {
      const subject = all.find(({ title }) => title === `x86_64 ${what.release}`);
      if (!subject) throw new Error("x86_64 is gone");
      for (const design of what.designs) {
        for (const vma of what.vmas) {
          const events = EVENT_NAMES.filter(
            (name) =>
              !ofKernel(name) && ((name !== "mseal" && name !== "pin") || what.more?.includes(name) === true),
          );
          explore(start(subject, design, vma, what.features), events, (row) => taken.add(row));
        }
      }
    },
    600_000,
  );

  it("every row of the table is taken somewhere", () => {
    const never = transitions
      .filter(
        (row, i) =>
          !taken.has(i) &&
          !derived(row.event) &&
          !Object.keys(row.moves).every((from) => unreachable.has(from)),
      )
      .map(
        (row) =>
          `${row.event} ${Object.keys(row.moves)} ${row.vma ?? ""} ${row.when ?? ""} ${row.design ?? ""}`,
      );
    expect(never).toEqual([]);
  });
});

/** Breadth first over what decides: the state, the flags and the VMA; page frames and slots do not. */
function explore(first: Life, events: readonly EventName[], taken: (row: number) => void): void {
  const seen = new Set<string>();
  const queue: Life[] = [first];
  for (let life = queue.pop(); life !== undefined; life = queue.pop()) {
    const key = keyOf(life);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const name of events) {
      const result = attempt(life, name);
      if (result instanceof PtekitError) continue;
      check(result);
      taken(transitions.indexOf(result.transition));
      queue.push({ ...result.after, nextPfn: first.nextPfn, nextOffset: first.nextOffset });
    }
  }
  expect(seen.size).toBeGreaterThan(1);
}

function keyOf(life: Life): string {
  const { uffdWp, access }: AnyDecoded = life.backend.decode(life.pte);
  return [
    stateOf(life),
    ...[uffdWp, access, accessOf(life.backend, life.pte)],
    ...[life.rwp, life.rwpAsync, life.huge, life.pinned],
    ...[life.wp, life.missing, life.minor, life.mapped, life.accessible, life.readOnly, life.sealed],
    life.mayGuard,
    ...[
      life.page,
      life.exclusive,
      life.file,
      life.lazyFree,
      life.pageDirty,
      life.dirtyElsewhere,
      life.anonVma,
    ],
  ].join();
}
