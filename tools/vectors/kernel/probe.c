/*
 * The kernel's half: every function asks a macro or an inline function of the kernel's headers and hands on the
 * answer. Nothing here knows a bit number. Compiled with the kernel's own flags, see ../compile.mjs.
 */

/* x86: take the number of levels from a variable, as early boot code does, and not from a patched CPU feature. */
#define USE_EARLY_PGTABLE_L5

#include <linux/version.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
#define PTE_TO_ENTRY softleaf_from_pte /* since v6.19; it reads an empty or present PTE as an empty entry */
#else
#define PTE_TO_ENTRY pte_to_swp_entry
#endif

#include "probe.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
/* The bit has served UFFDIO_RWPROTECT too since v7.3, and lost its "_wp". */
#define pte_mkuffd_wp pte_mkuffd
#define pte_uffd_wp pte_uffd
#define pte_clear_uffd_wp pte_clear_uffd
#define pte_swp_mkuffd_wp pte_swp_mkuffd
#define pte_swp_uffd_wp pte_swp_uffd
#define pmd_swp_mkuffd_wp pmd_swp_mkuffd
#define pmd_swp_uffd_wp pmd_swp_uffd
#define pmd_mkuffd_wp pmd_mkuffd
#define pmd_uffd_wp pmd_uffd
#endif

/* Made by ../compile.mjs: `#ifdef X`, `CONSTANT(X)`, `#endif` for each name that some release has. */
static const struct constant *constant(int wanted)
{
	static struct constant found;
	int i = 0;
#define CONSTANT(NAME)                                                                                                 \
	if (i++ == wanted) {                                                                                           \
		found.name = #NAME;                                                                                    \
		found.value = (word)(NAME);                                                                            \
		return &found;                                                                                         \
	}
#include "constants.h"
	return 0;
}

PROBE_ABI const struct constant *probe_constant(int i)
{
	return constant(i);
}

/* The same for the flags of a present PTE, by the names that the architectures' data gives them. */
PROBE_ABI const struct constant *probe_flag(int wanted)
{
	static struct constant found;
	int i = 0;
#include "flags.h"
	return 0;
}

/* The word in a pte_t: pte_val() gives an unsigned long, or 64 bits where a PTE is wider than a long. */
static word word_of(pte_t pte)
{
	return pte_val(pte);
}

static pte_t pte_of(word value)
{
	return __pte(value);
}

/* generic_max_swapfile_size() in mm/swapfile.c, less its "+ 1"; spelled with the arch's macros, as v6.19 does. */
static word max_offset(void)
{
	swp_entry_t arch = __pte_to_swp_entry(swp_entry_to_pte(swp_entry(0, ~0UL)));

	return swp_offset(swp_entry(__swp_type(arch), __swp_offset(arch)));
}

/* The largest type that survives: the generic entry may be wider than the PTE's field, and spill into the offset. */
static unsigned int max_type(void)
{
	unsigned int type = 0;

	while (type < (~0UL >> SWP_TYPE_SHIFT)) {
		swp_entry_t arch = __pte_to_swp_entry(swp_entry_to_pte(swp_entry(type + 1, 1)));

		if (__swp_type(arch) != type + 1 || __swp_offset(arch) != 1)
			break;
		type++;
	}
	return type;
}

static void present_boot(void);

#ifdef SWP_MIG_YOUNG_BIT
/* Defined in mm/swapfile.c, and decided by its swapfile_init(), whose test this repeats. */
bool swap_migration_ad_supported;

static int migration_ad(void)
{
	return max_offset() + 1 >= (1UL << SWP_MIG_TOTAL_BITS);
}

PROBE_ABI void probe_boot(void)
{
	present_boot();
	swap_migration_ad_supported = migration_ad();
}
#else
static int migration_ad(void)
{
	return -1;
}

PROBE_ABI void probe_boot(void)
{
	present_boot();
}
#endif

