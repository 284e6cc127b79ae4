// What a user's TypeScript makes of the types: compiled by users.install.ts with every TypeScript from 5.4 on.

import { arm64 } from "@ptekit/arm64";
import { type ArchBackend, type Decoded, type DecodedAs, hex, toJson } from "@ptekit/core";

const backend: ArchBackend = arm64.for({ release: "6.12" });
const d = backend.decode(0x1234n);
if (d.kind === "swap") {
  const offset: bigint = d.offset;
  console.log(offset, hex(d.pte, 64));
}
// @ts-expect-error none has no PFN
if (d.kind === "none") console.log(d.pfn);
// @ts-expect-error an offset is a bigint
const wrong: number | null = d.kind === "swap" ? d.offset : null;
function name(said: Decoded): string {
  switch (said.kind) {
    case "none":
    case "present":
    case "swap":
    case "unassigned":
    case "hwpoison":
    case "swapin-error":
    case "marker":
      return said.kind;
    case "migration":
      return `${said.access} ${said.pfn}`;
    case "device-private":
    case "device-exclusive":
      return `${said.pfn}`;
  }
}
function missing(said: Decoded): string {
  switch (said.kind) {
    case "none":
      return "x";
    default: {
      // @ts-expect-error kinds are left
      const never: never = said;
      return String(never);
    }
  }
}
const m: DecodedAs<"migration"> | null = d.kind === "migration" ? d : null;
backend.encode(d);
backend.encode({ type: 1, offset: 2n, uffdWp: true });
// @ts-expect-error no such key
backend.encode({ type: 1, offset: 2n, uffdwp: true });
const j: { readonly pte: string } = toJson(d);
const { otherwise, sentence } = d.assumed[0] ?? { otherwise: null, sentence: "" };
console.log(name(d), missing(d), m, wrong, j, otherwise?.kind, sentence, backend.notes.join());
