import type { ArchBackend, Decoded, SpecialPteOptions } from "@ptekit/core";
import { emptyPte, hex, PtekitError, typeNumber } from "@ptekit/core";
import { perform } from "./actions.js";
import { holds } from "./conditions.js";
import { EVENTS, type EventData, type EventName } from "./events.js";
import { atLeastRelease, requireUffdWp } from "./kernel.js";
import { type Event, parseEvent } from "./parse.js";
import type { Transition } from "./transition.js";
import { transitions } from "./transitions.js";
import type { FeatureName, Sight, State, VmaKind } from "./vocabulary.js";
import { FEATURES, VMA_KINDS } from "./vocabulary.js";

/** One PTE, and what the kernel knows of its VMA and page. */
export interface Life {
  readonly backend: ArchBackend;
  /** How the special PTE is made. */
  readonly design: SpecialPteOptions;
  readonly vma: VmaKind;
  readonly features: readonly FeatureName[];
  readonly pte: bigint;
  /** VM_UFFD_WP */
  readonly wp: boolean;
  /** VM_UFFD_MISSING */
  readonly missing: boolean;
  /** False after munmap(). */
  readonly mapped: boolean;
  /** False under PROT_NONE. */
  readonly accessible: boolean;
  /** VM_MAYBE_GUARD */
  readonly mayGuard: boolean;
  /** The page that the PTE maps. */
  readonly page: "none" | "zero" | "anon" | "file";
  /** PageAnonExclusive(), and pte_swp_exclusive() after it. */
  readonly exclusive: boolean;
  /** What the file has at that offset, in the page cache or in swap. */
  readonly file: "page" | "hole" | "beyond";
  /** The page frame that the next page gets, where an event names none. */
  readonly nextPfn: bigint;
  /** The swap offset that the next page gets, where an event names none. */
  readonly nextOffset: bigint;
}

/** How a life begins. */
export interface LifeOptions {
  /** Default: anonymous. */
  readonly vma?: VmaKind;
  /** Default: by swap type, as merged. */
  readonly design?: SpecialPteOptions;
  readonly features?: readonly FeatureName[];
  /** The PTE to begin with. Default: the empty PTE. */
  readonly pte?: bigint;
  /** Whether the VMA is registered for write-protection from the start. Default: no. */
  readonly wp?: boolean;
  /** What the file has at that offset. Default: a page where the PTE to begin with maps one, a hole otherwise. */
  readonly file?: Life["file"];
}

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
 * The life of a PTE, before anything has happened to it.
 *
 * @throws PtekitError `UNKNOWN_OPTION` for a VMA kind or feature that is not known or not there yet, `NO_UFFD_WP`,
 * `BAD_WORD`, `WORD_TOO_WIDE`, `IMPOSSIBLE_EVENT` for a PTE that the model does not follow.
 */
export function begin(backend: ArchBackend, options: LifeOptions = {}): Life {
  const { vma = "anonymous", design = { by: "swap-type" }, features = [], wp = false } = options;
  if (!VMA_KINDS.includes(vma)) {
    throw new PtekitError("UNKNOWN_OPTION", `a VMA is ${VMA_KINDS.join(", ")}, not ${String(vma)}`);
  }
  for (const feature of features) checkFeature(backend, feature);
  const pte = options.pte ?? emptyPte(backend.layout);
  const { kind, exclusive } = backend.decode(pte);
  const anonymous = vma === "anonymous";
  const mapsPage = ["present", "migration", "device-private"].includes(kind);
  const life: Life = {
    backend,
    design,
    vma,
    features: features.includes("wp-async")
      ? [...new Set([...features, "wp-unpopulated" as const])]
      : features,
    pte,
    wp: false,
    missing: false,
    mapped: true,
    accessible: true,
    mayGuard: false,
    page: mapsPage ? (anonymous ? "anon" : "file") : "none",
    exclusive: anonymous && (exclusive === true || mapsPage),
    file: options.file ?? (mapsPage ? "page" : "hole"),
    nextPfn: vma === "hugetlb" ? 0x10000n : 0x1000n,
    nextOffset: 0x10n,
  };
  stateOf(life);
  return wp ? step(life, "register").after : life;
}

function checkFeature(backend: ArchBackend, feature: FeatureName): void {
  if (!Object.hasOwn(FEATURES, feature)) {
    throw new PtekitError(
      "UNKNOWN_OPTION",
      `a feature is ${Object.keys(FEATURES).join(", ")}, not ${String(feature)}`,
    );
  }
  const { kernel, since } = FEATURES[feature];
  if (!atLeastRelease(backend, since)) {
    throw new PtekitError("UNKNOWN_OPTION", `${kernel} came in ${since}; this is ${backend.kernel.release}`);
  }
  if (feature.startsWith("wp-")) requireUffdWp(backend);
}

const decodings = new WeakMap<Life, Decoded>();

/** What the PTE says, read once. */
export function decodedOf(life: Life): Decoded {
  const known = decodings.get(life);
  if (known) return known;
  const decoded = life.backend.decode(life.pte);
  decodings.set(life, decoded);
  return decoded;
}

