import type { Command } from "../command.ts";
import { markerPte, typesJson } from "../json/types.ts";
import { table } from "../table.ts";
import { backendOf, JSON_OPTION, TARGET_OPTIONS } from "../target.ts";
import { caveatsOf } from "../words.ts";

export const types: Command = {
  name: "types",
  summary: "list the swap types, MAX_SWAPFILES and the marker bits",
  description: [
    "Types below MAX_SWAPFILES are swap areas, in the order of swapon; the rest are counted down from 31, so every Kconfig option that takes one moves the others.",
  ],
  options: [...TARGET_OPTIONS, JSON_OPTION],
  examples: [
    { line: "ptekit types --arch x86_64 --kernel 6.12", shows: "the types of 6.12" },
    {
      line: "ptekit types --arch x86_64 --kernel 6.1 --config CONFIG_DEVICE_PRIVATE=n --json",
      shows: "without device memory the numbers move",
    },
  ],
  async run(given, out) {
    const backend = await backendOf(given);
    const { maxSwapfiles, special, markers } = backend.types;
    if (given.has("json")) {
      out.json(typesJson(backend));
      return 0;
    }
    const { bold, dim, yellow } = out.colors;
    out.line(`${bold(`${backend.arch}, Linux ${backend.kernel.release}`)}: MAX_SWAPFILES ${maxSwapfiles}`);
    out.line();
    const rows = [
      ["type", "name", "source"],
      [`0-${maxSwapfiles - 1}`, "swap areas", ""],
      ...special.map(({ type, name, citation }) => [String(type), name, citation]),
    ];
    for (const line of table(rows, dim)) out.line(`  ${line}`);
    out.line();
    if (markers.length === 0) out.line("  no marker type in this release and configuration");
    const bits = [
      ["marker bit", "name", "PTE", "source"],
      ...markers.map(({ value, name, citation }) => [
        `0x${value.toString(16)}`,
        name,
        markerPte(backend, value),
        citation,
      ]),
    ];
    if (markers.length > 0) for (const line of table(bits, dim)) out.line(`  ${line}`);
    for (const line of caveatsOf(backend)) out.line(`  ${yellow(line)}`);
    return 0;
  },
};
