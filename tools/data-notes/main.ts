// npm run data-notes: what changed in the data since a release, for its notes. See docs/releasing.md.
import fs from "node:fs";
import { parseArgs } from "node:util";
import { messageOf } from "../common/errors.ts";
import { writeWhole } from "../common/files.ts";
import { run } from "../common/run.ts";
import type { Layouts } from "./notes.ts";
import { changesIn, notesText } from "./notes.ts";

const FILE = "packages/all/layouts.json";

const usage = `npm run data-notes -- [--from REF|FILE] [--changeset]

Compares ${FILE} with that of a release, and says what changed.

--from REF|FILE  a commit or tag, or a layouts.json (default: the newest tag of a release)
--changeset      write it as .changeset/data.md, for the packages whose data changed
`;

try {
  main();
} catch (error) {
  console.error(`data-notes: ${messageOf(error)}`);
  process.exitCode = 2;
}

function main(): void {
  const { values } = parseArgs({
    options: { from: { type: "string" }, changeset: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const from = values.from ?? newestTag();
  const before = read(fs.existsSync(from) ? fs.readFileSync(from, "utf8") : shown(from), from);
  const after = read(fs.readFileSync(FILE, "utf8"), FILE);
  const text = notesText(before, after);
  console.log(text);
  if (!values.changeset) return;
  const archs = [...new Set(changesIn(before, after).map(({ arch }) => arch))];
  if (archs.length === 0) throw new Error("nothing changed: there is no changeset to write");
  const packages = [...archs, "all"].map((name) => `"@ptekit/${name}": minor`);
  writeWhole(".changeset/data.md", `---\n${packages.join("\n")}\n---\n\n${text}`);
  console.log("wrote .changeset/data.md");
}

function newestTag(): string {
  const tag = run("git", ["tag", "--list", "--sort=-version:refname", "@ptekit/all@*"]).split("\n")[0];
  if (!tag)
    throw new Error("there is no release yet, so no tag to compare with: give --from REF, or a layouts.json");
  return tag;
}

function shown(ref: string): string {
  if (ref.startsWith("-")) throw new Error(`${ref} is no commit`);
  return run("git", ["show", `${ref}:${FILE}`]);
}

function read(text: string, name: string): Layouts {
  let value: Partial<Layouts>;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON`);
  }
  if (value?.format !== "ptekit-layouts/1" || typeof value.architectures !== "object")
    throw new Error(`${name} is no ptekit-layouts/1 file`);
  return value as Layouts;
}
