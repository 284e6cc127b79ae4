/*
 * Present PTEs, and PMDs: the rest of the kernel's half, in the same file for the compiler as probe.c. Here too every
 * answer comes from a macro or an inline function of the kernel's headers.
 */

/* --- what a booting kernel decides ------------------------------------------------------------------------------- */

#ifdef CONFIG_X86
pteval_t __default_kernel_pte_mask = ~0ULL;
pteval_t __supported_pte_mask = ~0ULL;
/* No CPU feature: pte_write() asks for user shadow stacks. */
struct cpuinfo_x86 boot_cpu_data;
/* _PAGE_NOCACHE is no flag here, but a call. */
unsigned long cachemode2protval(enum page_cache_mode mode)
{
	return 0;
}
#endif
#ifdef CONFIG_ARM
pgprot_t pgprot_user, pgprot_kernel;
#endif
#ifdef CONFIG_MIPS
#include <asm/cpu-info.h>
unsigned long _page_cachable_default;
struct cpuinfo_mips cpu_data[NR_CPUS];
#endif
#if defined(CONFIG_S390) && defined(__pgprot_page_mask)
unsigned long page_noexec_mask = ~0UL, segment_noexec_mask = ~0UL;
#endif
#ifdef __identity_base
struct vm_layout vm_layout;
#endif
#if defined(CONFIG_M68K) && !defined(mm_cachebits)
unsigned long mm_cachebits;
#endif

static void present_boot(void)
{
#ifdef CONFIG_ARM
	/* build_mem_type_table() adds the memory type of the machine. */
	pgprot_user = __pgprot(L_PTE_PRESENT | L_PTE_YOUNG);
#endif
#ifdef CONFIG_MIPS
	_page_cachable_default = _CACHE_CACHABLE_NONCOHERENT;
#ifdef CONFIG_CPU_HAS_RIXI
	cpu_data[0].options |= MIPS_CPU_RIXI;
#endif
#endif
}

/* --- present PTEs -------------------------------------------------------------------------------------------------- */

