/** Every code a {@link PtekitError} can carry. Codes are stable; sentences may be reworded. */
export type PtekitErrorCode =
  | "BAD_ARGUMENT"
  | "BAD_CITATION"
  | "BAD_FILE"
  | "BAD_LAYOUT"
  | "BAD_WORD"
  | "BIT_CLAIMED"
  | "WORD_TOO_WIDE"
  | "OFFSET_TOO_WIDE"
  | "TYPE_TOO_WIDE"
  | "PFN_TOO_WIDE"
  | "NO_SUCH_FLAG"
  | "NO_SUCH_TYPE"
  | "NO_SUCH_MARKER"
  | "NO_MARKER_TYPE"
  | "NO_SUCH_BIT"
  | "NO_AD_BITS"
  | "NO_GEOMETRY"
  | "NO_PRESENT_LAYOUT"
  | "NO_UFFD_WP"
  | "IMPOSSIBLE_EVENT"
  | "NO_LAYOUT"
  | "UNKNOWN_RELEASE"
  | "UNKNOWN_OPTION"
  | "UNKNOWN_CONFIG"
  | "UNKNOWN_CPU"
  | "UNKNOWN_BACKPORT"
  | "UNKNOWN_ARCH"
  | "NO_VMCOREINFO"
  | "NO_KERNEL";

/** What an error names beside its sentence. */
export interface PtekitErrorDetails extends ErrorOptions {
  /** The row of a list of values, from 0 on. */
  readonly row?: number;
  /** The largest value that would have been taken, of the value's own type. */
  readonly limit?: bigint | number;
}

/**
 * What ptekit throws. `code` is stable; `message` is a sentence that names the layout, the value and the limit.
 * `String(error)` is `CODE: sentence`.
 */
export class PtekitError extends Error {
  override readonly name = "PtekitError";
  /** Stable across releases; the sentence is not. */
  readonly code: PtekitErrorCode;
  /** The row that is meant, where a list of values was given; else absent. */
  declare readonly row?: number;
  /** The largest value that would have been taken, where one was too large; else absent. */
  declare readonly limit?: bigint | number;

  constructor(code: PtekitErrorCode, sentence: string, { row, limit, ...options }: PtekitErrorDetails = {}) {
    super(sentence, options);
    this.code = code;
    if (row !== undefined) this.row = row;
    if (limit !== undefined) this.limit = limit;
  }

  /** `CODE: sentence` */
  override toString(): string {
    return `${this.code}: ${this.message}`;
  }
}
