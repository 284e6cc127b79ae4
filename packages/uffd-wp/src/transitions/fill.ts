import { ANY, become, NOT_PRESENT, see, stay, type Transition } from "../transition.ts";
import type { VmaKind } from "../vocabulary.ts";

const install = see("mfill_atomic_install_pte()", "mm/userfaultfd.c");
const hugetlb = see("hugetlb_mfill_atomic_pte()", "mm/hugetlb.c");
const uffdMarker = see("pte_is_uffd_marker()", "include/linux/leafops.h", "7.2");
const mostly = see("pte_none_mostly()", "include/linux/swapops.h");
const without = "the page was put there without UFFDIO_COPY_MODE_WP or UFFDIO_CONTINUE_MODE_WP";
const cache = see("shmem_add_to_page_cache()", "mm/shmem.c");
const overSize = see("mfill_file_over_size()", "mm/userfaultfd.c");

type Fill = "copy" | "copy-wp" | "continue" | "continue-wp" | "zeropage";

/** What an ioctl that fills a PTE may find there. */
export function filling(event: Fill, vma: readonly VmaKind[], more: Partial<Transition> = {}): Transition[] {
  const protectedAfter = event.endsWith("-wp");
  const huge = vma.some((kind) => kind.endsWith("hugetlb"));
  const to = protectedAfter ? "present-wp" : "present";
  const common = {
    event,
    vma,
    when: [protectedAfter ? "wp" : "uffd"] as const,
    does: protectedAfter ? "fill-wp" : "fill",
    citation: install,
    ...more,
  } as const;
  return [
    { ...common, rule: 25, moves: become(to, "none") },
    {
      ...common,
      rule: 25,
      moves: become(to, "special"),
      ...(protectedAfter ? {} : { drops: without }),
    },
    {
      ...common,
      rule: 25,
      moves: become(to, "poisoned"),
      since: "6.2",
      citation: uffdMarker,
    },
    {
      ...common,
      rule: 25,
      moves: huge ? become(to, "empty") : become(to, "guard", "empty"),
      until: "6.19",
      citation: mostly,
      uncertain: "that only a uffd-wp or poison marker may be overwritten came between v6.12 and v7.2",
    },
    ...(vma.includes("hugetlb")
      ? []
      : [
          {
            ...common,
            rule: 25,
            moves: stay(...NOT_PRESENT, "present", "present-wp"),
            does: "keep",
            sees: "EEXIST",
          } as const,
        ]),
  ];
}

/** An error before the PTE is looked at. */
const fails = (
  event: Transition["event"],
  vma: readonly VmaKind[],
  when: NonNullable<Transition["when"]>,
  sees: NonNullable<Transition["sees"]>,
  citation: string,
): Transition => ({ rule: 25, event, moves: stay(...ANY), vma, when, does: "keep", sees, citation });

const anywhere = ["anonymous", "shmem", "file", "hugetlb"] as const;

/** The VMA is looked up before anything else, and one that is not registered is none. */
const notRegistered = (event: Transition["event"]): Transition =>
  fails(event, anywhere, ["!uffd"], "ENOENT", see("validate_dst_vma()", "mm/userfaultfd.c"));

/** An ioctl that protects, in a VMA that is registered for missing pages alone. */
const notWp = (event: Transition["event"]): Transition[] => [
  fails(event, anywhere, ["uffd", "!wp"], "EINVAL", ioctl),
];

/** Where the VMA may not be written, the bit was left out. */
const unwritable: Transition = {
  rule: 25,
  event: "copy-wp",
  moves: become("present", "none"),
  vma: ["anonymous"],
  when: ["wp", "!writable"],
  until: "5.13",
  does: "map-write",
  citation: see("mcopy_atomic_pte()", "mm/userfaultfd.c", "5.10"),
  uncertain: "that it is set came between v5.10 and v6.1, in v5.13 from memory",
};

/** An ioctl that brings a page beyond the end of the file. */
const beyond = (event: Transition["event"], vma: readonly VmaKind[]): Transition[] => [
  {
    ...fails(event, ["shmem"], ["uffd", "beyond"], "ENOMEM", overSize),
    since: "7.0",
    uncertain: "which error it is changed between v6.12 and v7.2",
  },
  fails(event, vma, ["uffd", "beyond"], "EFAULT", overSize),
];

const served = ["shmem", "hugetlb"] as const;
const ioctl = see("mfill_atomic()", "mm/userfaultfd.c");

