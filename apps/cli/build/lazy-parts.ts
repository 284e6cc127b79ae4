import fs from "node:fs";
import type { Plugin } from "rolldown";

// What a start need not do. In a library an architecture's data is made and frozen when it is imported, because any reader
// may reach for any of it. The command reads one word or one table, and hands its data to nobody.

/** The parts of an architecture that most command lines never look at: a file in its src/ with one export of that name. */
const PARTS = ["geometry", "present"];

const ARCH = /\/packages\/arch\/[^/]+\/src\/(\w+)\.ts$/;
const FREEZE = /\/packages\/core\/src\/util\/freeze\.ts$/;
const IMPORTS = /^(?:import [^;]*;\n)+/;

/** For rolldown: those parts are made when they are asked for, and nothing is frozen. */
export const lazyParts: Plugin = {
  name: "lazy-parts",
  load(file) {
    if (FREEZE.test(file)) return { code: "export const deepFreeze = (value) => value;", moduleType: "js" };
    const name = ARCH.exec(file)?.[1];
    if (name === "index") return { code: asked(fs.readFileSync(file, "utf8"), file), moduleType: "ts" };
    if (name === undefined || !PARTS.includes(name)) return null;
    return { code: whenAsked(fs.readFileSync(file, "utf8"), name, file), moduleType: "ts" };
  },
};

/** `export const present = […]` as a function that makes it once. */
function whenAsked(text: string, name: string, file: string): string {
  const imports = IMPORTS.exec(text)?.[0] ?? "";
  const body = text.slice(imports.length);
  const plain = body.replace(`export const ${name}`, () => `const ${name}`);
  if (plain === body || /^export /m.test(plain))
    throw new Error(`${file} exports something else than ${name} alone`);
  return `${imports}let made: unknown;\nexport const ${name} = (): unknown => (made ??= make());\nfunction make() {\n${plain}\nreturn ${name};\n}\n`;
}

/** The architecture's object with a getter for each such part. */
function asked(text: string, file: string): string {
  return PARTS.reduce((code, name) => {
    if (!code.includes(`from "./${name}.ts"`)) return code;
    const changed = code.replace(
      new RegExp(`^ {2}${name},$`, "m"),
      () => `  get ${name}() { return ${name}() as never; },`,
    );
    if (changed === code) throw new Error(`${file} names ${name} otherwise than as a key`);
    return changed;
  }, text);
}
