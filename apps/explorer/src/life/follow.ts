// From a state to a life: its steps, and what could happen next. Nothing here knows the page.
import type { ArchBackend, Architecture, SpecialPteOptions } from "@ptekit/core";
import { NEWEST_RELEASE, PtekitError } from "@ptekit/core";
import type { Comparison, EventName, Life, LifeOptions, Step, Verdict } from "@ptekit/uffd-wp";
import { begin, compare, EVENT_NAMES, parseEvent, replay, step } from "@ptekit/uffd-wp";
import type { LifeState } from "./link.ts";
import type { RecordedFile, RecordedLife } from "./recorded.ts";
import { observed } from "./recorded.ts";

/** One step as it is shown. */
export interface Shown {
  readonly event: string;
  /** What the model did; why it could not; or null where it does not follow. */
  readonly taken: Step | PtekitError | null;
  /** By the other design, where both are compared. */
  readonly other: Step | PtekitError | null;
  /** Of both: whether user space sees the same. */
  readonly agree: boolean;
  /** Why the two have come apart. */
  readonly differences: Comparison["differences"];
  /** Of a recorded life: what the kernel did, and whether the model does the same. */
  readonly kernel: { readonly pte: bigint; readonly saw: string; readonly verdict: Verdict } | null;
}

/** A life that was followed to its end, or to what cannot happen. */
export interface Followed {
  readonly backend: ArchBackend;
  readonly start: Life;
  readonly shown: readonly Shown[];
  /** After the step that is looked at. */
  readonly life: Life;
}

/** Why an event cannot happen next; null where it can. */
export interface Next {
  readonly event: EventName;
  readonly why: string | null;
}

/**
 * The life of a state.
 *
 * @throws PtekitError where it cannot begin.
 */
export function follow(
  arch: Architecture,
  state: LifeState,
  recorded: { readonly file: RecordedFile; readonly life: RecordedLife } | null,
): Followed {
  if (recorded) return recordedLife(arch.for(recorded.file.target), recorded.life, state.step);
  const release = state.release === "latest" ? NEWEST_RELEASE : state.release;
  const backend = arch.for({ release });
  const options: LifeOptions = { vma: state.vma, features: state.features };
  const design: SpecialPteOptions = { by: state.by === "compare" ? "swap-type" : state.by };
  const start = begin(backend, { ...options, design });
  const shown = state.by === "compare" ? both(backend, state, options) : one(start, state.events);
  return { backend, start, shown, life: lifeAt(start, shown, state.step) };
}

function lifeAt(start: Life, shown: readonly Shown[], at: number): Life {
  const taken = shown.slice(0, at).flatMap((one) => (one.taken && "after" in one.taken ? [one.taken] : []));
  return taken.at(-1)?.after ?? start;
}

function one(start: Life, events: readonly string[]): Shown[] {
  let life = start;
  return events.map((event) => {
    const taken = attempt(() => step(life, parseEvent(event)));
    if (!(taken instanceof PtekitError)) life = taken.after;
    return { ...alone(event), taken };
  });
}

/** A step that nothing stands beside. */
const alone = (event: string): Shown => ({
  event,
  taken: null,
  other: null,
  agree: true,
  differences: [],
  kernel: null,
});

function both(backend: ArchBackend, { events }: LifeState, options: LifeOptions): Shown[] {
  return events.map((event, i) => {
    const all = attempt(() => compare(backend, events.slice(0, i + 1).map(parseEvent), options));
    if (all instanceof PtekitError) return { ...alone(event), taken: all };
    const last = all[i] as Comparison;
    const { merged, proposed, agree, differences } = last;
    return { ...alone(event), taken: merged, other: proposed, agree, differences };
  });
}

function recordedLife(backend: ArchBackend, life: RecordedLife, at: number): Followed {
  const seen = observed(life);
  const verdicts = replay(backend, seen);
  const start = begin(backend, { vma: life.vma, features: life.features });
  const shown = seen.steps.map(({ event, saw, pte }, i): Shown => {
    const verdict = verdicts[i] as Verdict;
    return { ...alone(event), taken: verdict.step ?? null, kernel: { pte, saw, verdict } };
  });
  return { backend, start, shown, life: lifeAt(start, shown, at) };
}

/** What could happen after this, and why the rest could not. */
export const nextEvents = (life: Life): readonly Next[] =>
  EVENT_NAMES.map((event) => {
    const taken = attempt(() => step(life, event));
    return { event, why: taken instanceof PtekitError ? taken.message : null };
  });

function attempt<T>(work: () => T): T | PtekitError {
  try {
    return work();
  } catch (error) {
    if (error instanceof PtekitError) return error;
    throw error;
  }
}
