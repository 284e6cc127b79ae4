import type { ArchBackend } from "@ptekit/core";
import { capacityJson, emptyPte, hex, longBitsOf, predicateText } from "@ptekit/core";
import { fieldsJson } from "../fields.ts";
import { capacityAt, pageBytes } from "../limits.ts";

/** The layout of a kernel, with what it has room for. */
export function layoutJson(backend: ArchBackend): object {
  const { layout } = backend;
  return {
    arch: backend.arch,
    layout: layout.id,
    since: layout.since,
    assumed: backend.assumed,
    notes: backend.notes,
    pteBits: layout.pteBits,
    longBits: longBitsOf(layout),
    fields: fieldsJson(layout),
    emptyPte: hex(emptyPte(layout), layout.pteBits),
    present: predicateText(layout.present, layout.pteBits),
    none: predicateText(layout.none, layout.pteBits),
    pageBytes: Number(pageBytes(backend)),
    limits: capacityJson(capacityAt(backend)),
    citation: layout.citation,
    ...(layout.note === undefined ? {} : { note: layout.note }),
    ...(layout.uncertain === undefined ? {} : { uncertain: layout.uncertain }),
  };
}
