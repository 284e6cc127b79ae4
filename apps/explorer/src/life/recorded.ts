import type { Target } from "@ptekit/core";
import type { ObservedLife } from "@ptekit/uffd-wp";

/** A life file: what a running kernel did with single pages. */
export interface RecordedFile {
  readonly name: string;
  readonly arch: string;
  readonly release: string;
  readonly target: Target;
  readonly lives: readonly RecordedLife[];
}

/** What happened to one page of it: event, what user space saw, the word, the word of pagemap. */
export interface RecordedLife extends Pick<ObservedLife, "vma" | "features"> {
  readonly number: number;
  readonly why: string;
  readonly steps: readonly (readonly [event: string, saw: string, pte: string, pagemap: string])[];
}

/** For each transition of the model, in its order: in which sequence of which file a kernel did the same. */
export interface LifeProof {
  readonly names: readonly string[];
  readonly seen: readonly (readonly (readonly [file: number, sequence: number])[])[];
}

/** A recorded life as `replay()` takes it. */
export const observed = ({ vma, features, steps }: RecordedLife): ObservedLife => ({
  vma,
  features,
  steps: steps.map(([event, saw, pte, pagemap]) => ({
    event,
    saw,
    pte: BigInt(pte),
    pagemap: BigInt(pagemap),
  })),
});