/** What the PTE is now. */
export function stateOf(life: Life): State {
  const { backend, design, pte } = life;
  if (design.by === "bit" && specialByBit(life)) return "special";
  const decoded = decodedOf(life);
  const wp = decoded.uffdWp === true;
  switch (decoded.kind) {
    case "none":
      return "none";
    case "present":
      return wp ? "present-wp" : "present";
    case "swap":
      return wp ? "swap-wp" : "swap";
    case "migration":
      return wp ? "migration-wp" : "migration";
    case "device-private":
      return wp ? "device-wp" : "device";
    case "hwpoison":
      return "hwpoison";
    case "swapin-error":
      return "poisoned";
    case "marker":
      return markerState(decoded.markers ?? []);
    default:
      throw new PtekitError(
        "IMPOSSIBLE_EVENT",
        `${backend.layout.id}: ${hex(pte, backend.layout.pteBits)} is ${decoded.kind}, which the model does not follow`,
      );
  }
}

/** Poison goes before guard, guard before uffd-wp: see handle_pte_marker() in mm/memory.c (as of Linux v7.2). */
function markerState(markers: readonly string[]): State {
  if (markers.includes("poisoned") || markers.includes("swapin-error")) return "poisoned";
  if (markers.includes("guard")) return "guard";
  return markers.includes("uffd-wp") ? "special" : "empty";
}

function specialByBit({ backend, design, pte }: Life): boolean {
  try {
    return backend.isSpecialPte(pte, design);
  } catch (error) {
    if (error instanceof PtekitError && error.code === "NO_SUCH_BIT") return false;
    throw error;
  }
}

/** What an event changes beside the PTE. */
function aside(life: Life, event: Event): Partial<Life> {
  switch (event.name) {
    case "register":
      return { wp: true };
    case "register-missing":
      return { missing: true };
    case "unregister":
      return { wp: false, missing: false };
    case "punch-hole":
      return life.file === "page" ? { file: "hole" } : {};
    case "truncate":
      return { file: "beyond" };
    case "zap-locked":
      return { file: "hole" };
    case "munmap":
      return { mapped: false };
    case "mprotect-none":
      return { accessible: false };
    case "mprotect-write":
      return { accessible: true };
    case "guard-install":
      return { mayGuard: true };
    case "fork-child":
      return life.features.includes("event-fork") ? {} : { wp: false, missing: false };
    case "mremap":
      return life.features.includes("event-remap") ? {} : { wp: false, missing: false };
    default:
      return {};
  }
}

/**
 * One event in the life of a PTE: the new word, the transition taken, and what user space sees.
 *
 * @throws PtekitError `IMPOSSIBLE_EVENT` where it cannot happen, `NO_UFFD_WP` where the kernel does not write-protect,
 * `NO_SUCH_MARKER`, `NO_MARKER_TYPE`, `NO_SUCH_BIT` where the special PTE cannot be made, `NO_PRESENT_LAYOUT` where
 * present PTEs are not described, `BAD_ARGUMENT` for an event that is not known.
 */
export function step(life: Life, what: string | Event): Step {
  const event = typeof what === "string" ? parseEvent(what) : what;
  const from = stateOf(life);
  const transition = find(life, event, from);
  const decoded = decodedOf(life);
  const change = perform(transition.does, {
    life,
    decoded,
    ...(event.pfn === undefined ? {} : { pfn: event.pfn }),
    ...(event.slot === undefined ? {} : { slot: event.slot }),
  });
  const after: Life = { ...life, ...change, ...aside(life, event) };
  return {
    event,
    before: life,
    after,
    from,
    to: stateOf(after),
    transition,
    sees: transition.sees ?? "nothing",
  };
}

/** Every step of a sequence. Stops at the first event that cannot happen, by throwing as {@link step} does. */
export function run(
  backend: ArchBackend,
  events: readonly (string | Event)[],
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
  if (event.name === "register") requireSpecial(life);
  const found = rowsFor.get(event.name)?.find((row) => fits(life, row, from));
  if (found) return found;
  const state = from === "none" ? "an empty PTE" : `a PTE that is ${from}`;
  throw refuse(
    `${state}, ${life.vma} VMA${life.wp ? " registered for write-protection" : ""}: ${data.needs}`,
  );
}

function fits(life: Life, row: Transition, from: State): boolean {
  return (
    row.moves[from] !== undefined &&
    (row.vma === undefined || row.vma.includes(life.vma)) &&
    (row.design === undefined || row.design === life.design.by) &&
    (row.since === undefined || atLeastRelease(life.backend, row.since)) &&
    (row.until === undefined || !atLeastRelease(life.backend, row.until)) &&
    (row.when ?? []).every((condition) => holds(life, condition))
  );
}

/** Registration needs the bit, and memory of files a special PTE besides. */
function requireSpecial(life: Life): void {
  requireUffdWp(life.backend);
  if (life.vma === "anonymous") return;
  if (life.design.by === "swap-type" && typeNumber(life.backend.types, "marker") === undefined) {
    throw new PtekitError(
      "NO_MARKER_TYPE",
      `${life.backend.layout.id}: ${life.backend.kernel.release} cannot write-protect ${life.vma}: it has no PTE marker (5.19 and later)`,
    );
  }
  life.backend.specialPte("uffd-wp", life.design);
}
