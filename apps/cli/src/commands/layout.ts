import { diagram, layoutSvg, legend, predicateText } from "@ptekit/core";
import type { Command } from "../command.ts";
import { writeWhole } from "../files.ts";
import { layoutJson } from "../json/layout.ts";
import { limitLines } from "../limits.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, TARGET_OPTIONS } from "../target.ts";
import { caveatsOf, indented } from "../words.ts";

export const layout: Command = {
  name: "layout",
  summary: "draw a layout, with its legend, source and limits",
  description: [
    "The ruler is the kernel's own: bit numbers above, fields below, 32 bits to a band. What the layout holds and what the kernel allows are two limits; both are printed.",
  ],
  options: [
    ...TARGET_OPTIONS,
    ...LEVEL_OPTIONS,
    { name: "svg", value: "FILE", help: "write the drawing as an SVG picture too" },
    JSON_OPTION,
  ],
  examples: [
    { line: "ptekit layout --arch arm --kernel 6.12", shows: "the swap PTE of 32-bit Arm" },
    { line: "ptekit layout --arch x86_64 --kernel 6.12 --svg x86_64.svg", shows: "the same as a picture" },
  ],
  async run(given, out) {
    const backend = await backendAtLevel(given);
    const drawn = backend.layout;
    const file = given.text("svg");
    if (file !== undefined) writeWhole(file, layoutSvg(drawn));
    if (given.has("json")) {
      out.json(layoutJson(backend));
      return 0;
    }
    const { bold, dim, yellow } = out.colors;
    out.line(`${bold(drawn.id)}  ${dim(`since Linux ${drawn.since}, here ${backend.kernel.release}`)}`);
    out.line();
    for (const line of [...indented(diagram(drawn)), "", ...legend(drawn).map((text) => `  ${text}`), ""])
      out.line(line);
    out.line(`  pte_present(): ${predicateText(drawn.present, drawn.pteBits)}`);
    out.line(`  pte_none():    ${predicateText(drawn.none, drawn.pteBits)}`);
    out.line();
    for (const line of limitLines(backend)) out.line(`  ${line}`);
    out.line();
    if (drawn.note !== undefined) out.line(`  note: ${drawn.note}`);
    if (drawn.uncertain !== undefined) out.line(`  not certain: ${drawn.uncertain}`);
    out.line(`  source: ${drawn.citation}`);
    for (const line of caveatsOf(backend)) out.line(`  ${yellow(line)}`);
    if (file !== undefined) out.line(dim(`  drawn to ${file}`));
    return 0;
  },
};
