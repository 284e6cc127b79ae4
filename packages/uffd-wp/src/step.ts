import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { PtekitError, typeNumber } from "@ptekit/core";
import { perform } from "./actions.ts";
import { holds } from "./conditions.ts";
import { EVENTS, type EventData, type EventName, type EventText } from "./events.ts";
import { atLeastRelease, requireUffdWp } from "./kernel.ts";
import {
  begin,
  decodedOf,
  formOf,
  goesAs,
  isHuge,
  isLife,
  isPrivate,
  type Life,
  type LifeOptions,
  registered,
  stateOf,
} from "./life.ts";
import { type Event, eventOf } from "./parse.ts";
import { swpSoftDirty } from "./scene.ts";
import type { Transition } from "./transition.ts";
import { transitions } from "./transitions.ts";
import type { Sight, State } from "./vocabulary.ts";

/** What one event did. */
export interface Step {
  readonly event: Event;
  readonly before: Life;
  readonly after: Life;
  readonly from: State;
  readonly to: State;
  readonly transition: Transition;
  readonly sees: Sight;
}

/**
 * One event in the life of a PTE: the new word, the transition taken, and what user space sees.
 *
 * @throws PtekitError `IMPOSSIBLE_EVENT` where it cannot happen, `NO_UFFD_WP` where the kernel does not write-protect,
 * `NO_SUCH_MARKER`, `NO_MARKER_TYPE`, `NO_SUCH_BIT` where the special PTE cannot be made, `NO_PRESENT_LAYOUT` where
 * present PTEs are not described, `BAD_ARGUMENT` for an event that is not known.
 */
export function step(life: Life, what: EventText | Event): Step {
  if (!isLife(life)) throw new PtekitError("BAD_ARGUMENT", "a life is what begin() and step() give");
  const event = eventOf(what);
  const from = stateOf(life);
  const transition = find(life, event, from);
  const decoded = decodedOf(life);
  const change = perform(transition.does, {
    life,
    decoded,
    ...(event.pfn === undefined ? {} : { pfn: event.pfn }),
    ...(event.slot === undefined ? {} : { slot: event.slot }),
  });
  const sees = seen(life, event, transition.sees ?? "nothing");
  const made: Life = {
    ...life,
    ...change,
    ...(isError(sees) ? {} : aside(life, event)),
    ...prepared(life, event, transition),
  };
  const pinned = (event.name === "pin" && sees === "nothing") || (life.pinned && stays(decoded, made));
  // Markers are PTEs: a page table is made for them.
  const huge = made.huge && stateOf(made) !== "special";
  const after: Life = { ...made, pinned, huge };
  return {
    event,
    before: life,
    after,
    from,
    to: stateOf(after),
    transition,
    sees,
  };
}

/**
 * What gives an anonymous VMA its anon_vma, whatever comes of it: ioctls that fill a range, before they look at anything else,
 * since 6.9 (find_vma_and_prepare_anon()) before they ask whether it is registered; and a write that finds nothing, before
 * do_anonymous_page() asks userfaultfd.
 */
function prepared(life: Life, { name }: Event, { sees }: Transition): Partial<Life> {
  const early = atLeastRelease(life.backend, "6.9");
  // Before, __mcopy_atomic() refused UFFDIO_CONTINUE of what has no page cache first.
  const served = early || !name.startsWith("continue") || isPrivate(life);
  const fills = /^(copy|continue|zeropage|poison|move-onto)/.test(name) && served;
  const looked = registered(life) || early;
  const writes = (name.endsWith("write") || name === "pin") && sees === "uffd-missing message";
  const own = goesAs(life) === "anonymous" || isPrivate(life);
  return own && ((fills && looked) || (writes && !isHuge(life))) ? { anonVma: true } : {};
}

/** Whether the same page is still mapped. */
function stays(before: AnyDecoded, life: Life): boolean {
  const { kind, pfn } = decodedOf(life);
  return kind === "present" && before.kind === kind && before.pfn === pfn;
}

