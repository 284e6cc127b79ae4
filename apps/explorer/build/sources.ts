// The modules that the build makes: what the repository's files prove.
import type { Proof } from "../src/proof.ts";
import type { Sources } from "./bundle.ts";
import type { Lives } from "./lives.ts";

export function sourcesOf(proofs: Readonly<Record<string, readonly Proof[]>>, lives: Lives): Sources {
  return {
    "virtual:proof": proofSource(proofs),
    "virtual:life-proof": `export const proof = ${JSON.stringify(lives.proof)};`,
    "virtual:lives": `export const files = {${lives.files
      .map(
        ({ name }) => `${JSON.stringify(name)}: () => import("virtual:lives/${name}").then((of) => of.file)`,
      )
      .join()}};`,
    ...Object.fromEntries(
      lives.files.map((file) => [
        `virtual:lives/${file.name}`,
        `export const file = ${JSON.stringify(file)};`,
      ]),
    ),
  };
}

/** Without the names of its members, which every file has. */
function proofSource(proofs: Readonly<Record<string, readonly Proof[]>>): string {
  const rows = Object.entries(proofs).map(([id, files]) => [
    id,
    files.map(({ kind, file, release }) => [kind, file, release]),
  ]);
  return `export const proof = Object.fromEntries(${JSON.stringify(rows)}.map(([id, files]) => [id, files.map(([kind, file, release]) => ({ kind, file, release }))]));`;
}
