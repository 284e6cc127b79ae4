import type { ArchBackend } from "@ptekit/core";
import { createBackend } from "@ptekit/core";
import type { Given, Option } from "./command.ts";
import { UsageError } from "./errors.ts";

// What the commands share that read files of raw PTEs.

/** `--byte-order`, where the target's own is not the file's. */
export const BYTE_ORDER_OPTION: Option = {
  name: "byte-order",
  value: "little|big",
  help: "how the file holds a PTE, if not as that kernel's machine does",
};

/** The file that a command names: a path, or the descriptor of standard input for `-`. */
export function fileArgument(given: Given): string | number {
  const [file = ""] = given.args;
  return file === "-" ? 0 : file;
}

/** The backend, for a file in the byte order that --byte-order names. */
export function inByteOrder(backend: ArchBackend, given: Given): ArchBackend {
  const byteOrder = given.text("byte-order");
  if (byteOrder === undefined || byteOrder === backend.kernel.byteOrder) return backend;
  if (byteOrder !== "little" && byteOrder !== "big") {
    throw new UsageError(`--byte-order is little or big, not ${JSON.stringify(byteOrder)}`);
  }
  const { arch, layout, present, types, kernel, assumed } = backend;
  const assumptions = assumed.map((sentence) => ({ sentence, parts: null }));
  return createBackend({ arch, layout, present, types, kernel: { ...kernel, byteOrder }, assumptions });
}
