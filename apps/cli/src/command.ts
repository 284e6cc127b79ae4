import type { Output } from "./output.ts";

/** An option of a command: `--arch <A>`. */
export interface Option {
  /** The long name without dashes. */
  readonly name: string;
  /** How its value is called in the help; absent: a switch without a value. */
  readonly value?: string;
  /** It may be given more than once. */
  readonly many?: boolean;
  readonly required?: boolean;
  readonly help: string;
}

/** What a command takes beside its options. */
export interface Argument {
  readonly name: string;
  readonly required?: boolean;
  /** It takes all that follow. */
  readonly many?: boolean;
  readonly help: string;
}

/** A command line that can be copied, and what it shows. A test runs each one. */
interface Example {
  readonly line: string;
  readonly shows: string;
  /** What to give it on standard input. */
  readonly stdin?: string;
  /** Exit status, where it is not 0. */
  readonly exit?: 1 | 2;
}

/** The values of a command line. */
export interface Given {
  /** The name of the command. */
  readonly command: string;
  readonly args: readonly string[];
  /** The value of an option, or undefined where it is not given. */
  text(name: string): string | undefined;
  /** The values of an option that may be given more than once. */
  list(name: string): readonly string[];
  /** Whether a switch is given. */
  has(name: string): boolean;
}

/** A command: help, docs/cli.md and behaviour from one object. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What a reader of the manual should know, one paragraph an entry. */
  readonly description: readonly string[];
  readonly arguments?: readonly Argument[];
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
  /** Does it; what comes back is the exit status: 0, or 1 where the answer is "no". */
  run(given: Given, out: Output): Promise<number>;
}
