// What every release of an architecture says in each column, from its data.
import type { Architecture, Features } from "@ptekit/core";
import { featuresOf, mainlineReleases, targetsAt, turningPoints } from "@ptekit/core";
import type { Column, Told } from "./columns.ts";
import { columns } from "./columns.ts";

/** An answer, and from which release on it holds. */
export interface Step extends Told {
  /** The place of the release among the mainline releases. */
  readonly at: number;
  readonly since: string;
  /** Of a flag that is there: the first release of those without a gap that have it. */
  readonly first: string | null;
  readonly layouts: readonly string[];
}

/** A column of an architecture, its steps newest first. */
export interface Cell {
  readonly column: Column;
  readonly steps: readonly Step[];
}

/** A row of the matrix. */
export interface Row {
  readonly arch: Architecture;
  readonly cells: readonly Cell[];
}

export function rowOf(arch: Architecture): Row {
  const kernels = turningPoints(arch).map((release) => ({ release, features: featuresAt(arch, release) }));
  return {
    arch,
    cells: columns.map((column) => ({ column, steps: stepsOf(arch, column, kernels).reverse() })),
  };
}

/** One for each layout that some configuration of the release has, with all on that it can select; none where it has none. */
function featuresAt(arch: Architecture, release: string): Features[] {
  const removed = arch.removed && isFrom(arch.removed.in, release);
  return removed ? [] : targetsAt(arch, release).map((target) => featuresOf(arch.for(target)));
}

const order = mainlineReleases();
const isFrom = (first: string, release: string): boolean => order.indexOf(release) >= order.indexOf(first);

function stepsOf(
  arch: Architecture,
  column: Column,
  kernels: readonly { readonly release: string; readonly features: readonly Features[] }[],
): Step[] {
  const steps: Step[] = [];
  for (const { release, features } of kernels) {
    const told = features.length === 0 ? none(arch, steps.length > 0) : tell(arch, column, features);
    if (told === null) continue;
    const last = steps.at(-1);
    const isThere = told.state === "yes" || told.state === "part";
    const first = column.isFlag && isThere ? (last?.first ?? release) : null;
    const step = { ...told, at: order.indexOf(release), since: release, first };
    const layouts = features.map(({ layout }) => layout);
    if (last && sameAnswer(last, step))
      steps[steps.length - 1] = { ...last, layouts: merged(last.layouts, layouts) };
    else steps.push({ ...step, layouts });
  }
  return steps;
}

function tell(arch: Architecture, column: Column, features: readonly Features[]): Told {
  const told = column.tell(features);
  const unselected = (arch.unselected ?? []).find(({ flag }) => flag === column.id);
  if (told.state !== "no" || !unselected) return told;
  return {
    ...told,
    state: "written",
    text: "written, never selected",
    reason: `It is written under ${unselected.symbol}, which no configuration of it selects. ${told.reason.replace(/^No header of it has it\. /, "")}`,
    citations: [unselected.citation],
  };
}

/** A release without the architecture: dropped; before what is described nothing is said. */
function none({ removed, name }: Architecture, wasThere: boolean): Told | null {
  if (!wasThere || !removed) return null;
  const reason = `${name} was removed in ${removed.in}.`;
  return { state: "gone", text: `removed in ${removed.in}`, when: [], reason, citations: [removed.citation] };
}

const sameAnswer = (a: Told, b: Told): boolean =>
  a.state === b.state && a.text === b.text && a.reason === b.reason && a.when.join() === b.when.join();

const merged = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
