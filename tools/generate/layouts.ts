// packages/all/layouts.json: every architecture's data for programs that import no TypeScript, and the schema of its shape.
import type { ArchBackend, Architecture } from "@ptekit/core";
import { longBitsOf, mainlineReleases, NEWEST_RELEASE, PtekitError } from "@ptekit/core";
import { loadArchitectures } from "../common/architectures.ts";
import type { Output } from "./outputs.ts";
import { schemaOfValues } from "./shape.ts";

/** Version 1: the keys of core's data types; words and masks as hexadecimal text. A change that old readers trip over is 2. */
const FORMAT = "ptekit-layouts/1";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export async function layouts(): Promise<Output[]> {
  const architectures = Object.fromEntries(
    [...(await loadArchitectures())].map(([name, arch]) => [
      name,
      { ...(plain(arch) as object), kernels: kernelsOf(arch) } as Json,
    ]),
  );
  const whole: Json = { format: FORMAT, newest: NEWEST_RELEASE, architectures };
  return [
    ["packages/all/layouts.json", `${written(whole, 4)}\n`, "as is"],
    ["packages/all/layouts.schema.json", `${JSON.stringify(schema(architectures), null, 2)}\n`],
  ];
}

/** Plain JSON: words and masks are hexadecimal text. */
const plain = (value: unknown): Json =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "bigint" ? hexText(one) : one)));

const hexText = (word: bigint): string =>
  word < 0n ? `-0x${(-word).toString(16)}` : `0x${word.toString(16)}`;

/** What mainline releases have with every default, oldest first, each until the next: what most readers want to look up. */
function kernelsOf(arch: Architecture): Json[] {
  const kernels: Json[] = [];
  let last = "null";
  for (const release of mainlineReleases()) {
    const kernel = kernelAt(arch, release);
    const text = JSON.stringify(kernel);
    if (text !== last) kernels.push({ since: release, ...(kernel ?? { layout: null }) });
    last = text;
  }
  return kernels;
}

function kernelAt(arch: Architecture, release: string): { readonly [key: string]: Json } | null {
  let backend: ArchBackend;
  try {
    backend = arch.for({ release });
  } catch (error) {
    if (error instanceof PtekitError) return null;
    throw error;
  }
  const { layout, types, kernel } = backend;
  return {
    layout: layout.id,
    pteBits: layout.pteBits,
    byteOrder: kernel.byteOrder,
    pageShift: kernel.pageShift,
    longBits: longBitsOf(layout),
    swpTypeShift: kernel.swpTypeShift,
    maxSwapfiles: types.maxSwapfiles,
    // Some rows of a layout hold under conditions only: these are in force.
    fields: plain([...layout.fields, ...(layout.misreads ?? [])]),
    present: plain(layout.present),
    none: plain(layout.none),
    special: plain(types.special.map(({ type, name }) => ({ type, name }))),
    markers: plain(types.markers.map(({ value, name }) => ({ value, name }))),
  };
}

/** A line for every row, down to a depth: a change of one row is a change of one line. */
function written(value: Json, depth: number, indent = ""): string {
  if (depth === 0 || value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent} `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one: Json) => written(one, depth - 1, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${written(one, depth - 1, inner)}`);
  const [open, close] = isList ? "[]" : "{}";
  return parts.length === 0
    ? `${open}${close}`
    : `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

function schema(architectures: { readonly [key: string]: Json }): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What ptekit knows of page-table entries, by architecture",
    description:
      "Made from the data: what every architecture has is required. Rows of a list stand newest first, the first that a kernel satisfies decides; `kernels` has been worked out with every default.",
    type: "object",
    required: ["format", "newest", "architectures"],
    properties: {
      format: { const: FORMAT },
      newest: { type: "string", description: "The newest release whose headers the data was compared with" },
      architectures: {
        type: "object",
        additionalProperties: schemaOfValues(Object.values(architectures)),
      },
    },
    additionalProperties: false,
  };
}
