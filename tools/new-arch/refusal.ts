import fs from "node:fs";
import { archFolder, workspaces } from "../common/workspaces.ts";

/** Why no architecture can be made of these arguments, in a sentence; or null. */
export async function refusal(args: readonly string[]): Promise<string | null> {
  const [name, ...more] = args;
  if (name === undefined || more.length > 0) return "say one name, as in: npm run new-arch riscv";
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    return `${name} is no name: it takes lower-case letters, digits and _, like the kernel's directories`;
  if (fs.existsSync(archFolder(name))) return `${archFolder(name)} is there already`;
  const taken = workspaces().find(({ manifest }) => manifest.name === `@ptekit/${name}`);
  if (taken) return `${taken.folder} is @ptekit/${name} already`;
  if (!fs.existsSync("node_modules/@ptekit")) return "nothing is installed: npm ci comes first";
  if (!(await canBeExported(name)))
    return `${name} is no name: nothing can be exported under it from a module`;
  return null;
}

/** False of JavaScript's own words, and of what the files that are generated declare beside it. */
async function canBeExported(name: string): Promise<boolean> {
  const { transform } = await import("esbuild");
  const module = `const layouts = [], archs = []; export const ${name} = layouts;`;
  return transform(module, { format: "esm", logLevel: "silent" }).then(
    () => true,
    () => false,
  );
}
