// What the page asks of its worker, and what comes back: plain data, as a structured clone carries it.
import type { Options, Report, Verdict } from "@ptekit/explain";
import type { ProcessScan } from "@ptekit/introspect";
import type { ToldJson } from "../../../cli/src/scan/told.ts";
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
  /** Files that were dropped: a log, or a dump in one file or several. */
  readonly file: {
    readonly asks: { readonly files: readonly File[]; readonly options: Options };
    readonly one: { readonly report: Report } | FoundKernel | FoundProcess;
    readonly end: Verdict | null;
  };
  /** From a process of a dump to the entry of an address. */
  readonly way: {
    readonly asks: { readonly files: readonly File[]; readonly pid: number; readonly address: string };
    readonly one: never;
    readonly end: FoundWay;
  };
}

/** The way to an address of a dump. */
export interface FoundWay {
  readonly sentence: string;
  readonly kernel: { readonly arch: string } & Pick<State, "release" | "cpu" | "config">;
  readonly address: string;
  readonly steps: readonly {
    readonly level: string;
    readonly at: string;
    readonly entry: string;
    readonly says: string;
  }[];
  /** As the command line prints it with --json. */
  readonly json: string;
}

/** The kernel in a dump: what is told of it in lines, the first the head; and as the command line prints it with --json. */
export interface FoundKernel {
  readonly kernel: readonly string[];
  readonly json: string;
  /** What stands on every line of a scan. */
  readonly keys: object;
}

/** A process of a dump: what its tables hold, and what is suspicious in them. */
export interface FoundProcess {
  readonly scan: ProcessScan;
  readonly told: readonly ToldJson[];
  readonly json: string;
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
