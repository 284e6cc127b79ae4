/*
 * The user's half: reads one question a line, prints one JSON object a line. Sees no kernel header.
 *
 *   h                 the head of a vector file          e TYPE OFFSET     swp_entry_to_pte(swp_entry(TYPE, OFFSET))
 *   d PTE             what a PTE means                   m BITS            make_pte_marker(BITS)
 *   s KIND PFN        a migration, device or error entry for a PFN
 *   f                 the flags of a present PTE, by name  k              the bits that pte_modify() keeps
 *   p PROT HOW PFN    a present PTE, and what it says      q PTE          what a present PTE says
 *   M PROT HOW PFN    a PMD that maps a huge page, and what it says
 *   N PMD             what such a PMD says
 *   D PMD             what a PMD means                     S KIND PFN     a migration or device entry in a PMD
 *
 * Numbers are hex with 0x, or decimal. Where this kernel has no such thing the answer is null.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "probe.h"

/* --- what only a running kernel has ---------------------------------------------------------------------------- */

int probe_cpu_wide;

/* x86_64: arch/x86/kernel/head64.c sets it where the CPU has la57 and five levels are in use. */
unsigned int __pgtable_l5_enabled;

#ifdef __aarch64__
/*
 * arm64: lpa2_is_enabled() reads TCR_EL1, which a user program may not. The read traps; give the register it names the
 * value that a kernel would see: the DS bit (59), set where 52-bit addresses with 4K or 16K pages are in use.
 */
static void trapped(int signal, siginfo_t *info, void *context)
{
	mcontext_t *cpu = &((ucontext_t *)context)->uc_mcontext;
	unsigned int instruction = *(unsigned int *)cpu->pc;

	(void)info;
	if ((instruction & ~31u) != 0xd5382040) { /* mrs xN, tcr_el1 */
		fprintf(stderr, "signal %d at instruction 0x%08x, which is not mrs xN, tcr_el1\n", signal, instruction);
		_Exit(1);
	}
	cpu->regs[instruction & 31] = probe_cpu_wide ? 1ULL << 59 : 0;
	cpu->pc += 4;
}
#endif

static void boot(const char *cpu)
{
	probe_cpu_wide = strcmp(cpu, "la57") == 0 || strcmp(cpu, "lpa2") == 0;
	__pgtable_l5_enabled = probe_cpu_wide;
#ifdef __aarch64__
	struct sigaction action = { .sa_sigaction = trapped, .sa_flags = SA_SIGINFO };

	sigaction(SIGILL, &action, NULL);
#endif
	probe_boot();
}

/* --- answers --------------------------------------------------------------------------------------------------- */

static const char *truth(int value)
{
	return value ? "true" : "false";
}

static void print_head(void)
{
	struct head head;
	const struct constant *constant;
	int i;

	probe_head(&head);
	printf("{\"pteBits\":%u,\"longBits\":%u,\"constants\":{", head.pte_bits, head.long_bits);
	for (i = 0; (constant = probe_constant(i)); i++)
		printf("%s\"%s\":\"0x%llx\"", i ? "," : "", constant->name, constant->value);
	printf("},\"maxType\":%u,\"maxOffset\":\"0x%llx\"", head.max_type, head.max_offset);
	printf(",\"masks\":{\"exclusive\":\"0x%llx\",\"softDirty\":\"0x%llx\",\"uffdWp\":\"0x%llx\"}", head.exclusive,
	       head.soft_dirty, head.uffd_wp);
	printf(",\"presentMask\":\"0x%llx\",\"noneIgnoredMask\":\"0x%llx\"", head.present_mask, head.none_ignored_mask);
	printf(",\"presentPte\":{\"uffdWp\":\"0x%llx\",\"softDirty\":\"0x%llx\"}", head.present_uffd_wp,
	       head.present_soft_dirty);
	printf(",\"migrationAdSupported\":%s}\n", head.migration_ad < 0 ? "null" : truth(head.migration_ad));
}

static void print_encode(word type, word offset)
{
	word entry, pte = probe_encode(type, offset, &entry);

	printf("{\"pte\":\"0x%llx\",\"swpEntry\":\"0x%llx\"}\n", pte, entry);
}

static void print_class(const struct decoded *decoded)
{
	const char *name, *before = "";
	int i;

	if (decoded->class_name) {
		printf("\"%s\"", decoded->class_name);
		return;
	}
	printf("\"marker:");
	for (i = 0; (name = probe_marker_name(i)); i++) {
		if (decoded->marker >> i & 1) {
			printf("%s%s", before, name);
			before = "|";
		}
	}
	printf("%s\"", *before ? "" : "0");
}

static void print_decoded(struct decoded d)
{
	printf("{\"none\":%s,\"present\":%s", truth(d.none), truth(d.present));
	if (!d.none && !d.present) {
		printf(",\"type\":%u,\"offset\":\"0x%llx\",\"swpEntry\":\"0x%llx\"", d.type, d.offset, d.entry);
		printf(",\"exclusive\":%s,\"softDirty\":%s,\"uffdWp\":%s,\"class\":", truth(d.exclusive), truth(d.soft_dirty),
		       truth(d.uffd_wp));
		print_class(&d);
		if (d.arch_type != d.type)
			printf(",\"archType\":%u", d.arch_type);
		if (d.arch_offset != d.offset)
			printf(",\"archOffset\":\"0x%llx\"", d.arch_offset);
	}
	printf("}\n");
}

