import fs from "node:fs";
import { diagram } from "@ptekit/core";
import { loadArchitectures } from "./packages.mjs";

/** README.md, with the parts between `<!-- NAME -->` and `<!-- /NAME -->` made from the data. */
export async function frontPage() {
  const archs = await loadArchitectures();
  const parts = { "arm diagram": armDiagram(archs.get("arm")), matrix: matrix(archs) };
  let text = fs.readFileSync("README.md", "utf8");
  for (const [name, part] of Object.entries(parts)) text = replaced(text, name, part);
  return [["README.md", text]];
}

function replaced(text, name, part) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from === -1 || to < from) throw new Error(`README.md has no ${open} … ${close}`);
  return `${text.slice(0, from + open.length)}\n${part}\n${text.slice(to)}`;
}

function armDiagram(arm) {
  return `\`\`\`\n${diagram(arm.for({ release: "6.12" }).layout)}\n\`\`\``;
}

/** Architecture × release × configuration: the files that the conformance app runs. */
function matrix(archs) {
  const rows = [...archs].flatMap(([name, arch]) => {
    const vectors = filesOf(name, "vectors").map((file) => `${shortRelease(file.release)} ${file.variant}`);
    const live = filesOf(name, "live").map((file) => file.release);
    return `| [${name}](packages/arch/${name}/README.md) | ${arch.layouts.length} | ${vectors.join(", ")} | ${live.join(", ")} |`;
  });
  return [
    "| architecture | layouts | kernel vectors: release and configuration | running kernels |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function filesOf(name, kind) {
  const folder = `packages/arch/${name}/${kind}`;
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
  return names.sort().map((file) => JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf8")));
}

const shortRelease = (release) => release.split(".").slice(0, 2).join(".");
