import fs from "node:fs";
import type { Architecture } from "@ptekit/core";
import { diagram, isUnfinished } from "@ptekit/core";
import { archNamed, loadArchitectures } from "../common/architectures.ts";
import { archFolder } from "../common/workspaces.ts";
import type { Output } from "./outputs.ts";
import { sizesTable } from "./sizes.ts";

/** README.md, with the parts between `<!-- NAME -->` and `<!-- /NAME -->` made from the data. */
export async function frontPage(): Promise<Output[]> {
  const archs = await loadArchitectures();
  const parts = {
    "arm diagram": armDiagram(archNamed(archs, "arm")),
    matrix: matrix(archs),
    sizes: sizesTable(),
  };
  let text = fs.readFileSync("README.md", "utf8");
  for (const [name, part] of Object.entries(parts)) text = replaced(text, name, part);
  return [["README.md", text]];
}

function replaced(text: string, name: string, part: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from === -1 || to < from) throw new Error(`README.md has no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n${part}\n${text.slice(to)}`;
}

function armDiagram(arm: Architecture): string {
  return `\`\`\`\n${diagram(arm.for({ release: "6.12" }).layout)}\n\`\`\``;
}

/** Architecture × release × configuration: the files that the conformance app runs. */
function matrix(archs: ReadonlyMap<string, Architecture>): string {
  const rows = [...archs].flatMap(([name, arch]) => {
    const vectors = filesOf(name, "vectors").map((file) => `${shortRelease(file.release)} ${file.variant}`);
    const live = filesOf(name, "live").map((file) => file.release);
    return `| [${name}](${archFolder(name)}/README.md)${isUnfinished(arch) ? " (unfinished)" : ""} | ${arch.layouts.length} | ${vectors.join(", ")} | ${live.join(", ")} |`;
  });
  return [
    "| architecture | layouts | kernel vectors: release and configuration | running kernels |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function filesOf(name: string, kind: string): { release: string; variant: string }[] {
  const folder = `${archFolder(name)}/${kind}`;
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
  return names.sort().map((file) => JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf8")));
}

const shortRelease = (release: string): string => release.split(".").slice(0, 2).join(".");
