// Links from an answer to what proves it: the layout, and the files of the kernel's own answers.
import type { Architecture } from "@ptekit/core";
import type { Proof } from "../proof.ts";
import type { Html } from "./html.ts";
import { markup } from "./html.ts";

/** Where the repository's files are read. */
export const FILES = "https://github.com/ptekit/ptekit/blob/main";

/** A layout's place on the page of its architecture, as a page one folder down links to it. */
export const layoutLink = ({ name }: Architecture, id: string): Html =>
  markup`<a href="../arch/${name}/#${anchorOf(id)}">${id}</a>`;

/** A layout's id as the name of a place in a page. */
export const anchorOf = (id: string): string => id.replaceAll(/[^\w.]+/g, "-");

/** The newest file of each kind that holds an answer, and how many more there are. */
export function proofLinks({ name }: Architecture, held: readonly Proof[]): Html {
  if (held.length === 0) return markup`read from the headers; no vectors hold it`;
  const newest = (["vectors", "live"] as const).flatMap(
    (kind) => held.filter((proof) => proof.kind === kind).at(-1) ?? [],
  );
  const more = held.length - newest.length;
  return markup`held by ${newest.map(({ kind, file }, i) => markup`${i === 0 ? "" : ", "}<a href="${FILES}/packages/arch/${name}/${kind}/${file}">${file}</a>`)}${more > 0 ? ` and ${more} more` : ""}`;
}
