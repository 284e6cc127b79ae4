// What the page asks of its worker, and what comes back: plain data, as a structured clone carries it.
import type { Options, Report, Verdict } from "@ptekit/explain";
import type { State } from "../link.ts";

/** What takes its time, by name: what it needs, what comes of it one by one, and what comes of it in the end. */
export interface Tasks {
  readonly log: {
    readonly asks: { readonly source: string | Blob; readonly options: Options };
    readonly one: Report;
    readonly end: Verdict | null;
  };
  readonly words: {
    readonly asks: { readonly words: readonly string[]; readonly state: State };
    readonly one: Said;
    readonly end: null;
  };
}

export type TaskName = keyof Tasks;

/** One of many words, and what it says. */
export interface Said {
  readonly word: string;
  readonly sentence: string;
  /** What it is, for a count of them; `refused` where it cannot be read. */
  readonly kind: string;
  /** As the command line prints it with --json; null where it is refused. */
  readonly json: string | null;
}

/** What the worker is sent. */
export interface Asked<Name extends TaskName = TaskName> {
  readonly name: Name;
  readonly asks: Tasks[Name]["asks"];
}

/** What comes back, in parts; `end` and `failed` are the last. */
export type Part<Name extends TaskName = TaskName> =
  | { readonly what: "some"; readonly some: readonly Tasks[Name]["one"][] }
  | { readonly what: "end"; readonly end: Tasks[Name]["end"] }
  | { readonly what: "failed"; readonly sentence: string };

/** A task, done: each thing that comes of it, then what comes in the end. */
export type Done<Name extends TaskName> = AsyncGenerator<Tasks[Name]["one"], Tasks[Name]["end"]>;
