// ELF notes, as cores and kdump headers carry them.
import { type Fields, fieldsOf, latin1 } from "./bytes.ts";
import type { DumpNote } from "./interface.ts";

/** The notes in a section of them, up to the first that does not fit in it. */
export function notesOf(bytes: Uint8Array, little: boolean): DumpNote[] {
  const fields = fieldsOf(bytes, little);
  const notes: DumpNote[] = [];
  for (let at = 0; at + 12 <= bytes.length; ) {
    const note = noteAt(fields, at);
    if (note === null) break;
    // An all-zero header is what the space of a CPU holds that never wrote its note.
    if (note.name !== "" || note.data.length > 0) notes.push(note);
    at += 12 + padded(fields.u32(at)) + padded(fields.u32(at + 4));
  }
  return notes;
}

function noteAt(fields: Fields, at: number): DumpNote | null {
  const nameBytes = fields.u32(at);
  const dataBytes = fields.u32(at + 4);
  const data = at + 12 + padded(nameBytes);
  if (data + dataBytes > fields.bytes.length) return null;
  return {
    name: fields.text(at + 12, nameBytes),
    type: fields.u32(at + 8),
    data: fields.bytes.slice(data, data + dataBytes),
  };
}

/** The text of the note named VMCOREINFO. */
export function vmcoreinfoOf(notes: readonly DumpNote[]): string | null {
  const note = notes.find(({ name, data }) => name === "VMCOREINFO" && data.length > 0);
  return note === undefined ? null : latin1(note.data);
}

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;