/** What fails changes nothing but what its row says. */
const isError = (sees: Sight): boolean => /^E[A-Z]+$/.test(sees);

/** What the features that were asked for make of it. */
function seen(life: Life, { name }: Event, sees: Sight): Sight {
  const { backend, features } = life;
  if (name === "kernel-read" || name === "kernel-write" || name === "pin") {
    // Up to 6.4 (from memory) io_uring pinned with mmap_lock held, and could not wait for an answer.
    const held = name === "pin" && !atLeastRelease(backend, "6.5");
    const stops = held || features.includes("sigbus") || features.includes("user-mode-only");
    return sees.startsWith("SIG") || (sees.startsWith("uffd-") && stops) ? "EFAULT" : sees;
  }
  if (sees.startsWith("uffd-")) return features.includes("sigbus") ? "SIGBUS" : sees;
  if (sees !== "nothing" || !registered(life)) return sees;
  const removes = name === "dontneed" || name === "madv-free";
  if (removes && features.includes("event-remove")) return "remove message";
  return name === "munmap" && features.includes("event-unmap") ? "unmap message" : sees;
}

/** Every step of a sequence. Stops at the first event that cannot happen, by throwing as {@link step} does. */
export function run(
  backend: ArchBackend,
  events: readonly (EventText | Event)[],
  options: LifeOptions = {},
): Step[] {
  const steps: Step[] = [];
  let life = begin(backend, options);
  for (const event of events) {
    const taken = step(life, event);
    steps.push(taken);
    life = taken.after;
  }
  return steps;
}

const rowsFor = new Map<EventName, Transition[]>();
for (const row of transitions) rowsFor.set(row.event, [...(rowsFor.get(row.event) ?? []), row]);

/** What is followed of a huge PMD; other events split it first, or map its memory by PTEs. */
const FOLLOWED_AT_PMD: readonly EventName[] = [
  "register",
  "register-missing",
  "register-rwp",
  "unregister",
  "close",
  "write-protect",
  "un-protect",
  "rwprotect",
  "un-rwprotect",
  "set-rwp-async",
  "clear-rwp-async",
  "read",
  "write",
  "kernel-read",
  "kernel-write",
  "split",
  "migrate-start",
  "migrate-end",
  "dontneed",
  "munmap",
  "fork",
  "fork-child",
  "mremap",
  "mprotect-none",
  "mprotect-read",
  "mprotect-write",
  "clear-soft-dirty",
  "scan",
];

/** Of these, what leaves a page table behind or not as the kernel is configured, or moves the pages one by one. */
const ENDS_AT_PTES: readonly EventName[] = ["dontneed", "mremap", "migrate-start", "scan"];

/** The first row that fits. */
function find(life: Life, event: Event, from: State): Transition {
  const { backend } = life;
  const data: EventData = EVENTS[event.name];
  const refuse = (why: string): PtekitError =>
    new PtekitError("IMPOSSIBLE_EVENT", `${backend.layout.id}: ${event.name} cannot happen: ${why}`);
  if (!life.mapped) throw refuse("the VMA is gone");
  if (data.since !== undefined && !atLeastRelease(backend, data.since)) {
    throw refuse(`${data.title} came in ${data.since}; this is ${backend.kernel.release}`);
  }
  const followed = FOLLOWED_AT_PMD.includes(event.name) && (life.huge || !ENDS_AT_PTES.includes(event.name));
  if (life.vma === "thp" && !followed)
    throw refuse("of memory that a huge PMD maps, the model follows what happens to the PMD, and its split");
  if (event.name === "register") requireSpecial(life);
  if (event.name === "register-rwp") requireUffdWp(backend);
  const found = rowsFor.get(event.name)?.find((row) => fits(life, row, from));
  if (found) return found;
  const state = from === "none" ? "an empty PTE" : `a PTE that is ${from}`;
  throw refuse(
    `${state}, ${life.vma} VMA${life.wp ? " registered for write-protection" : ""}: ${data.needs}`,
  );
}

