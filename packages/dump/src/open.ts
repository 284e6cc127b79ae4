import { firstBytes } from "./bytes.ts";
import { isElf, isElfCore, openElf } from "./elf.ts";
import { DumpError } from "./errors.ts";
import { isFlattened, unflatten } from "./flattened.ts";
import type { ByteSource, Dump, OpenOptions } from "./interface.ts";
import { isKdump } from "./kdump/header.ts";
import { openKdump } from "./kdump/open.ts";
import { limeForm, openAvml, openLime } from "./lime.ts";
import { otherForm } from "./other-forms.ts";
import { openRaw } from "./raw.ts";

const HEAD_BYTES = 4096;
const DEFAULT_CACHE = 2 ** 24;
const LEAST_CACHE = 2 ** 16;
const MOST_CACHE = 2 ** 30;

/**
 * The dump in a file, or in all files of a `makedumpfile --split` set, in any order. Only headers are read; memory use
 * depends on `cacheBytes`, and not on the size of the dump.
 *
 * @throws DumpError `NOT_A_DUMP` where nothing says what the file is (`ramBase` opens raw memory), `UNSUPPORTED_DUMP` for
 * a known form that is not read here, `BAD_DUMP` for a header that cannot be right, `BAD_ARGUMENT`, `BAD_FILE`.
 */
export function openDump(files: ByteSource | readonly ByteSource[], options: OpenOptions = {}): Dump {
  const { decompressors = {}, ramBase, cacheBytes = DEFAULT_CACHE } = options;
  if (!Number.isInteger(cacheBytes) || cacheBytes < LEAST_CACHE || cacheBytes > MOST_CACHE)
    throw new DumpError(
      "BAD_ARGUMENT",
      `cacheBytes ${cacheBytes}: a whole number from ${LEAST_CACHE} to ${MOST_CACHE} is needed`,
    );
  const [source, ...others] = "read" in files ? [files] : files;
  if (source === undefined) throw new DumpError("BAD_ARGUMENT", "no file was given");
  if (ramBase !== undefined) {
    mustBeAlone(others, "raw memory");
    return openRaw(source, ramBase, cacheBytes);
  }
  const head = firstBytes(source, HEAD_BYTES);
  if (!isFlattened(head)) return openPlain([source, ...others], head, options, cacheBytes);
  const parts = [source, ...others].map(unflatten);
  const [first, ...rest] = parts.map((part) => part.source) as [ByteSource, ...ByteSource[]];
  const dump = openPlain([first, ...rest], firstBytes(first, HEAD_BYTES), { decompressors }, cacheBytes);
  return { ...dump, flattened: true, complete: dump.complete && parts.every(({ complete }) => complete) };
}

/**
 * Whether a file that begins with `head` (a page of it is enough) is of a form that {@link openDump} knows by its
 * beginning: raw memory begins like nothing, and of ELF files only cores are dumps.
 */
export const isDump = (head: Uint8Array): boolean =>
  isFlattened(head) || isKdump(head) || isElfCore(head) || limeForm(head) !== null;

function openPlain(
  sources: readonly [ByteSource, ...ByteSource[]],
  head: Uint8Array,
  { decompressors = {} }: OpenOptions,
  cacheBytes: number,
): Dump {
  const [source, ...others] = sources;
  if (isKdump(head)) return openKdump(sources, decompressors, cacheBytes);
  const form = isElf(head) ? "an ELF core" : limeForm(head);
  if (form !== null) mustBeAlone(others, form);
  if (isElf(head)) return openElf(source, cacheBytes);
  if (form === "lime") return openLime(source, cacheBytes);
  if (form === "avml") return openAvml(source, cacheBytes);
  if (source.size === 0) throw new DumpError("NOT_A_DUMP", `${source.name} is empty`);
  const other = otherForm(head);
  if (other !== null) throw new DumpError("UNSUPPORTED_DUMP", `${source.name} is ${other}`);
  throw new DumpError(
    "NOT_A_DUMP",
    `${source.name} begins like no dump known here; where it is raw memory, say at which physical address it begins`,
  );
}

function mustBeAlone(others: readonly ByteSource[], form: string): void {
  if (others.length > 0)
    throw new DumpError("BAD_ARGUMENT", `${form} is one file, and ${others.length + 1} were given`);
}
