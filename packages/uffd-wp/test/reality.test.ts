import type { AnyDecoded, ArchBackend } from "@ptekit/core";
import { accessOf, atLeast, hex, parseRelease, rowsOf, targetOfHead } from "@ptekit/core";
import type { EventText, FeatureName, VmaKind } from "@ptekit/uffd-wp";
import { begin, pagemapOf, run, whyNoUffdWp } from "@ptekit/uffd-wp";
import { describe, expect, it } from "vitest";
import type { Live } from "./subjects.ts";
import { guests } from "./subjects.ts";

/** What pagemap says of a row: where the page or the slot is, which is the model's input. */
interface Given {
  readonly pfn: string;
  readonly slot: string;
  /** The PFN of an entry that holds one. */
  readonly entryPfn: string;
}

interface Story {
  readonly vma?: VmaKind;
  readonly features?: readonly FeatureName[];
  /** What the program in the guest did; every way in which the pages of one region were treated. */
  readonly ways: (given: Given, backend: ArchBackend) => readonly EventText[][];
}

const hasSoftDirty = (backend: ArchBackend): boolean => rowsOf(backend.layout, "softDirty").length > 0;
const arms = (backend: ArchBackend): boolean => whyNoUffdWp(backend) === null;

/** The ways that there are only where something holds. */
const only = (holds: boolean, ...ways: EventText[][]): EventText[][] => (holds ? ways : []);

/** Written and swapped out; where soft-dirty is kept, clear_refs may have come in between. */
const swapped = (slot: string, backend: ArchBackend, between: readonly EventText[] = []): EventText[][] => [
  ["write", ...between, `reclaim=${slot}`],
  ...only(hasSoftDirty(backend), ["write", "clear-soft-dirty", ...between, `reclaim=${slot}`]),
];

/** Written and protected, and not swapped out. */
const stillThere = (pfn: string, backend: ArchBackend): EventText[][] => [
  ["register", `write=${pfn}`, "write-protect"],
  ...only(hasSoftDirty(backend), ["register", `write=${pfn}`, "clear-soft-dirty", "write-protect"]),
];

const plain: Story = { ways: ({ slot }, backend) => swapped(slot, backend) };

const stories: Readonly<Record<string, Story>> = {
  anon_swap0: plain,
  anon_swap1_highoff: plain,
  anon_swap2: plain,
  anon_swap2_zram: plain,
  filler1: plain,
  filler2: plain,
  thp_swapped: plain,
  anon_mixed: plain,
  anon_readonly: plain,
  fork_shared_swap: { ways: ({ slot }, backend) => swapped(slot, backend, ["fork"]) },
  softdirty: { ways: ({ slot }, backend) => swapped(slot, backend) },
  // Some pages of the region were protected, some were not.
  uffd_anon: {
    ways: ({ pfn, slot }, backend) => [
      ...swapped(slot, backend),
      ...only(
        arms(backend),
        ...swapped(slot, backend, ["write-protect"]).map((way): EventText[] => ["register", ...way]),
        ...stillThere(pfn, backend),
      ),
    ],
  },
  protnone: {
    ways: ({ pfn, slot }, backend) => [
      [`write=${pfn}`, "mprotect-none"],
      ...only(hasSoftDirty(backend), [`write=${pfn}`, "clear-soft-dirty", "mprotect-none"]),
      ...swapped(slot, backend, ["mprotect-none"]),
    ],
  },
  ksm: { ways: ({ pfn }) => [["write", `ksm=${pfn}`]] },
  // Kept once for two places, a page is nobody's alone.
  ksm_swapped: { ways: ({ slot }) => [["write", "ksm", `reclaim=${slot}`]] },
  hwpoison_anon: { ways: ({ entryPfn }) => [[`write=${entryPfn}`, "hwpoison"]] },
  hwpoison_shmem: { vma: "shmem", ways: ({ entryPfn }) => [[`write=${entryPfn}`, "hwpoison"]] },
  swapin_error: {
    ways: ({ entryPfn }) => [
      ["write", "reclaim", `swapoff-error=${entryPfn}`],
      ["write", "reclaim", "swapoff-error"],
    ],
  },
  uffd_shmem: {
    vma: "shmem",
    ways: ({ pfn }, backend) => [
      ["register", "write", "write-protect", "dontneed"],
      ["register", "write", "write-protect", "reclaim"],
      ...only(arms(backend), ...stillThere(pfn, backend)),
    ],
  },
  uffd_shmem_unpop: { vma: "shmem", ways: () => [["register", "write-protect"]] },
  uffd_anon_unpop: { features: ["wp-unpopulated"], ways: () => [["register", "write-protect"]] },
  uffd_poison_anon: { ways: () => [["register-missing", "poison"]] },
  uffd_poison_shmem: { vma: "shmem", ways: () => [["register-missing", "poison"]] },
  guard_anon: { ways: () => [["guard-install"]] },
  guard_shmem: { vma: "shmem", ways: () => [["guard-install"]] },
  guard_forked: {
    ways: ({ pfn }) => [
      ["guard-install", "fork-child"],
      ["guard-install", "fork"],
      [`write=${pfn}`, "fork"],
    ],
  },
};

/** Regions that are no story of one PTE, and why. */
const untold: Readonly<Record<string, string>> = {
  "vma:/init": "the program's own text and data, mapped when it started",
  "vma:anon:---p": "never touched",
  "vma:anon:rw-p": "never touched",
  untouched: "never touched",
  zero_page: "read and never written: the page is no file's and nobody's",
  shmem: "memory of a file without userfaultfd",
  thp: "a huge page, mapped by a PMD; where there is none, pages that nothing else was done to",
  hugetlb: "pages of hugetlbfs, mapped by PMDs",
  hugetlb_hwpoison: "a page of hugetlbfs that failed: a PMD",
  thp_zero: "the huge zero page, mapped by a PMD: the PTE is empty",
};

