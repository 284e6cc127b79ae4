import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { FileForm } from "@ptekit/dump";
import { fileForm } from "@ptekit/dump";
import { UsageError } from "./errors.ts";

/** What a file is asked to be. */
export type Wanted = "PTEs" | "words" | "a log";

/**
 * Refuses a file that begins as another kind of file does, and says what to do instead.
 *
 * @throws UsageError
 */
export function refuseOther(name: string, head: Uint8Array, wanted: Wanted): void {
  const form = fileForm(head);
  // What explains a log reads UTF-16.
  if (form === null || (form.kind === "utf-16" && wanted === "a log")) return;
  throw new UsageError(`${name} is ${form.is}${instead(form, wanted)}`);
}

function instead({ kind }: FileForm, wanted: Wanted): string {
  if (kind === "dump")
    return wanted === "PTEs"
      ? ": a dump is read from a file, as in ptekit census FILE"
      : ": ptekit scan FILE reads dumps";
  if (kind === "pagemap")
    return ": no page-table entries; ptekit decode --pagemap takes such words as text (od -An -v -t x8 FILE), ptekit pagemap PID a running process";
  if (kind === "utf-16") return `, no ${wanted === "PTEs" ? "page-table entries" : wanted}`;
  return "";
}

const HEAD_BYTES = 65_536;

/** The first bytes of a file; none of what is no plain file, or cannot be opened: what is read from a pipe is gone. */
export function headOf(path: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) return new Uint8Array(0);
    const fd = openSync(path, "r");
    try {
      const head = new Uint8Array(HEAD_BYTES);
      return head.subarray(0, readSync(fd, head, 0, head.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return new Uint8Array(0);
  }
}
