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

/** What ptekit throws: a stable `code`, and a sentence that names the layout, the value and the limit. */
export class PtekitError extends Error {
  override readonly name = "PtekitError";
  /** Stable across releases; the sentence is not. */
  readonly code: PtekitErrorCode;

  constructor(code: PtekitErrorCode, sentence: string) {
    super(`${code}: ${sentence}`);
    this.code = code;
  }
}