/** What is left behind and writable, and what is read-write-protected, goes the way of a protected page, where no row names it. */
const goesFrom = (row: Transition, from: State): boolean =>
  row.moves[from] !== undefined ||
  ((from === "writable-wp" || from === "present-rwp") && row.moves["present-wp"] !== undefined);

function fits(life: Life, row: Transition, from: State): boolean {
  return (
    goesFrom(row, from) &&
    (row.vma === undefined || row.vma.includes(life.vma) || row.vma.includes(goesAs(life))) &&
    (row.design === undefined || row.design === formOf(life.design)) &&
    (row.since === undefined || atLeastRelease(life.backend, row.since)) &&
    (row.until === undefined || !atLeastRelease(life.backend, row.until)) &&
    (row.when ?? []).every((condition) => holds(life, condition))
  );
}

/** Registration needs the bit, and memory of files a special PTE besides. */
function requireSpecial(life: Life): void {
  requireUffdWp(life.backend);
  if (goesAs(life) === "anonymous" && !isPrivate(life)) return;
  if (life.design.by === "swap-type" && typeNumber(life.backend.types, "marker") === undefined) {
    throw new PtekitError(
      "NO_MARKER_TYPE",
      `${life.backend.layout.id}: ${life.backend.kernel.release} cannot write-protect ${life.vma}: it has no PTE marker (5.19 and later)`,
    );
  }
  life.backend.specialPte("uffd-wp", life.design);
}

const UNREGISTERED = { wp: false, missing: false, minor: false, rwp: false } as const;

/** What an event changes beside the PTE. */
function aside(life: Life, event: Event): Partial<Life> {
  switch (event.name) {
    case "register":
      return { wp: true };
    case "register-missing":
      return { missing: true };
    case "register-minor":
      return { minor: true };
    case "register-rwp":
      return { rwp: true };
    case "set-rwp-async":
      return { rwpAsync: true };
    case "clear-rwp-async":
      return { rwpAsync: false };
    case "unregister":
      return UNREGISTERED;
    case "close":
      return { ...UNREGISTERED, leftRegistered: false };
    case "reclaim":
      // What is dirty of a file on a disk is written before it goes.
      if (life.vma === "file") return { pageDirty: false };
      return life.file === "unwritten" && life.page === "file" ? { file: "hole" } : {};
    case "hwpoison":
      // A dirty page of a file stays in the page cache, where every fault meets it; a clean one is read anew.
      if (life.page !== "file") return {};
      if (life.vma.endsWith("file")) return holds(life, "dirty-page") ? { file: "failed" } : {};
      return !life.vma.endsWith("anonymous")
        ? { file: atLeastRelease(life.backend, "5.16") ? "failed" : "hole" }
        : {};
    case "clear-soft-dirty":
      return { newMapping: false };
    // What it moves to was mapped for that.
    case "move":
      return { newMapping: swpSoftDirty(life), anonVma: true, sealed: false };
    case "punch-hole":
      return life.file === "beyond" ? {} : { file: "hole" };
    case "truncate":
      return { file: "beyond" };
    case "zap-locked":
      // A file has a page there again as soon as somebody reads it.
      return life.vma === "shmem" ? { file: "hole" } : { pageDirty: false };
    case "munmap":
      return { mapped: false };
    case "mprotect-none":
      return { accessible: false, readOnly: false };
    case "mprotect-read":
      return { accessible: true, readOnly: true };
    case "mprotect-write":
      return { accessible: true, readOnly: false };
    case "mseal":
      return { sealed: true };
    case "guard-install":
      return { mayGuard: true, anonVma: life.anonVma || life.vma === "anonymous" };
    case "fork-child":
      return life.features.includes("event-fork") ? {} : { ...UNREGISTERED, leftRegistered: false };
    case "mremap-dontunmap":
      return {
        ...(life.features.includes("event-remap") ? {} : UNREGISTERED),
        leftRegistered: life.leftRegistered || registered(life),
      };
    case "mremap":
      return life.features.includes("event-remap") ? {} : UNREGISTERED;
    default:
      return {};
  }
}
