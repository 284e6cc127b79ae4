import type { ArchBackend, PagemapEntry } from "@ptekit/core";
import { decodePagemap, hex, pagemapMeaning, runsText, shortHex } from "@ptekit/core";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { isOfMachine } from "../target.ts";
import type { Reader } from "../words.ts";

/** What prints words of /proc/PID/pagemap, as that kernel writes them. */
export function pagemapReader(backend: ArchBackend, json: boolean, out: Output): Reader {
  let isFirst = true;
  return (word) => {
    const said = decodePagemap(word, backend.kernel.release);
    return () => {
      if (json) return out.json(pagemapJson(backend, said));
      if (!isFirst) out.line();
      isFirst = false;
      for (const line of pagemapText(backend, said, out)) out.line(line);
    };
  };
}

function pagemapJson(backend: ArchBackend, said: PagemapEntry): object {
  const { word, pfn, offset, ...rest } = said;
  return {
    pagemap: hex(word, 64),
    kernel: backend.kernel.release,
    arch: backend.arch,
    assumed: backend.assumed,
    meaning: pagemapMeaning(said, backend.types),
    ...rest,
    ...(pfn === undefined ? {} : { pfn: shortHex(pfn) }),
    ...(offset === undefined ? {} : { offset: shortHex(offset) }),
  };
}

/** Which bit says what, as Documentation/admin-guide/mm/pagemap.rst counts them. */
const BITS = [
  ["present", 63, "in memory"],
  ["swapped", 62, "a swap entry"],
  ["fileOrShared", 61, "of a file, or shared memory"],
  ["guard", 58, "a guard region"],
  ["uffdWp", 57, "write-protected by userfaultfd"],
  ["exclusive", 56, "mapped once"],
  ["softDirty", 55, "soft-dirty"],
] as const;

function pagemapText(backend: ArchBackend, said: PagemapEntry, { colors }: Output): string[] {
  const { word, pfn, type, offset, unknown } = said;
  const flags = BITS.flatMap(([name, bit, what]) =>
    said[name] === undefined ? [] : [[`${bit}`, said[name] ? "1" : "0", what]],
  );
  const low =
    pfn !== undefined
      ? [["54:0", shortHex(pfn), "page frame number"]]
      : type === undefined
        ? []
        : [
            ["54:5", shortHex(offset ?? 0n), "swap offset"],
            ["4:0", `${type}`, "swap type"],
          ];
  return [
    `${colors.bold(hex(word, 64))}  ${colors.green(pagemapMeaning(said, backend.types))}`,
    colors.dim(`a word of /proc/PID/pagemap · Linux ${backend.kernel.release}`),
    "",
    ...table([["bits", "", ""], ...flags, ...low], colors.dim).map((line) => `  ${line}`),
    ...(unknown.length > 0
      ? [colors.yellow(`bits ${runsText(unknown)} are set, which Linux ${backend.kernel.release} never sets`)]
      : []),
    // Of a page in memory nothing hangs on the configuration.
    ...backend.assumed
      .filter((sentence) => said.swapped || isOfMachine(sentence))
      .map((sentence) => colors.yellow(`assumed: ${sentence}`)),
  ];
}