/* User protections, by the name under which the file lists them. mips fills protection_map[] at boot: its body. */
static int protection(const char *name, pgprot_t *prot)
{
#define PROTECTION(NAME, VALUE)                                                                                        \
	if (same(name, NAME)) {                                                                                        \
		*prot = VALUE;                                                                                         \
		return 1;                                                                                              \
	}
#ifdef CONFIG_MIPS
#define MIPS_PROT(FLAGS) __pgprot(_page_cachable_default | _PAGE_PRESENT | (FLAGS))
	PROTECTION("none", MIPS_PROT(_PAGE_NO_EXEC | _PAGE_NO_READ))
	PROTECTION("read", MIPS_PROT(_PAGE_NO_EXEC))
	PROTECTION("write", MIPS_PROT(_PAGE_NO_EXEC | _PAGE_WRITE))
#else
#if defined(PAGE_NONE)
	PROTECTION("none", PAGE_NONE)
#elif defined(PAGE_U_NONE)
	PROTECTION("none", PAGE_U_NONE)
#endif
#if defined(PAGE_READONLY)
	PROTECTION("read", PAGE_READONLY)
#elif defined(PAGE_READ)
	PROTECTION("read", PAGE_READ)
#elif defined(PAGE_RO)
	PROTECTION("read", PAGE_RO)
#elif defined(PAGE_U_R)
	PROTECTION("read", PAGE_U_R)
#endif
#if defined(PAGE_RW)
	PROTECTION("write", PAGE_RW)
#elif defined(PAGE_SHARED)
	PROTECTION("write", PAGE_SHARED)
#endif
#endif
	return 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define mkwrite(pte) pte_mkwrite_novma(pte)
#else
#define mkwrite(pte) pte_mkwrite(pte)
#endif

static int changed(const char *how, pte_t *pte)
{
#define CHANGE(NAME, VALUE)                                                                                            \
	if (same(how, NAME)) {                                                                                         \
		*pte = VALUE;                                                                                          \
		return 1;                                                                                              \
	}
	CHANGE("as-it-is", *pte)
	CHANGE("mkdirty", pte_mkdirty(*pte))
	CHANGE("mkclean", pte_mkclean(*pte))
	CHANGE("mkyoung", pte_mkyoung(*pte))
	CHANGE("mkold", pte_mkold(*pte))
	CHANGE("mkwrite", mkwrite(*pte))
	CHANGE("wrprotect", pte_wrprotect(*pte))
	CHANGE("mkspecial", pte_mkspecial(*pte))
	CHANGE("mksoft_dirty", pte_mksoft_dirty(*pte))
	CHANGE("mkuffd_wp", pte_mkuffd_wp(*pte))
	CHANGE("mkdirty-wrprotect", pte_wrprotect(pte_mkdirty(*pte)))
	CHANGE("mkdirty-mkwrite", mkwrite(pte_mkdirty(*pte)))
	CHANGE("mkold-mkclean", pte_mkclean(pte_mkold(*pte)))
	return 0;
}

PROBE_ABI int probe_present(word value, struct present *out)
{
	pte_t pte = pte_of(value);

	out->none = pte_none(pte) != 0;
	out->present = pte_present(pte) != 0;
	out->pfn = pte_pfn(pte);
	out->write = pte_write(pte) != 0;
	out->dirty = pte_dirty(pte) != 0;
	out->young = pte_young(pte) != 0;
	out->special = pte_special(pte) != 0;
	out->soft_dirty = pte_soft_dirty(pte) != 0;
	out->uffd_wp = pte_uffd_wp(pte) != 0;
	out->has_protnone = IS_ENABLED(CONFIG_ARCH_HAS_PTE_PROTNONE) || IS_ENABLED(CONFIG_NUMA_BALANCING);
	out->protnone = pte_protnone(pte) != 0;
	return out->present;
}

PROBE_ABI int probe_make(const char *prot_name, const char *how, word pfn, word *value)
{
	pgprot_t prot;
	pte_t pte;

	if (!protection(prot_name, &prot))
		return 0;
	pte = pfn_pte(pfn, prot);
	if (!changed(how, &pte))
		return 0;
	*value = word_of(pte);
	return 1;
}

/*
 * _PAGE_CHG_MASK, as pte_modify() applies it: a read-only page with one bit more, made read-only again. What the
 * protection has itself cannot be asked that way.
 */
PROBE_ABI int probe_modify(word *asked, word *kept)
{
	pgprot_t prot;
	word plain, bit, after;
	unsigned int i;
	pte_t page;

	if (!protection("read", &prot))
		return 0;
	page = pfn_pte(0, prot);
	plain = word_of(page) | word_of(pte_modify(page, prot));
	*asked = *kept = 0;
	for (i = 0; i < sizeof(pte_t) * 8; i++) {
		bit = 1ULL << i;
		if (plain & bit)
			continue;
		after = word_of(pte_modify(pte_of(word_of(page) | bit), prot));
		*asked |= bit;
		*kept |= after & bit;
	}
	return 1;
}

/* --- PMDs ---------------------------------------------------------------------------------------------------------- */

#if defined(CONFIG_ARCH_ENABLE_THP_MIGRATION) || defined(CONFIG_ARCH_HAS_PMD_SOFTLEAVES)
static word pmd_word(pmd_t pmd)
{
	return pmd_val(pmd);
}

PROBE_ABI int probe_pmd(word value, struct decoded *out)
{
	pmd_t pmd = __pmd(value);
	swp_entry_t entry;

	out->none = pmd_none(pmd) != 0;
	out->present = pmd_present(pmd) != 0;
	if (out->none || out->present)
		return 1;
#if __has_include(<linux/leafops.h>)
	entry = softleaf_from_pmd(pmd);
#else
	entry = pmd_to_swp_entry(pmd);
#endif
	out->type = out->arch_type = swp_type(entry);
	out->offset = out->arch_offset = swp_offset(entry);
	out->entry = entry.val;
	out->exclusive = 0;
	out->soft_dirty = pmd_swp_soft_dirty(pmd) != 0;
	out->uffd_wp = pmd_swp_uffd_wp(pmd) != 0;
	out->class_name = class_of(out->type);
	out->marker = 0;
#ifdef SWP_PTE_MARKER
	out->marker = out->offset & PTE_MARKER_MASK;
#endif
	return 1;
}

PROBE_ABI int probe_pmd_special(const char *kind, word pfn, struct special *out)
{
	swp_entry_t entry;
	pmd_t pmd;

	out->has_ad = 0;
	if (migration_entry(kind, pfn, &entry)) {
#ifdef SWP_MIG_YOUNG_BIT
		swp_entry_t young = make_migration_entry_young(entry);

		out->has_ad = 1;
		out->young = pmd_word(swp_entry_to_pmd(young));
		out->dirty = pmd_word(swp_entry_to_pmd(make_migration_entry_dirty(entry)));
		out->young_dirty = pmd_word(swp_entry_to_pmd(make_migration_entry_dirty(young)));
#endif
	} else if (!device_entry(kind, pfn, &entry)) {
		return 0;
	}
	out->entry = entry.val;
	pmd = swp_entry_to_pmd(entry);
	out->pte = pmd_word(pmd);
	out->soft_dirty = pmd_word(pmd_swp_mksoft_dirty(pmd)) ^ out->pte;
	out->uffd_wp = pmd_word(pmd_swp_mkuffd_wp(pmd)) ^ out->pte;
	return 1;
}
#else
PROBE_ABI int probe_pmd(word value, struct decoded *out)
{
	return 0;
}

PROBE_ABI int probe_pmd_special(const char *kind, word pfn, struct special *out)
{
	return 0;
}
#endif

/* --- PMDs that map huge pages ------------------------------------------------------------------------------------ */

#if defined(CONFIG_PPC_BOOK3S_64) && !defined(CONFIG_PPC_RADIX_MMU) && !defined(CONFIG_PPC_64K_PAGES)
#define NO_HUGE_PMD /* hash__pmd_mkhuge() is BUG() with pages of 4K */
#endif

#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && !defined(NO_HUGE_PMD)
#ifdef CONFIG_PPC_BOOK3S_64
/* radix__early_init_mmu() or hash__early_init_mmu() sets it. */
#ifdef CONFIG_PPC_RADIX_MMU
unsigned long __pte_index_size = RADIX_PTE_INDEX_SIZE;
#else
unsigned long __pte_index_size = H_PTE_INDEX_SIZE;
#endif
/* Defined in arch/powerpc/mm/book3s64/pgtable.c: its body, without the checks. */
pmd_t pfn_pmd(unsigned long pfn, pgprot_t pgprot)
{
	return __pmd_mkhuge(__pmd(((pfn << PAGE_SHIFT) & PTE_RPN_MASK) | pgprot_val(pgprot)));
}
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define huge_mkwrite(pmd) pmd_mkwrite_novma(pmd)
#else
#define huge_mkwrite(pmd) pmd_mkwrite(pmd)
#endif
#ifndef pmd_leaf
#define pmd_leaf(pmd) pmd_trans_huge(pmd)
#endif

static int huge_changed(const char *how, pmd_t *pmd)
{
#define HUGE_CHANGE(NAME, VALUE)                                                                                       \
	if (same(how, NAME)) {                                                                                         \
		*pmd = VALUE;                                                                                          \
		return 1;                                                                                              \
	}
	HUGE_CHANGE("as-it-is", *pmd)
	HUGE_CHANGE("mkdirty", pmd_mkdirty(*pmd))
	HUGE_CHANGE("mkclean", pmd_mkclean(*pmd))
	HUGE_CHANGE("mkyoung", pmd_mkyoung(*pmd))
	HUGE_CHANGE("mkold", pmd_mkold(*pmd))
	HUGE_CHANGE("mkwrite", huge_mkwrite(*pmd))
	HUGE_CHANGE("wrprotect", pmd_wrprotect(*pmd))
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	HUGE_CHANGE("mkspecial", pmd_mkspecial(*pmd))
#endif
	HUGE_CHANGE("mksoft_dirty", pmd_mksoft_dirty(*pmd))
	HUGE_CHANGE("mkuffd_wp", pmd_mkuffd_wp(*pmd))
	HUGE_CHANGE("mkdirty-wrprotect", pmd_wrprotect(pmd_mkdirty(*pmd)))
	HUGE_CHANGE("mkdirty-mkwrite", huge_mkwrite(pmd_mkdirty(*pmd)))
	HUGE_CHANGE("mkold-mkclean", pmd_mkclean(pmd_mkold(*pmd)))
	return 0;
}

PROBE_ABI int probe_huge(word value, struct huge *out)
{
	pmd_t pmd = __pmd(value);

	out->present = pmd_present(pmd) != 0;
	out->leaf = pmd_leaf(pmd) != 0;
	out->pfn = pmd_pfn(pmd);
	out->write = pmd_write(pmd) != 0;
	out->dirty = pmd_dirty(pmd) != 0;
	out->young = pmd_young(pmd) != 0;
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	out->special = pmd_special(pmd) != 0;
#else
	out->special = -1;
#endif
	out->soft_dirty = pmd_soft_dirty(pmd) != 0;
	out->uffd_wp = pmd_uffd_wp(pmd) != 0;
	out->has_protnone = IS_ENABLED(CONFIG_ARCH_HAS_PTE_PROTNONE) || IS_ENABLED(CONFIG_NUMA_BALANCING);
	out->protnone = pmd_protnone(pmd) != 0;
	return 1;
}

PROBE_ABI int probe_make_huge(const char *prot_name, const char *how, word pfn, word *value)
{
	pgprot_t prot;
	pmd_t pmd;

	if (!protection(prot_name, &prot))
		return 0;
	pmd = pmd_mkhuge(pfn_pmd(pfn & ~(word)((PMD_SIZE >> PAGE_SHIFT) - 1), prot));
	if (!huge_changed(how, &pmd))
		return 0;
	*value = pmd_val(pmd);
	return 1;
}
#else
PROBE_ABI int probe_huge(word value, struct huge *out)
{
	return 0;
}

PROBE_ABI int probe_make_huge(const char *prot, const char *how, word pfn, word *value)
{
	return 0;
}
#endif
