/** Every code a {@link DumpError} can carry. Codes are stable; sentences may be reworded. */
export type DumpErrorCode =
  /** A caller's mistake. */
  | "BAD_ARGUMENT"
  /** The operating system refuses to open or to read a file. */
  | "BAD_FILE"
  /** Nothing in the file says that it is a dump. */
  | "NOT_A_DUMP"
  /** A known form of file that holds no physical memory in a form read here. */
  | "UNSUPPORTED_DUMP"
  /** A dump whose header cannot be right: contradictory, cut short, or larger than any machine. */
  | "BAD_DUMP"
  /** The dump is compressed in a way for which no decompressor was given. */
  | "NO_DECOMPRESSOR";

/** What this package throws: a stable `code`, and a sentence that names the file and what is wrong with it. */
export class DumpError extends Error {
  override readonly name = "DumpError";
  /** Stable across releases; the sentence is not. */
  readonly code: DumpErrorCode;

  constructor(code: DumpErrorCode, sentence: string) {
    super(`${code}: ${sentence}`);
    this.code = code;
  }
}
