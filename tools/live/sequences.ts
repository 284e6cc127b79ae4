// Which sequences a guest is asked for: the way to every transition that a program can cause there, and random ones from
// the model's own grammar. The model proposes; what the kernel does with it is the truth.
import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { EventName, FeatureName, Life, Step, VmaKind } from "@ptekit/uffd-wp";
import { begin, EVENT_NAMES, FEATURES, step, transitions, VMA_KINDS } from "@ptekit/uffd-wp";
import { random } from "../../packages/conformance-kit/src/random.ts";
import type { Sequence } from "./life-run.ts";

/** What the guest does not cause, and why. */
export const NOT_CAUSED: Readonly<Partial<Record<EventName, string>>> = {
  "migrate-start": "caused together with migrate-end, as `migrate`: the entry is there for a moment only",
  "migrate-end": "caused together with migrate-start, as `migrate`",
  "to-device": "it needs a device driver with memory of its own",
  "swapoff-error": "it needs a swap device that fails",
  khugepaged: "it looks at ranges of 2 MiB; the entry does not change",
};

/** What random sequences leave out: of what follows the split of a huge PMD all of its PTEs decide, and one is followed. */
export const LISTED_ALONE = { kind: "thp", event: "split" } as const;

/** What one event of a sequence is in the model. */
export const modelled = (event: string): readonly EventName[] =>
  event === "migrate" ? ["migrate-start", "migrate-end"] : [event as EventName];

const RANDOM_KINDS = VMA_KINDS.filter((kind) => kind !== LISTED_ALONE.kind);

/** So many of each event are aimed at before anything else. */
const RARE = 20;

const CAUSED: readonly string[] = [
  ...EVENT_NAMES.filter((name) => NOT_CAUSED[name] === undefined && name !== LISTED_ALONE.event),
  "migrate",
];

const start = (backend: ArchBackend, vma: VmaKind, features: readonly FeatureName[]): Life =>
  begin(backend, { vma, features, file: vma.endsWith("file") ? "page" : "hole" });

/** The last of the steps that an event takes; null where the model refuses it. */
function attempt(life: Life, event: string): Step | null {
  // Refusals are frequent, and nobody reads where they were made.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    let taken: Step | undefined;
    for (const name of modelled(event)) taken = step(taken?.after ?? life, name);
    return taken ?? null;
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const offered = (backend: ArchBackend): FeatureName[] =>
  (Object.keys(FEATURES) as FeatureName[]).filter((name) => {
    try {
      begin(backend, { features: [name] });
      return true;
    } catch {
      return false;
    }
  });

/** Random sequences with so many steps together, the same for the same seed. */
export function randomSequences(backend: ArchBackend, seed: number, steps: number): Sequence[] {
  const next = random(BigInt(seed));
  const below = (n: number): number => Number(next() % BigInt(n));
  const all = offered(backend);
  const sequences: Sequence[] = [];
  const often = new Map<string, number>();
  for (let made = 0; made < steps; ) {
    const vma = RANDOM_KINDS[below(10) < 5 ? below(2) : below(RANDOM_KINDS.length)] ?? "anonymous";
    const features = all.filter(() => below(4) === 0);
    const events: string[] = [];
    let life = start(backend, vma, features);
    const length = 5 + below(9);
    while (events.length < length && life.mapped) {
      const event = chosen(life, events, often, below);
      often.set(event, (often.get(event) ?? 0) + 1);
      events.push(event);
      life = attempt(life, event)?.after ?? life;
    }
    made += events.length;
    sequences.push({ vma, features, events });
  }
  return sequences;
}

/**
 * What moves the PTE is likelier than what leaves it, and that is likelier than what the model refuses; what was rare so far is
 * likelier than what was not.
 */
function chosen(
  life: Life,
  so: readonly string[],
  often: ReadonlyMap<string, number>,
  below: (n: number) => number,
): string {
  const weighed = CAUSED.map((event): [string, number] => {
    const taken = attempt(life, event);
    if (taken === null) return [event, 1];
    if (event === "munmap" && so.length < 4) return [event, 0];
    if (event === "register" && !life.wp && !life.rwp) return [event, 70];
    if (event === "register-rwp" && !life.wp && !life.rwp) return [event, 20];
    const registers = event.startsWith("register");
    const weight = registers ? 3 : taken.after.pte !== life.pte ? 12 : taken.sees !== "nothing" ? 8 : 4;
    // swapoff needs what reclaim leaves.
    const before = often.get(event === "reclaim" ? "swapoff" : event) ?? 0;
    return [event, weight * (before < RARE / 2 ? 60 : before < RARE ? 9 : 1)];
  });
  let left = below(weighed.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [event, weight] of weighed) {
    left -= weight;
    if (left < 0) return event;
  }
  return "read";
}

/** For every row of the model that can be reached by what the guest causes, the shortest way to it. */
export function coveringSequences(backend: ArchBackend): Sequence[] {
  const all = offered(backend);
  const left = new Set(transitions);
  const found: Sequence[] = [];
  const sets: FeatureName[][] = [
    [],
    all.filter((name) => name !== "wp-async"),
    all.filter((name) => name === "wp-async"),
    all.filter((name) => name === "wp-unpopulated" || name === "event-fork"),
  ];
  for (const vma of RANDOM_KINDS) {
    for (const features of sets) found.push(...ways(backend, vma, features, left));
  }
  return found;
}

/** So many states are looked at for one kind of memory and one set of features: what is not found then is far away. */
const ENOUGH = 300;

/** Breadth first over what decides; page frames and slots do not. */
function ways(
  backend: ArchBackend,
  vma: VmaKind,
  features: readonly FeatureName[],
  left: Set<(typeof transitions)[number]>,
): Sequence[] {
  const first = start(backend, vma, features);
  const queue: { life: Life; events: readonly string[] }[] = [{ life: first, events: [] }];
  const seen = new Set<string>();
  const found: Sequence[] = [];
  for (let at = 0; at < queue.length; at++) {
    const { life, events } = queue[at] as { life: Life; events: readonly string[] };
    for (const event of CAUSED) {
      const taken = attempt(life, event);
      if (taken === null) continue;
      const after = { ...taken.after, nextPfn: first.nextPfn, nextOffset: first.nextOffset };
      if (left.delete(taken.transition))
        found.push({ vma, features, events: [...events, event, ...(taken.after.mapped ? ["write"] : [])] });
      const { backend: _, ...rest } = after;
      const key = JSON.stringify(rest, (_, value) => (typeof value === "bigint" ? `${value}` : value));
      if (seen.has(key) || events.length > 6 || seen.size > ENOUGH) continue;
      seen.add(key);
      queue.push({ life: after, events: [...events, event] });
    }
  }
  return found;
}