/** UFFDIO_COPY, CONTINUE, ZEROPAGE, POISON, MOVE. */
export const fill: readonly Transition[] = [
  ...(["copy", "copy-wp", "continue", "continue-wp", "zeropage", "poison"] as const).map(notRegistered),
  ...(["copy", "copy-wp"] as const).flatMap((event) => [
    fails(event, ["file"], ["uffd"], "EINVAL", ioctl),
    ...(event === "copy-wp" ? notWp(event) : []),
    ...beyond(event, served),
    fails(event, served, ["uffd", "!hole"], "EEXIST", cache),
    ...(event === "copy-wp" ? [unwritable] : []),
    ...filling(event, ["anonymous", "shmem"]),
    ...filling(event, ["hugetlb"], { citation: hugetlb }),
  ]),
  ...(["continue", "continue-wp"] as const).flatMap((event) => [
    fails(event, ["anonymous", "file"], ["uffd"], "EINVAL", ioctl),
    ...(event === "continue-wp" ? notWp(event) : []),
    fails(event, served, ["uffd", "hole"], "EFAULT", see("mfill_atomic_pte_continue()", "mm/userfaultfd.c")),
    fails(event, served, ["uffd", "failed"], "EIO", see("mfill_atomic_pte_continue()", "mm/userfaultfd.c")),
    {
      ...fails(event, ["shmem"], ["uffd", "beyond"], "EINVAL", see("shmem_get_folio_gfp()", "mm/shmem.c")),
      until: "7.0",
      uncertain: "which error it is changed between v6.12 and v7.2",
    },
    fails(event, served, ["uffd", "beyond"], "EFAULT", overSize),
    ...filling(event, ["shmem"], { since: "5.14" }),
    ...filling(event, ["hugetlb"], { citation: hugetlb }),
    {
      ...fails(event, ["hugetlb"], ["uffd"], "EEXIST", hugetlb),
      moves: stay("present", "present-wp", ...NOT_PRESENT),
    },
  ]),
  fails("zeropage", ["file", "hugetlb"], ["uffd"], "EINVAL", ioctl),
  {
    rule: 25,
    event: "zeropage",
    moves: become("present", "none"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "map-zero-page",
    citation: see("mfill_atomic_pte_zeropage()", "mm/userfaultfd.c"),
  },
  {
    rule: 25,
    event: "zeropage",
    moves: stay(...ANY),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EEXIST",
    citation: see("mfill_atomic_pte_zeropage()", "mm/userfaultfd.c"),
  },
  ...beyond("zeropage", ["shmem"]),
  fails("zeropage", ["shmem"], ["uffd", "!hole"], "EEXIST", cache),
  ...filling("zeropage", ["shmem"]),

  fails("poison", ["file"], ["uffd"], "EINVAL", ioctl),
  { ...fails("poison", ["shmem"], ["uffd", "beyond"], "EFAULT", overSize), rule: 26 },
  {
    rule: 26,
    event: "poison",
    moves: become("poisoned", "none"),
    vma: ["anonymous", "shmem", "hugetlb"],
    when: ["uffd"],
    does: "poison",
    citation: see("mfill_atomic_pte_poison()", "mm/userfaultfd.c"),
  },
  {
    rule: 26,
    event: "poison",
    moves: stay("present", "present-wp", ...NOT_PRESENT),
    vma: ["anonymous", "shmem", "hugetlb"],
    when: ["uffd"],
    does: "keep",
    sees: "EEXIST",
    citation: see("mfill_atomic_pte_poison()", "mm/userfaultfd.c"),
  },
];

const moving = see("move_pages_pte()", "mm/userfaultfd.c");

export const moves: readonly Transition[] = [
  ...(["move", "move-onto"] as const).map((event) => ({
    ...fails(event, anywhere, ["!uffd"], "EINVAL", see("validate_move_areas()", "mm/userfaultfd.c")),
    rule: 27,
  })),
  ...(["move", "move-onto"] as const).map(
    (event): Transition => ({
      rule: 27,
      event,
      moves: stay(...ANY),
      when: ["uffd", "!writable"],
      does: "keep",
      sees: "EINVAL",
      citation: see("validate_move_areas()", "mm/userfaultfd.c"),
    }),
  ),
  ...(["move", "move-onto"] as const).map(
    (event): Transition => ({
      rule: 27,
      event,
      moves: stay(...ANY),
      vma: ["shmem", "file", "hugetlb"],
      when: ["uffd"],
      does: "keep",
      sees: "EINVAL",
      citation: see("validate_move_areas()", "mm/userfaultfd.c"),
    }),
  ),
  {
    rule: 27,
    event: "move",
    moves: stay("none"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "ENOENT",
    citation: moving,
  },
  {
    rule: 27,
    event: "move",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["uffd", "pinned"],
    does: "keep",
    sees: "EBUSY",
    citation: moving,
  },
  ...(["zero-page", "exclusive"] as const).map(
    (condition): Transition => ({
      rule: 27,
      event: "move",
      moves: become("present", "present", "present-wp"),
      vma: ["anonymous"],
      when: ["uffd", condition],
      does: "move-page",
      drops: "a moved page gets a new PTE, without the bit",
      citation: see("move_present_pte()", "mm/userfaultfd.c"),
    }),
  ),
  {
    rule: 27,
    event: "move",
    moves: stay("present", "present-wp"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EBUSY",
    citation: moving,
  },
  {
    rule: 27,
    event: "move",
    moves: stay("swap", "swap-wp"),
    vma: ["anonymous"],
    when: ["uffd", "exclusive"],
    does: "remap",
    citation: see("move_swap_pte()", "mm/userfaultfd.c"),
  },
  {
    rule: 27,
    event: "move",
    moves: stay("swap", "swap-wp"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EBUSY",
    citation: moving,
  },
  {
    rule: 27,
    event: "move",
    moves: stay("migration", "migration-wp"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EAGAIN",
    citation: moving,
  },
  {
    rule: 27,
    event: "move",
    moves: stay("special", "poisoned", "guard", "hwpoison", "empty", "device", "device-wp"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EFAULT",
    citation: moving,
  },
  {
    rule: 27,
    event: "move-onto",
    moves: become("present", "none"),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "map-write",
    citation: moving,
  },
  {
    rule: 27,
    event: "move-onto",
    moves: stay("present", "present-wp", ...NOT_PRESENT),
    vma: ["anonymous"],
    when: ["uffd"],
    does: "keep",
    sees: "EEXIST",
    citation: moving,
  },
];
