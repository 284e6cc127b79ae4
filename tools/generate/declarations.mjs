import fs from "node:fs";
import path from "node:path";

/**
 * What a declaration file exports, by name: kind, doc comment and text. Exports of other files are followed.
 *
 * TypeScript writes these files: a statement begins at the start of a line, and ends with `;` or `}` outside brackets.
 */
export function exportsOf(file) {
  const found = new Map();
  for (const { doc, text } of statements(fs.readFileSync(file, "utf8"))) {
    const declared = /^export (?:declare )?(interface|type|class|function|const) (\w+)/.exec(text);
    const listed = /^export (?:type )?\{([^}]*)\}(?: from "(.+)")?/s.exec(text);
    if (declared)
      found.set(declared[2], { kind: declared[1], doc, text: text.replace(/^export (declare )?/, "") });
    else if (listed) for (const [name, entry] of followed(file, listed[1], listed[2])) found.set(name, entry);
    else if (/^export (?!\{\})/.test(text)) throw new Error(`${file}: what does this export? ${text}`);
  }
  return found;
}

function followed(file, list, from) {
  const source = from ? exportsOf(path.join(path.dirname(file), from.replace(/\.ts$/, ".d.ts"))) : new Map();
  const names = list.split(",").map((name) => name.trim().replace(/^type /, ""));
  return names.filter(Boolean).map((name) => {
    const [own, as = own] = name.split(" as ");
    if (from && !source.has(own)) throw new Error(`${file}: ${from} exports no ${own}`);
    return [as, source.get(own) ?? { kind: "const", doc: "", text: `{ ${name} }` }];
  });
}

/** The statements of a file, each with the doc comment before it. */
function statements(source) {
  const found = [];
  let doc = "";
  let lines = [];
  let inComment = false;
  let depth = 0;
  for (const line of source.split("\n")) {
    if (lines.length === 0 && line.startsWith("/**")) doc = "";
    if (lines.length === 0 && (inComment || line.startsWith("/**"))) {
      doc += `${line}\n`;
      inComment = !line.includes("*/");
      continue;
    }
    if (lines.length === 0 && (line === "" || line.startsWith("//"))) continue;
    lines.push(line);
    if (!/^\s*(\/\*)?\*/.test(line.replace("/*", "")))
      depth += count(line, /[({[]/g) - count(line, /[)}\]]/g);
    if (depth > 0 || !/[;}]$/.test(line)) continue;
    found.push({ doc, text: lines.join("\n") });
    lines = [];
    doc = "";
  }
  return found;
}

const count = (line, brackets) => (line.match(brackets) ?? []).length;
