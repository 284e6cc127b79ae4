import fs from "node:fs";
import path from "node:path";
import { run } from "../common/run.ts";
import { workspaces } from "../common/workspaces.ts";

/** What a module exports under one name: what it is, its doc comment, and its declaration. */
export interface Exported {
  readonly kind: string;
  readonly doc: string;
  readonly text: string;
}

const SOURCES = "packages";

/**
 * Runs `use` with the declarations that TypeScript writes for every package's sources, in one run and without a build;
 * `use` gets what says where a source's declarations are. They are gone afterwards.
 */
export function withDeclarations<T>(use: (declarationsOf: (source: string) => string) => T): T {
  fs.mkdirSync(".vitest", { recursive: true });
  const folder = fs.mkdtempSync(path.resolve(".vitest/declarations-"));
  try {
    const config = path.join(folder, "tsconfig.json");
    fs.writeFileSync(config, JSON.stringify(declarationConfig(folder)));
    run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", config]);
    return use((source) => path.join(folder, path.relative(SOURCES, source).replace(/\.(ts|tsx)$/, ".d.ts")));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function declarationConfig(outDir: string): object {
  const sources = workspaces().filter(({ folder }) => folder.startsWith(`${SOURCES}/`));
  return {
    extends: path.resolve("tsconfig.build.json"),
    compilerOptions: {
      customConditions: ["@ptekit/source"],
      declarationMap: false,
      rootDir: path.resolve(SOURCES),
      outDir,
      // Every exported name says its type; npm run typecheck holds that it is right.
      noCheck: true,
    },
    include: sources.map(({ folder }) => path.resolve(folder, "src")),
  };
}

/**
 * What a declaration file exports, by name. Exports of other files are followed.
 *
 * TypeScript writes these files: a statement begins at the start of a line, and ends with `;` or `}` outside brackets.
 */
export function exportsOf(file: string): Map<string, Exported> {
  const found = new Map<string, Exported>();
  for (const { doc, text } of statements(fs.readFileSync(file, "utf8"))) {
    const declared = /^export (?:declare )?(interface|type|class|function|const) (\w+)/.exec(text);
    const listed = /^export (?:type )?\{([^}]*)\}(?: from "(.+)")?/s.exec(text);
    const [, kind = "", name = ""] = declared ?? [];
    if (declared) found.set(name, { kind, doc, text: text.replace(/^export (declare )?/, "") });
    else if (listed)
      for (const [as, entry] of followed(file, listed[1] ?? "", listed[2])) found.set(as, entry);
    else if (/^export (?!\{\})/.test(text)) throw new Error(`${file}: what does this export? ${text}`);
  }
  return found;
}

function followed(file: string, list: string, from: string | undefined): [string, Exported][] {
  const source = from
    ? exportsOf(path.join(path.dirname(file), from.replace(/\.[jt]s$/, ".d.ts")))
    : new Map<string, Exported>();
  const names = list.split(",").map((name) => name.trim().replace(/^type /, ""));
  return names.filter(Boolean).map((name) => {
    const [own = name, as = own] = name.split(" as ");
    if (from && !source.has(own)) throw new Error(`${file}: ${from} exports no ${own}`);
    return [as, source.get(own) ?? { kind: "const", doc: "", text: `{ ${name} }` }];
  });
}

/** The statements of a file, each with the doc comment before it. */
function statements(source: string): { doc: string; text: string }[] {
  const found: { doc: string; text: string }[] = [];
  let doc = "";
  let lines: string[] = [];
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

const count = (line: string, brackets: RegExp): number => (line.match(brackets) ?? []).length;