/* The exclusive bit: none before v5.19; optional up to v6.3, with stubs in linux/pgtable.h; everywhere after. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
#define swp_mkexclusive(pte) pte_swp_mkexclusive(pte)
#define swp_exclusive(pte) pte_swp_exclusive(pte)
#else
#define swp_mkexclusive(pte) (pte)
#define swp_exclusive(pte) false
#endif

PROBE_ABI void probe_head(struct head *head)
{
	/* A swap PTE with no flag set: what the flag functions are meant to be called with. */
	pte_t swap = swp_entry_to_pte(swp_entry(1, 1)), present;
	unsigned int bit;

	head->pte_bits = sizeof(pte_t) * 8;
	head->long_bits = BITS_PER_LONG;
	head->max_type = max_type();
	head->max_offset = max_offset();
	head->exclusive = word_of(swp_mkexclusive(swap)) ^ word_of(swap);
	head->soft_dirty = word_of(pte_swp_mksoft_dirty(swap)) ^ word_of(swap);
	head->uffd_wp = word_of(pte_swp_mkuffd_wp(swap)) ^ word_of(swap);

	head->present_mask = head->none_ignored_mask = 0;
	for (bit = 0; bit < head->pte_bits; bit++) {
		if (pte_present(pte_of(1ULL << bit)))
			head->present_mask |= 1ULL << bit;
		if (pte_none(pte_of(1ULL << bit)))
			head->none_ignored_mask |= 1ULL << bit;
	}

	/* What clearing takes back: marking may also write-protect. */
	present = pte_mkuffd_wp(pte_of(0));
	head->present_uffd_wp = word_of(present) ^ word_of(pte_clear_uffd_wp(present));
	present = pte_mksoft_dirty(pte_of(0));
	head->present_soft_dirty = word_of(present) ^ word_of(pte_clear_soft_dirty(present));
	head->migration_ad = migration_ad();
}

PROBE_ABI word probe_encode(word type, word offset, word *entry)
{
	swp_entry_t generic = swp_entry(type, offset);

	*entry = generic.val;
	return word_of(swp_entry_to_pte(generic));
}

static const char *class_of(unsigned int type)
{
#ifdef SWP_HWPOISON
	if (type == SWP_HWPOISON)
		return "hwpoison";
#endif
#ifdef SWP_MIGRATION_READ
	if (type == SWP_MIGRATION_READ)
		return "migration-read";
	if (type == SWP_MIGRATION_WRITE)
		return "migration-write";
#endif
#ifdef SWP_MIGRATION_READ_EXCLUSIVE
	if (type == SWP_MIGRATION_READ_EXCLUSIVE)
		return "migration-read-exclusive";
#endif
#ifdef SWP_DEVICE_READ
	if (type == SWP_DEVICE_READ)
		return "device-private-read";
	if (type == SWP_DEVICE_WRITE)
		return "device-private-write";
#endif
#ifdef SWP_DEVICE_EXCLUSIVE_READ
	if (type == SWP_DEVICE_EXCLUSIVE_READ)
		return "device-exclusive-read";
	if (type == SWP_DEVICE_EXCLUSIVE_WRITE)
		return "device-exclusive-write";
#endif
#ifdef SWP_DEVICE_EXCLUSIVE
	if (type == SWP_DEVICE_EXCLUSIVE)
		return "device-exclusive";
#endif
#ifdef SWP_SWAPIN_ERROR
	if (type == SWP_SWAPIN_ERROR)
		return "swapin-error";
#endif
#ifdef SWP_PTE_MARKER
	if (type == SWP_PTE_MARKER)
		return 0;
#endif
	/* non_swap_entry() calls the rest special too: only a 6-bit type field gets there. */
	return type < MAX_SWAPFILES ? "swap" : "unknown";
}

PROBE_ABI void probe_decode(word value, struct decoded *out)
{
	pte_t pte = pte_of(value);
	swp_entry_t entry, arch;

	out->none = pte_none(pte) != 0;
	out->present = pte_present(pte) != 0;
	if (out->none || out->present)
		return;
	entry = PTE_TO_ENTRY(pte);
	arch = __pte_to_swp_entry(pte_swp_clear_flags(pte));
	out->type = swp_type(entry);
	out->offset = swp_offset(entry);
	out->arch_type = __swp_type(arch);
	out->arch_offset = __swp_offset(arch);
	out->entry = entry.val;
	out->exclusive = swp_exclusive(pte) != 0;
	out->soft_dirty = pte_swp_soft_dirty(pte) != 0;
	out->uffd_wp = pte_swp_uffd_wp(pte) != 0;
	out->class_name = class_of(out->type);
	out->marker = 0;
#ifdef SWP_PTE_MARKER
	out->marker = swp_offset(entry) & PTE_MARKER_MASK;
#endif
}

