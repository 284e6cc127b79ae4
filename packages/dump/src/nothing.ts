import type { Dump } from "./interface.ts";

/** What a file without any header says of itself. */
export const nothingSaid: Omit<Dump, "form" | "memory"> = {
  flattened: false,
  parts: 1,
  compression: null,
  version: null,
  dumpLevel: null,
  complete: true,
  elfMachine: null,
  utsname: null,
  bits: null,
  byteOrder: null,
  vmcoreinfo: null,
  notes: [],
};
