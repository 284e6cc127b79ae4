import fs from "node:fs";
import type { Manifest } from "../common/workspaces.ts";
import { archFolder, manifestOf } from "../common/workspaces.ts";

// What is the same in every architecture is copied from one that is there.
const MODEL = archFolder("arm");

/** The files of a new architecture, path from the root → text. */
export function scaffold(name: string): Map<string, string> {
  return new Map(
    Object.entries({
      "package.json": packageJson(name),
      LICENSE: copied("LICENSE"),
      "tsconfig.json": copied("tsconfig.json"),
      "tsconfig.build.json": copied("tsconfig.build.json"),
      "src/index.ts": index(name),
      "src/layouts.ts": layouts(name),
      "src/clues.ts": clues(name),
      "test/conformance.test.ts": test(name),
    }).map(([file, text]) => [`${archFolder(name)}/${file}`, text]),
  );
}

const copied = (file: string): string => fs.readFileSync(`${MODEL}/${file}`, "utf8");

function packageJson(name: string): string {
  const model = manifestOf(MODEL) as Manifest & { keywords: string[]; repository: object };
  const pkg = {
    ...model,
    name: `@ptekit/${name}`,
    description: `Linux swap PTE layouts of ${name}, as data for @ptekit/core`,
    keywords: [...model.keywords.filter((word) => word !== "arm"), name],
    repository: { ...model.repository, directory: archFolder(name) },
  };
  return `${JSON.stringify(pkg, null, 2)}\n`;
}

const header = (name: string): string => `arch/${name}/include/asm/pgtable.h`;

/** What the scaffold cannot know, in the order in which it is best filled in. */
function unfinished(name: string): string[] {
  const at = (file: string): string => `${archFolder(name)}/${file}`;
  return [
    `${at("vectors/")}: put what the kernel's macros answer there (npm run vectors -- --arch ${name})`,
    `${at("src/layouts.ts")}: write the fields of the newest release as the comment at __swp_type() in ${header(name)} draws them; then a layout for each older form`,
    `${at("src/layouts.ts")}: write pte_present() and pte_none() of ${header(name)} as present and none`,
    `${at("src/layouts.ts")}: cite the header or commit with its release in each layout`,
    `${at("src/index.ts")}: write the architecture's name for people as title, and in the description of ${at("package.json")}`,
    `${at("src/index.ts")}: name the Kconfig symbols that decide an answer in symbols, each with its default and a citation`,
    `${at("src/index.ts")}: write PAGE_SHIFT as pageShift, MAX_PHYSMEM_BITS as physBits, and the byteOrder`,
  ];
}

function index(name: string): string {
  const lines = unfinished(name).map((sentence) => `    ${JSON.stringify(sentence)},`);
  return `import type { Architecture } from "@ptekit/core";
import { defineArch } from "@ptekit/core";
import { layouts } from "./layouts.js";

/** What ${name} keeps in page-table entries that are not present. */
export const ${name}: Architecture = defineArch({
  // Delete each line when it is done; conformance fails while one is left.
  unfinished: [
${lines.join("\n")}
  ],
  name: "${name}",
  title: "${name}",
  header: "${header(name)}",
  layouts,
  symbols: [{ name: "CONFIG_MIGRATION", default: "y", citation: "mm/Kconfig (as of Linux v6.12)" }],
  pageShift: [{ shift: 12 }],
  physBits: [{ bits: 64 }],
  byteOrder: [{ order: "little" }],
});
export { ${name} as default };
`;
}

function clues(name: string): string {
  return `import type { ArchClues } from "@ptekit/core";

/** What speaks for this architecture in a log. */
export const clues: ArchClues = {
  arch: "${name}",
  clues: [{ form: /\\b${name}\\b/i, weight: 10 }],
};
export { clues as default };
`;
}

// The most common form; right for no architecture before somebody has read its header.
function layouts(name: string): string {
  return `import type { Layout } from "@ptekit/core";
import { differs, equals, exclusive, spare, swpOffset, swpType, zeros } from "@ptekit/core";

/** Newest first. */
export const layouts: readonly Layout[] = [
  {
    id: "${name} 6.3",
    since: "6.3",
    pteBits: 64,
    // 3 3 2 2 2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1 1 1
    // 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0 9 8 7 6 5 4 3 2 1 0
    // --------------- offset ---------------> < type -> E X X X X X 0
    fields: [
      swpOffset(63, 12),
      swpType(11, 7),
      exclusive(6),
      spare(5, 1),
      zeros(0, 0, "pte_present() reads it"),
    ],
    present: differs(0x1n, 0n),
    none: equals(0xffff_ffff_ffff_ffffn, 0n),
    citation: "",
  },
];
`;
}

function test(name: string): string {
  return `import { describeArch } from "@ptekit/conformance-kit/vitest";
import { ${name} } from "@ptekit/${name}";

describeArch(${name}, { vectors: new URL("../vectors/", import.meta.url) });
`;
}