#ifdef SWP_PTE_MARKER
PROBE_ABI int probe_marker(word bits, word *pte)
{
	*pte = word_of(make_pte_marker(bits));
	return 1;
}
#else
PROBE_ABI int probe_marker(word bits, word *pte)
{
	return 0;
}
#endif

PROBE_ABI const char *probe_marker_name(int i)
{
#ifdef PTE_MARKER_UFFD_WP
	if ((1UL << i) == PTE_MARKER_UFFD_WP)
		return "uffd-wp";
#endif
#ifdef PTE_MARKER_POISONED
	if ((1UL << i) == PTE_MARKER_POISONED)
		return "poisoned";
#endif
#ifdef PTE_MARKER_GUARD
	if ((1UL << i) == PTE_MARKER_GUARD)
		return "guard";
#endif
	return 0;
}

/* Before v5.14 the makers take a struct page; their body is swp_entry(TYPE, page_to_pfn(page)). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
#define MAKE(maker, type, pfn) maker(pfn)
#else
#define MAKE(maker, type, pfn) swp_entry(type, pfn)
#endif

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static int migration_entry(const char *kind, word pfn, swp_entry_t *entry)
{
#ifdef SWP_MIGRATION_READ
	if (same(kind, "migration-read"))
		*entry = MAKE(make_readable_migration_entry, SWP_MIGRATION_READ, pfn);
	else if (same(kind, "migration-write"))
		*entry = MAKE(make_writable_migration_entry, SWP_MIGRATION_WRITE, pfn);
#ifdef SWP_MIGRATION_READ_EXCLUSIVE
	else if (same(kind, "migration-read-exclusive"))
		*entry = make_readable_exclusive_migration_entry(pfn);
#endif
	else
		return 0;
	return 1;
#else
	return 0;
#endif
}

static int device_entry(const char *kind, word pfn, swp_entry_t *entry)
{
#ifdef SWP_DEVICE_READ
	if (same(kind, "device-private-read"))
		*entry = MAKE(make_readable_device_private_entry, SWP_DEVICE_READ, pfn);
	else if (same(kind, "device-private-write"))
		*entry = MAKE(make_writable_device_private_entry, SWP_DEVICE_WRITE, pfn);
#ifdef SWP_DEVICE_EXCLUSIVE_READ
	else if (same(kind, "device-exclusive-read"))
		*entry = make_readable_device_exclusive_entry(pfn);
	else if (same(kind, "device-exclusive-write"))
		*entry = make_writable_device_exclusive_entry(pfn);
#endif
#ifdef SWP_DEVICE_EXCLUSIVE
	else if (same(kind, "device-exclusive"))
		*entry = make_device_exclusive_entry(pfn);
#endif
	else
		return 0;
	return 1;
#else
	return 0;
#endif
}

/* make_hwpoison_entry() and make_swapin_error_entry() take a struct page in every release: these are their bodies. */
static int error_entry(const char *kind, word pfn, swp_entry_t *entry)
{
#ifdef SWP_HWPOISON
	if (same(kind, "hwpoison")) {
		*entry = swp_entry(SWP_HWPOISON, pfn);
		return 1;
	}
#endif
#ifdef SWP_SWAPIN_ERROR
	if (same(kind, "swapin-error")) {
		*entry = swp_entry(SWP_SWAPIN_ERROR, pfn);
		return 1;
	}
#endif
	return 0;
}

PROBE_ABI int probe_special(const char *kind, word pfn, struct special *out)
{
	swp_entry_t entry;

	out->has_ad = 0;
	if (migration_entry(kind, pfn, &entry)) {
#ifdef SWP_MIG_YOUNG_BIT
		swp_entry_t young = make_migration_entry_young(entry);

		out->has_ad = 1;
		out->young = word_of(swp_entry_to_pte(young));
		out->dirty = word_of(swp_entry_to_pte(make_migration_entry_dirty(entry)));
		out->young_dirty = word_of(swp_entry_to_pte(make_migration_entry_dirty(young)));
#endif
	} else if (!device_entry(kind, pfn, &entry) && !error_entry(kind, pfn, &entry)) {
		return 0;
	}
	out->entry = entry.val;
	out->pte = word_of(swp_entry_to_pte(entry));
	return 1;
}

#include "present.h"
