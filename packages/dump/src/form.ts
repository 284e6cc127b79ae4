// What a file is that somebody takes for something else.
import { isElf } from "./elf.ts";
import { isFlattened } from "./flattened.ts";
import { isKdump } from "./kdump/header.ts";
import { limeForm } from "./lime.ts";
import { isDump } from "./open.ts";
import { otherForm } from "./other-forms.ts";
import { isPagemap } from "./pagemap.ts";

/** What a file is by how it begins. */
export interface FileForm {
  /** `dump`: openDump() reads it. `other`: of another form that is known. */
  readonly kind: "dump" | "pagemap" | "utf-16" | "other";
  /** What it is, and where something must be done first, what: `an ELF core`, `compressed with xz; decompress it first`. */
  readonly is: string;
}

/**
 * What a file is that begins with `head` (a page of it is enough, more tells a pagemap more surely); null where its
 * beginning says nothing: text, raw memory, page tables.
 */
export function fileForm(head: Uint8Array): FileForm | null {
  if (isDump(head)) return { kind: "dump", is: dumpForm(head) };
  if (isElf(head)) return { kind: "other", is: "an ELF program, library or kernel image" };
  const other = otherForm(head);
  if (other !== null) return { kind: "other", is: other };
  if (isPagemap(head)) return { kind: "pagemap", is: "what /proc/PID/pagemap holds, it seems" };
  return isUtf16(head) ? { kind: "utf-16", is: "text in UTF-16" } : null;
}

function dumpForm(head: Uint8Array): string {
  if (isFlattened(head)) return "a dump in makedumpfile's flattened form";
  if (isKdump(head)) return "a kdump-compressed dump";
  const form = limeForm(head);
  return form === null ? "an ELF core" : `a dump of ${form === "lime" ? "LiME" : "AVML"}`;
}

/** A byte order mark, and letters of Latin script after it: a half of each is 0. Without the mark, nothing but such. */
function isUtf16(head: Uint8Array): boolean {
  const little = head[0] === 0xff && head[1] === 0xfe;
  if (!little && !(head[0] === 0xfe && head[1] === 0xff)) return isAscii16(head, 0) || isAscii16(head, 1);
  const units = Math.min(head.length >> 1, 65) - 1;
  let latin = 0;
  for (let i = 1; i <= units; i++) if (head[2 * i + (little ? 1 : 0)] === 0) latin++;
  return latin * 2 >= units;
}

/** Whether every other byte, from `first` on, is 0, and each of the rest one of ASCII's text. */
function isAscii16(head: Uint8Array, first: number): boolean {
  const bytes = Math.min(head.length & ~1, 256);
  for (let i = 0; i < bytes; i += 2) {
    const letter = head[i + 1 - first] ?? 0;
    const isLetter = (letter >= 0x20 && letter < 0x7f) || (letter >= 9 && letter <= 13);
    if (head[i + first] !== 0 || !isLetter) return false;
  }
  return bytes >= 16;
}
