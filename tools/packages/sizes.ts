// `npm run sizes`: measures every package as a bundler ships it, and records that in docs/sizes.json.
import fs from "node:fs";
import { architectures, published } from "../common/workspaces.ts";
import { bundled } from "./size.ts";

/** What of docs/sizes.json is measured: bytes after minify and gzip. */
export interface Sizes {
  /** Packages, without the other packages of ptekit that they need. */
  readonly packages: Readonly<Record<string, number>>;
  /** Architectures, without core. */
  readonly architectures: Readonly<Record<string, number>>;
  /** A program that decodes a word of arm64: the architecture, and what it uses of core. */
  readonly program: number;
}

/** Packages that people import, beside the architectures. */
export const IMPORTED = [
  "core",
  "bulk",
  "uffd-wp",
  "pte-bits",
  "dump",
  "explain",
  "introspect",
  "conformance-kit",
] as const;

export const PROGRAM =
  'import { arm64 } from "@ptekit/arm64"; console.log(arm64.for({ release: "6.12" }).decode(0x17c0n));';

/** All of them, measured now. */
export async function measured(): Promise<Sizes> {
  const all = published().map(({ manifest }) => manifest.name);
  const alone = async (name: string): Promise<number> => {
    const own = `@ptekit/${name}`;
    const others = all.filter((other) => other !== own).flatMap((other) => [other, `${other}/*`]);
    return (await bundled(`export * from "${own}"`, others)).bytes;
  };
  const each = async (names: readonly string[]): Promise<Record<string, number>> => {
    const sizes: Record<string, number> = {};
    for (const name of names) sizes[name] = await alone(name);
    return sizes;
  };
  return {
    packages: await each(IMPORTED),
    architectures: await each(architectures().filter((name) => all.includes(`@ptekit/${name}`))),
    program: (await bundled(PROGRAM)).bytes,
  };
}

/** What was recorded. */
export const recorded = (): Sizes => JSON.parse(fs.readFileSync("docs/sizes.json", "utf8"));

if (process.argv[1]?.endsWith("sizes.ts")) {
  fs.writeFileSync("docs/sizes.json", `${JSON.stringify(await measured(), null, 2)}\n`);
  console.log("wrote docs/sizes.json; npm run generate draws it");
}
