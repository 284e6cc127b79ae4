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
  "BIT_CLAIMED",
];

/** The exit status of a command that ends with an error of that code. */
export const statusOf = (code: string): 1 | 2 => ((NO as readonly string[]).includes(code) ? 1 : 2);

/** The exit status and the sentence for anything thrown; a stack trace is never part of it. */
export function verdict(error: unknown): { readonly status: 1 | 2; readonly sentence: string } {
  if (!(error instanceof Error)) return { status: 2, sentence: shortened(String(error)) };
  if (error instanceof NoError) return { status: 1, sentence: shortened(error.message) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const sentence = error instanceof PtekitError ? String(error) : error.message;
  return { status: statusOf(code), sentence: shortened(sentence) };
}

const LONGEST = 1000;

/** What was given stands in a sentence, of which a megabyte of it would leave nothing to read. */
const shortened = (sentence: string): string =>
  sentence.length <= LONGEST
    ? sentence
    : `${sentence.slice(0, LONGEST / 2)} … ${sentence.slice(-LONGEST / 2)} (${sentence.length} characters)`;

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
  ENXIO: "it is a socket, or a device that is not there",
  EIO: "an input/output error",
  ETXTBSY: "it is a program that runs",
  Z_DATA_ERROR: "it begins as a packed file and goes on as none",
  Z_BUF_ERROR: "it is packed, and cut off",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
  ERR_STRING_TOO_LONG: "it is longer than a text can be",
};

/** The errno name of a system error, or an empty text. */
export const errnoOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** `permission denied` for a system error. */
export function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  return systemReasons[code] ?? (code === "" ? String(error) : code);
}
