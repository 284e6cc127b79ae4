import type { PtekitErrorCode } from "@ptekit/core";
import { PtekitError } from "@ptekit/core";

/** The command line is wrong: exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The question was understood and the answer is no: exit status 1. */
export class NoError extends Error {
  override readonly name = "NoError";
}

/** A layout that cannot hold a value answers "no"; a word or name that means nothing is wrong usage. */
const NO: readonly PtekitErrorCode[] = [
  "OFFSET_TOO_WIDE",
  "TYPE_TOO_WIDE",
  "PFN_TOO_WIDE",
  "NO_SUCH_FLAG",
  "NO_SUCH_TYPE",
  "NO_SUCH_MARKER",
  "NO_MARKER_TYPE",
  "NO_SUCH_BIT",
  "NO_AD_BITS",
  "NO_GEOMETRY",
  "NO_PRESENT_LAYOUT",
  "NO_UFFD_WP",
  "IMPOSSIBLE_EVENT",
  "NO_LAYOUT",
];

/** The exit status and the sentence for anything thrown; a stack trace is never part of it. */
export function verdict(error: unknown): { readonly status: 1 | 2; readonly sentence: string } {
  if (!(error instanceof Error)) return { status: 2, sentence: String(error) };
  if (error instanceof NoError) return { status: 1, sentence: error.message };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const sentence = error instanceof PtekitError ? String(error) : error.message;
  return { status: (NO as readonly string[]).includes(code) ? 1 : 2, sentence };
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "not a directory",
  ENOSPC: "no space left on the device",
  EROFS: "read-only file system",
  ESRCH: "no such process",
  EEXIST: "it is there already",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** The errno name of a system error, or an empty text. */
export const errnoOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** `permission denied` for a system error. */
export function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  return systemReasons[code] ?? (code === "" ? String(error) : code);
}