/** Pages of a region that its story left alone, by what the kernel says of them: written and still there, or never touched. */
const besides = (pagemap: bigint, { pfn }: Given, backend: ArchBackend): EventText[][] => {
  const written = `write=${pfn}` as const;
  if (isPresent(pagemap)) return [[written], ...only(hasSoftDirty(backend), [written, "clear-soft-dirty"])];
  return only((pagemap & ~NEW_MAPPING) === 0n, []);
};

/** pagemap calls a page soft-dirty where its mapping is new. */
const NEW_MAPPING = 1n << 55n;

/** A kernel whose user pages are not described has no life to tell. */
const isTold = ({ arch, ...guest }: Live): boolean =>
  arch.for(targetOfHead(arch, guest)).present?.user !== undefined;

const found = await guests();
const all = found.filter(isTold);

it.skip.each(found.filter((guest) => !isTold(guest)))(
  "$arch.name $name is not told: how its kernel maps a page of user space is not described",
  () => {},
);

describe.each(all)("$name", (guest) => {
  const backend = guest.arch.for(targetOfHead(guest.arch, guest));
  const regions = [...new Set(guest.rows.map((row) => row.region))];
  const text = (pte: bigint): string => hex(pte, backend.layout.pteBits);

  it("every region has a story, or a reason why not", () => {
    expect(regions.filter((region) => !(region in stories) && !(region in untold))).toEqual([]);
  });

  it.each(regions.filter((region) => region in stories))("%s ends in the words that were found", (region) => {
    const story = stories[region] as Story;
    const rows = guest.rows.filter((row) => row.region === region);
    for (const row of rows) {
      const pagemap = BigInt(row.pagemap);
      const frame = pagemap & ((1n << 55n) - 1n);
      const given: Given = {
        pfn: `${frame}`,
        slot: `${frame & 31n}:${frame >> 5n}`,
        entryPfn: `${frame >> 5n}`,
      };
      const { vma = "anonymous", features = [] } = story;
      const ways = [...story.ways(given, backend), ...besides(pagemap, given, backend)].flatMap((events) => {
        // Where a slot names a special type, or a frame is no PFN, another way of the story is meant.
        if (events.some((event) => event.startsWith("reclaim=")) && isPresent(pagemap)) return [];
        if (
          !events.some((event) => event.startsWith("reclaim=")) &&
          region === "protnone" &&
          !isPresent(pagemap)
        )
          return [];
        return [text(lastWord(backend, events, vma, features))];
      });
      const found = BigInt(row.pte);
      // The accessed bit may have been cleared since: the young word of the same page is meant then.
      const expected = isPresent(pagemap) && !ways.includes(text(found)) ? young(backend, found) : found;
      expect(ways, `${region} ${row.pte}`).toContain(text(expected));
    }
    expect(rows.length).toBeGreaterThan(0);
  });

  const protection = arms(backend)
    ? "some pages of uffd_anon were swapped out with their protection"
    : "this guest arms no uffd-wp: no page of uffd_anon has a protection";
  it(protection, () => {
    const words = guest.rows
      .filter((row) => row.region === "uffd_anon")
      .map((row): AnyDecoded => backend.decode(BigInt(row.pte)))
      .filter(({ kind }) => kind === "swap");
    // A program that was refused the protection says so, and leaves the region out.
    if (arms(backend)) expect(words.length).toBeGreaterThan(0);
    if (words.length === 0) return;
    expect(new Set(words.map(({ kind, uffdWp }) => `${kind} ${uffdWp}`))).toEqual(
      new Set(arms(backend) ? ["swap true", "swap false"] : ["swap false"]),
    );
  });

  it("pagemap says what pagemapOf says of every PTE", () => {
    for (const row of guest.rows) {
      const word = BigInt(row.pagemap);
      const bit = (n: bigint): boolean => ((word >> n) & 1n) === 1n;
      const release = parseRelease(guest.release);
      const said = pagemapOf(begin(backend, { pte: BigInt(row.pte) }));
      expect([row.pte, said.present, said.swapped, said.softDirty, said.frame]).toEqual([
        row.pte,
        bit(63n),
        bit(62n),
        bit(55n),
        word & ((1n << 55n) - 1n),
      ]);
      if (atLeast(release, "5.14")) expect([row.pte, said.uffdWp]).toEqual([row.pte, bit(57n)]);
      if (atLeast(release, "6.15")) expect([row.pte, said.guard]).toEqual([row.pte, bit(58n)]);
    }
  });
});

const isPresent = (pagemap: bigint): boolean => pagemap >> 63n === 1n;

const lastWord = (
  backend: ArchBackend,
  events: readonly EventText[],
  vma: VmaKind,
  features: readonly FeatureName[],
): bigint => run(backend, events, { vma, features }).at(-1)?.after.pte ?? 0n;

/** The word with the bits that a young page has in every use: of what is compared, the accessed bit alone can be off. */
function young(backend: ArchBackend, pte: bigint): bigint {
  const { user } = backend.present ?? {};
  const access = accessOf(backend, pte);
  if (!user || access === undefined) return pte;
  const accessed = user.read & user.write & user.none;
  const missing = accessed & ~pte;
  expect(missing & (missing - 1n)).toBe(0n);
  return pte | missing;
}
