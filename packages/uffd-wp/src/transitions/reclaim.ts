import { become, see, type Transition } from "../transition.ts";

const unmap = see("try_to_unmap_one()", "mm/rmap.c");
const install = see("pte_install_uffd_wp_if_needed()", "include/linux/mm_inline.h");
const toMigrate = see("try_to_migrate_one()", "mm/rmap.c");
const unuse = see("unuse_pte()", "mm/swapfile.c");
const failed = "every access now gets SIGBUS";

/** Reclaim, swapoff, migration, device memory, memory failure. */
export const reclaim: readonly Transition[] = [
  {
    rule: 8,
    event: "reclaim",
    moves: become("special", "present-wp"),
    vma: ["shmem", "file"],
    when: ["wp"],
    does: "special",
    citation: install,
  },
  {
    rule: 8,
    event: "reclaim",
    moves: become("none", "present", "present-wp"),
    vma: ["shmem", "file"],
    does: "clear",
    citation: unmap,
  },
  {
    rule: 9,
    event: "reclaim",
    moves: { present: "swap", "present-wp": "swap-wp" },
    vma: ["anonymous"],
    when: ["anon-page"],
    does: "swap-out",
    citation: unmap,
  },
  {
    rule: 21,
    event: "swapoff",
    moves: { swap: "present", "swap-wp": "present-wp" },
    does: "swap-in-read",
    citation: unuse,
  },
  {
    rule: 0,
    event: "swapoff-error",
    moves: become("poisoned", "swap", "swap-wp"),
    does: "poison",
    drops: failed,
    citation: unuse,
  },
  {
    rule: 10,
    event: "migrate-start",
    moves: { present: "migration", "present-wp": "migration-wp" },
    when: ["!zero-page"],
    does: "migrate",
    citation: toMigrate,
  },
  {
    rule: 30,
    event: "migrate-end",
    moves: become("present", "migration-wp"),
    when: ["writable-entry"],
    does: "migrate-end",
    drops:
      "PAGEMAP_SCAN set the bit of a writable entry; when migration ends the page is mapped writable, and the bit is not looked at",
    citation: see("remove_migration_pte()", "mm/migrate.c"),
  },
  {
    rule: 10,
    event: "migrate-end",
    moves: { migration: "present", "migration-wp": "present-wp" },
    does: "migrate-end",
    citation: see("remove_migration_pte()", "mm/migrate.c"),
  },
  {
    rule: 0,
    event: "to-device",
    moves: { present: "device", "present-wp": "device-wp" },
    vma: ["anonymous"],
    when: ["anon-page"],
    does: "to-device",
    citation: see("remove_migration_pte()", "mm/migrate.c"),
  },
  {
    rule: 0,
    event: "hwpoison",
    moves: become("hwpoison", "present", "present-wp"),
    when: ["!zero-page"],
    does: "hwpoison",
    sees: "SIGBUS",
    drops: failed,
    citation: unmap,
  },
];
