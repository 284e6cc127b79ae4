import type { ArchBackend } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";
import type { DifferenceName } from "./differences.ts";
import type { EventText } from "./events.ts";
import { begin, decodedOf, goesAs, type Life, type LifeOptions } from "./life.ts";
import { pagemapOf } from "./pagemap.ts";
import { type Event, eventOf } from "./parse.ts";
import { type Step, step } from "./step.ts";

/** One event, in the life of two PTEs that differ in how the special PTE is made. */
export interface Comparison {
  readonly event: Event;
  /** By swap type, as merged in 5.19; or why it cannot happen. */
  readonly merged: Step | PtekitError;
  /** By bit, as proposed in 2021; or why it cannot happen. */
  readonly proposed: Step | PtekitError;
  /** Whether user space sees the same, and the PTE is in the same state. */
  readonly agree: boolean;
  /** Why the two lives have come apart, in this event or before it; empty while they agree in everything. */
  readonly differences: readonly DifferenceName[];
}

/**
 * Both designs side by side on one sequence. An event that one design refuses leaves that life as it was; one that
 * both refuse for the same reason is refused.
 *
 * @throws PtekitError as `step`, where neither design can go on.
 */
export function compare(
  backend: ArchBackend,
  events: readonly (EventText | Event)[],
  options: Omit<LifeOptions, "design"> & { readonly bit?: number } = {},
): Comparison[] {
  const { bit, ...rest } = options;
  let merged = begin(backend, { ...rest, design: { by: "swap-type" } });
  let proposed = begin(backend, {
    ...rest,
    design: { by: "bit", ...(bit === undefined ? {} : { bit }) },
  });
  const found = new Set<DifferenceName>();
  return events.map((what) => {
    const event = eventOf(what);
    const a = attempt(merged, event);
    const b = attempt(proposed, event);
    if (a instanceof PtekitError && b instanceof PtekitError && found.size === 0) throw a;
    for (const name of explain(a, b)) found.add(name);
    merged = a instanceof PtekitError ? merged : a.after;
    proposed = b instanceof PtekitError ? proposed : b.after;
    return { event, merged: a, proposed: b, agree: agrees(a, b), differences: [...found] };
  });
}

function attempt(life: Life, event: Event): Step | PtekitError {
  try {
    return step(life, event);
  } catch (error) {
    if (error instanceof PtekitError) return error;
    throw error;
  }
}

function agrees(a: Step | PtekitError, b: Step | PtekitError): boolean {
  if (a instanceof PtekitError || b instanceof PtekitError) return a === b;
  return a.sees === b.sees && a.to === b.to;
}

function explain(a: Step | PtekitError, b: Step | PtekitError): DifferenceName[] {
  if (a instanceof PtekitError || b instanceof PtekitError) {
    const refusals = [a, b].flatMap((result) => (result instanceof PtekitError ? [result.code] : []));
    return refusals.flatMap((code): DifferenceName[] => {
      if (code === "NO_SUCH_MARKER") return ["no room"];
      if (code === "NO_MARKER_TYPE") return ["older kernels"];
      return code === "NO_SUCH_BIT" ? ["no bit"] : [];
    });
  }
  const anonymous = a.to === "special" && b.to === "none" && goesAs(a.after) === "anonymous";
  if (anonymous) return ["anonymous memory"];
  if (a.to !== "special" || b.to !== "special") return [];
  const softDirty = decodedOf(a.after).softDirty === true;
  const pagemap = pagemapOf(a.after).swapped !== pagemapOf(b.after).swapped;
  return [...(softDirty ? (["soft-dirty"] as const) : []), ...(pagemap ? (["pagemap"] as const) : [])];
}
