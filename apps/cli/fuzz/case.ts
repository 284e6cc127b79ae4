/** One run of the command, as data: it can be kept and run again. */
export interface Case {
  readonly args: readonly string[];
  /** What stands in the folder that it runs in, base64. */
  readonly files: Readonly<Record<string, string>>;
  /** What standard input gives, base64; absent: it is closed. */
  readonly stdin?: string;
  /** What descriptor 3 gives, as `<(…)` would, base64. */
  readonly pipe?: string;
  /** Where standard output goes: to a reader, one that leaves after the first bytes, or a full disk. */
  readonly stdout: "reader" | "leaves" | "full";
  /** A limit of the shell's ulimit: `-v 4000000`. */
  readonly limit?: string;
  /** A signal, and after how many milliseconds. */
  readonly signal?: readonly ["SIGINT" | "SIGTERM" | "SIGHUP", number];
}