static void print_decode(word pte)
{
	struct decoded d;

	probe_decode(pte, &d);
	print_decoded(d);
}

static void print_pmd(word pmd)
{
	struct decoded d;

	if (probe_pmd(pmd, &d))
		print_decoded(d);
	else
		printf("null\n");
}

static void print_flags(void)
{
	const struct constant *flag;
	int i;

	printf("{");
	for (i = 0; (flag = probe_flag(i)); i++)
		printf("%s\"%s\":\"0x%llx\"", i ? "," : "", flag->name, flag->value);
	printf("}\n");
}

static void print_kept(void)
{
	word asked, kept;

	if (probe_modify(&asked, &kept))
		printf("{\"asked\":\"0x%llx\",\"kept\":\"0x%llx\"}\n", asked, kept);
	else
		printf("null\n");
}

static void print_present(word pte)
{
	struct present p;

	if (!probe_present(pte, &p)) {
		printf("{\"pte\":\"0x%llx\",\"none\":%s,\"present\":false}\n", pte, truth(p.none));
		return;
	}
	printf("{\"pte\":\"0x%llx\",\"present\":true,\"pfn\":\"0x%llx\"", pte, p.pfn);
	printf(",\"write\":%s,\"dirty\":%s,\"young\":%s,\"special\":%s", truth(p.write), truth(p.dirty), truth(p.young),
	       truth(p.special));
	printf(",\"softDirty\":%s,\"uffdWp\":%s", truth(p.soft_dirty), truth(p.uffd_wp));
	if (p.has_protnone)
		printf(",\"protNone\":%s", truth(p.protnone));
	printf("}\n");
}

static void print_made(const char *prot, const char *how, word pfn)
{
	word pte;

	if (probe_make(prot, how, pfn, &pte))
		print_present(pte);
	else
		printf("null\n");
}

static void print_huge(word pmd)
{
	struct huge h;

	if (!probe_huge(pmd, &h)) {
		printf("null\n");
		return;
	}
	printf("{\"pmd\":\"0x%llx\",\"present\":%s,\"leaf\":%s,\"pfn\":\"0x%llx\"", pmd, truth(h.present), truth(h.leaf),
	       h.pfn);
	printf(",\"write\":%s,\"dirty\":%s,\"young\":%s", truth(h.write), truth(h.dirty), truth(h.young));
	if (h.special >= 0)
		printf(",\"special\":%s", truth(h.special));
	printf(",\"softDirty\":%s,\"uffdWp\":%s", truth(h.soft_dirty), truth(h.uffd_wp));
	if (h.has_protnone)
		printf(",\"protNone\":%s", truth(h.protnone));
	printf("}\n");
}

static void print_made_huge(const char *prot, const char *how, word pfn)
{
	word pmd;

	if (probe_make_huge(prot, how, pfn, &pmd))
		print_huge(pmd);
	else
		printf("null\n");
}

static void print_marker(word bits)
{
	word pte;

	if (probe_marker(bits, &pte))
		printf("{\"pte\":\"0x%llx\"}\n", pte);
	else
		printf("null\n");
}

static void print_special(const char *kind, word pfn, int pmd)
{
	struct special s;

	if (!(pmd ? probe_pmd_special(kind, pfn, &s) : probe_special(kind, pfn, &s))) {
		printf("null\n");
		return;
	}
	printf("{\"swpEntry\":\"0x%llx\",\"pte\":\"0x%llx\"", s.entry, s.pte);
	if (s.has_ad)
		printf(",\"pteYoung\":\"0x%llx\",\"pteDirty\":\"0x%llx\",\"pteYoungDirty\":\"0x%llx\"", s.young, s.dirty,
		       s.young_dirty);
	if (pmd)
		printf(",\"softDirty\":\"0x%llx\",\"uffdWp\":\"0x%llx\"", s.soft_dirty, s.uffd_wp);
	printf("}\n");
}

int main(int argc, char **argv)
{
	char line[200], kind[64], how[64];

	boot(argc > 1 ? argv[1] : "");
	while (fgets(line, sizeof line, stdin)) {
		char *a = line + 1, *b;
		word first = strtoull(a, &b, 0), second = strtoull(b, NULL, 0);
		int at = 0;

		if (line[0] == 'h')
			print_head();
		else if (line[0] == 'e')
			print_encode(first, second);
		else if (line[0] == 'd')
			print_decode(first);
		else if (line[0] == 'm')
			print_marker(first);
		else if (line[0] == 's' && sscanf(a, "%63s%n", kind, &at) == 1)
			print_special(kind, strtoull(a + at, NULL, 0), 0);
		else if (line[0] == 'S' && sscanf(a, "%63s%n", kind, &at) == 1)
			print_special(kind, strtoull(a + at, NULL, 0), 1);
		else if (line[0] == 'p' && sscanf(a, "%63s%63s%n", kind, how, &at) == 2)
			print_made(kind, how, strtoull(a + at, NULL, 0));
		else if (line[0] == 'M' && sscanf(a, "%63s%63s%n", kind, how, &at) == 2)
			print_made_huge(kind, how, strtoull(a + at, NULL, 0));
		else if (line[0] == 'N')
			print_huge(first);
		else if (line[0] == 'q')
			print_present(first);
		else if (line[0] == 'D')
			print_pmd(first);
		else if (line[0] == 'f')
			print_flags();
		else if (line[0] == 'k')
			print_kept();
		else
			return fprintf(stderr, "not a question: %s", line), 1;
	}
	return 0;
}
