import type { ArchBackend, PfnKind, SwpFlags } from "@ptekit/core";
import { toJson } from "@ptekit/core";
import type { Command, Given } from "../command.ts";
import { UsageError } from "../errors.ts";
import { oneOf, readMarker } from "../names.ts";
import { readNumber, readSmall } from "../numbers.ts";
import { backendAtLevel, JSON_OPTION, LEVEL_OPTIONS, TARGET_OPTIONS } from "../target.ts";
import { wordText } from "../words.ts";

const ACCESSES = ["read", "read-exclusive", "write"];

export const encode: Command = {
  name: "encode",
  summary: "write a page-table entry, and its swp_entry_t",
  description: [
    "One of three: --type and --offset for a swap entry, --marker for a PTE marker, --migration and --pfn for a migration entry. Numbers are as in C: decimal, or hexadecimal after 0x. What does not fit is refused, with the limit (exit status 1).",
  ],
  options: [
    ...TARGET_OPTIONS,
    ...LEVEL_OPTIONS,
    { name: "type", value: "T", help: "the swap type" },
    { name: "offset", value: "O", help: "the swap offset, in pages" },
    { name: "exclusive", help: "pte_swp_mkexclusive()" },
    { name: "soft-dirty", help: "pte_swp_mksoft_dirty()" },
    { name: "uffd-wp", help: "pte_swp_mkuffd_wp()" },
    {
      name: "marker",
      value: "NAME",
      help: "a PTE marker: uffd-wp, poisoned, guard (6.2 to 6.5: swapin-error)",
    },
    { name: "migration", value: "ACCESS", help: "a migration entry: read, read-exclusive, write" },
    { name: "pfn", value: "P", help: "the page frame number of a migration entry" },
    { name: "young", help: "the page was young when it was migrated (6.1 and later)" },
    { name: "dirty", help: "the page was dirty when it was migrated (6.1 and later)" },
    JSON_OPTION,
  ],
  examples: [
    {
      line: "ptekit encode --arch arm64 --kernel 6.12 --type 3 --offset 0x1234 --uffd-wp",
      shows: "page 0x1234 of swap area 3, write-protected by userfaultfd",
    },
    {
      line: "ptekit encode --arch x86_64 --kernel 6.12 --marker guard",
      shows: "a guard is refused before 6.13",
      exit: 1,
    },
    {
      line: "ptekit encode --arch x86_64 --kernel 6.12 --migration write --pfn 0x1234 --young --json",
      shows: "a page on its way to another frame",
    },
  ],
  async run(given, out) {
    const backend = await backendAtLevel(given);
    const said = backend.decode(wordOf(backend, given));
    if (given.has("json")) out.json(toJson(said));
    else for (const line of wordText(backend, said, out.colors)) out.line(line);
    if (said.kind === "none" || said.kind === "present") {
      out.warn(`ptekit: ${said.layout}: the kernel's macros write this word, and read it as ${said.kind}`);
    }
    return 0;
  },
};

function wordOf(backend: ArchBackend, given: Given): bigint {
  const forms = ["type", "marker", "migration"].filter((name) => given.text(name) !== undefined);
  if (forms.length !== 1) {
    throw new UsageError(
      "encode takes --type T --offset O, or --marker NAME, or --migration ACCESS --pfn P: one of them",
    );
  }
  const flags: SwpFlags = {
    ...(given.has("exclusive") ? { exclusive: true } : {}),
    ...(given.has("soft-dirty") ? { softDirty: true } : {}),
    ...(given.has("uffd-wp") ? { uffdWp: true } : {}),
  };
  if (forms[0] === "marker") {
    refuse(given, "marker", ["offset", "pfn"], ["exclusive", "soft-dirty", "uffd-wp", "young", "dirty"]);
    return backend.specialPte(readMarker(need(given, "marker")), {
      by: "swap-type",
    });
  }
  if (forms[0] === "migration") {
    refuse(given, "migration", ["offset"], []);
    const access = oneOf("--migration", need(given, "migration"), ACCESSES);
    const ages = {
      ...(given.has("young") ? { young: true } : {}),
      ...(given.has("dirty") ? { dirty: true } : {}),
    };
    const pfn = readNumber(need(given, "pfn", "--migration"), "--pfn");
    return backend.encodePfn(`migration-${access}` as PfnKind, pfn, { ...flags, ...ages });
  }
  refuse(given, "type", ["pfn"], ["young", "dirty"]);
  const type = readSmall(need(given, "type"), "--type");
  return backend.encode({ type, offset: readNumber(need(given, "offset", "--type"), "--offset"), ...flags });
}

function need(given: Given, name: string, beside = ""): string {
  const text = given.text(name);
  if (text === undefined) throw new UsageError(`${beside} needs --${name}`);
  return text;
}

function refuse(given: Given, form: string, texts: readonly string[], switches: readonly string[]): void {
  const name =
    texts.find((text) => given.text(text) !== undefined) ?? switches.find((flag) => given.has(flag));
  if (name !== undefined) throw new UsageError(`--${name} does not go with --${form}`);
}
