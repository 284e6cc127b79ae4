/*
 * What the two halves of the program say to each other.
 *
 * probe.c is kernel code: it sees the kernel's headers and no libc. ask.c is a user program: it sees libc and no
 * kernel header. This file is all that both include, so it uses nothing of either.
 */
#ifndef PROBE_H
#define PROBE_H

typedef unsigned long long word;

/* i386: the kernel passes arguments in registers (-mregparm=3), libc's programs on the stack. */
#ifdef __i386__
#define PROBE_ABI __attribute__((regparm(0)))
#else
#define PROBE_ABI
#endif

struct constant {
	const char *name;
	word value;
};

struct head {
	unsigned int pte_bits, long_bits;
	unsigned int max_type;
	word max_offset;
	word exclusive, soft_dirty, uffd_wp; /* bits of a swap PTE */
	word present_mask, none_ignored_mask;
	word present_uffd_wp, present_soft_dirty; /* bits of a present PTE */
	int migration_ad; /* -1: this release has no such bits */
};

struct decoded {
	int none, present;
	unsigned int type, arch_type;
	word offset, arch_offset, entry;
	int exclusive, soft_dirty, uffd_wp;
	const char *class_name; /* NULL: a marker */
	word marker;
};

struct special {
	word entry, pte;
	int has_ad;
	word young, dirty, young_dirty;
	word soft_dirty, uffd_wp; /* of a PMD: the flag's bit */
};

struct present {
	int none, present;
	word pfn;
	int write, dirty, young, special, soft_dirty, uffd_wp;
	int has_protnone, protnone;
};

/* Of a PMD that maps a huge page. */
struct huge {
	int present, leaf;
	word pfn;
	int write, dirty, young, special, soft_dirty, uffd_wp;
	int has_protnone, protnone;
};

/* Prepares what a booting kernel would have decided. */
PROBE_ABI void probe_boot(void);
PROBE_ABI void probe_head(struct head *head);
/* The i-th constant of this kernel; NULL past the last. */
PROBE_ABI const struct constant *probe_constant(int i);

PROBE_ABI word probe_encode(word type, word offset, word *entry);
PROBE_ABI void probe_decode(word pte, struct decoded *out);
/* 0: this kernel has no such thing. */
PROBE_ABI int probe_marker(word bits, word *pte);
PROBE_ABI int probe_special(const char *kind, word pfn, struct special *out);
/* The answers about a present PTE; 0: pte_present() says no. */
PROBE_ABI int probe_present(word pte, struct present *out);
/* pfn_pte() of a protection ("none", "read", "write"), and then pte_mk*(); 0: this kernel has no such thing. */
PROBE_ABI int probe_make(const char *prot, const char *how, word pfn, word *pte);
/* The bits that pte_modify() keeps, of those asked; 0: not asked here. */
PROBE_ABI int probe_modify(word *asked, word *kept);
/* 0: no PMD of this kernel is a swap entry. */
PROBE_ABI int probe_pmd(word pmd, struct decoded *out);
PROBE_ABI int probe_pmd_special(const char *kind, word pfn, struct special *out);
/* The answers about a PMD that maps a huge page; 0: this kernel has none. */
PROBE_ABI int probe_huge(word pmd, struct huge *out);
/* pfn_pmd() and pmd_mkhuge(), and then pmd_mk*(), of an aligned PFN; 0: this kernel has no such thing. */
PROBE_ABI int probe_make_huge(const char *prot, const char *how, word pfn, word *pmd);
/* The i-th named flag of this kernel; NULL past the last. */
PROBE_ABI const struct constant *probe_flag(int i);
/* The name of the marker bit i; NULL past the last that this kernel knows. */
PROBE_ABI const char *probe_marker_name(int i);

/* What a CPU decides while it boots: set by ask.c, read by the kernel's headers (see stubs in ask.c). */
extern int probe_cpu_wide;

#endif
