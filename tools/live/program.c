/*
 * The first and only program of the guest: puts pages into every state it can, says what pagemap shows for each, and
 * then runs in user mode until the machine is stopped, so that the tables in its memory are the ones described.
 *
 * Prints, one a line:
 *   @release R             uname -r
 *   @skip REGION: REASON   a state that this kernel does not offer
 *   @row REGION VADDR PAGEMAP
 *   @done
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <linux/loop.h>
#include "guest.h"
#include "processes.h"

/* Younger than the headers this may be compiled with; see include/uapi of Linux v7.2. */
#ifndef UFFD_FEATURE_WP_HUGETLBFS_SHMEM
#define UFFD_FEATURE_WP_HUGETLBFS_SHMEM (1 << 12) /* v5.19 */
#endif
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13) /* v6.4 */
#endif
#ifndef UFFD_FEATURE_POISON
#define UFFD_FEATURE_POISON (1 << 14) /* v6.6 */
#endif

/* The size of the device whose last offsets are reached: not more than a PTE of the machine holds. */
#ifndef LARGE_SWAP
#define LARGE_SWAP "16G"
#endif

#define MAX_REGIONS 64

static struct region {
	const char *name;
	char *at;
	size_t pages;
} regions[MAX_REGIONS];
static int region_count;
static int pagemap;

/* --- small things ---------------------------------------------------------------------------------------------- */

static void skip(const char *region, const char *what)
{
	printf("\n@skip %s: %s: %s\n", region, what, strerror(errno));
}

static void record_for_child(const char *name, void *at, size_t pages)
{
	if (region_count == MAX_REGIONS)
		die("more regions than MAX_REGIONS");
	regions[region_count++] = (struct region){ name, at, pages };
}

/* Kept from the child: forking takes the exclusive bit from what both see. */
static void record(const char *name, void *at, size_t pages)
{
	if (madvise(at, pages * page, MADV_DONTFORK))
		die("MADV_DONTFORK");
	record_for_child(name, at, pages);
}

static uint64_t pagemap_of(const void *at)
{
	uint64_t word = 0;

	if (pread(pagemap, &word, 8, (uintptr_t)at / page * 8) != 8)
		die("read pagemap");
	return word;
}

static int is_swapped(const void *at)
{
	return pagemap_of(at) >> 62 & 1;
}

/* The size of a transparent huge page; 2 MiB where there are none. */
static size_t huge_size(void)
{
	size_t size = number_in("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");

	return size ? size : 2 << 20;
}

/* The size of a page of hugetlbfs, or 0. */
static size_t hugetlb_size(void)
{
	char text[8192] = "";
	int fd = open("/proc/meminfo", O_RDONLY);
	const char *line;

	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = 0;
	close(fd);
	line = strstr(text, "Hugepagesize:");
	return line ? strtoul(line + strlen("Hugepagesize:"), NULL, 10) << 10 : 0;
}

/*
 * Memory with an unused page on either side, so that neighbours stay apart; shared memory stands where the kernel wants it,
 * as some caches ask for more than a page's alignment (SHMLBA).
 */
static char *map(size_t pages, int flags)
{
	int shared = flags & MAP_SHARED;
	char *around = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = mmap(shared ? NULL : around + page, pages * page, PROT_READ | PROT_WRITE,
			flags | MAP_ANONYMOUS | (shared ? 0 : MAP_FIXED), -1, 0);

	if (around == MAP_FAILED || at == MAP_FAILED)
		die("mmap");
	return at;
}

/*
 * Every page gets a content of its own: zram keeps pages that are all the same word without a slot of their own, and
 * nothing here should depend on that.
 */
static void fill(char *at, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		for (size_t j = 0; j < page / sizeof(long); j++)
			((volatile long *)(at + i * page))[j] = (long)(uintptr_t)at + i * 4099 + j * j;
}

static char *filled(size_t pages, int flags)
{
	char *at = map(pages, flags);

	fill(at, pages);
	return at;
}

/* A page that was read in for a moment, or stands on a per-CPU list, is not taken at once: ask again. */
static void page_out(char *at, size_t pages)
{
	for (int attempt = 0; attempt < 20; attempt++) {
		size_t left = 0;

		madvise(at, pages * page, MADV_PAGEOUT);
		for (size_t i = 0; i < pages; i++)
			left += !is_swapped(at + i * page);
		if (left == 0)
			return;
		usleep(20000);
	}
}

/* --- swap devices ---------------------------------------------------------------------------------------------- */

/*
 * The slots that a kernel hands out together: SWAPFILE_CLUSTER in mm/swapfile.c. 512 serves for 256 too, as 32 columns of
 * the one are 64 of the other. A kernel that swaps huge pages whole has as many as are in one.
 */
static uint32_t cluster = 512;

/* MAX_SWAP_BADPAGES in include/linux/swap.h: what fits between the header's words and its magic. */
static uint32_t max_bad(void)
{
	return (page - 10 - 1536) / 4;
}

static const char *const zram[] = { "/dev/zram0", "/dev/zram1", "/dev/zram2" };

/* Sets the size of a zram device, which takes memory only for what is written to it, and opens it. */
static int open_zram(int number, const char *disksize)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/sys/block/zram%d/disksize", number);
	write_text(path, disksize);
	fd = open(zram[number], O_RDWR);
	if (fd < 0)
		die(zram[number]);
	return fd;
}

static uint32_t pages_of(int fd)
{
	return lseek(fd, 0, SEEK_END) / page;
}

/* Makes it swap space that is used before all that came earlier; the header names some of its pages as bad. */
static void swap_on(const char *path, int priority, int fd, const uint32_t *bad, uint32_t bad_count)
{
	uint32_t *words = swap_header(pages_of(fd));

	words[2] = bad_count;
	memcpy(words + 128, bad, bad_count * sizeof *bad); /* after two UUIDs and 117 words of padding */
	write_swap_header(fd, words);
	if (swapon(path, SWAP_FLAG_PREFER | priority))
		die(path);
}

static void swap_on_zram(int number)
{
	int fd = open_zram(number, "1G");

	swap_on(zram[number], number, fd, NULL, 0);
	close(fd);
}

/* Pages that were swapped out. */
static char *swapped(size_t pages)
{
	char *at = filled(pages, MAP_PRIVATE);

	page_out(at, pages);
	return at;
}

/*
 * Pages that were swapped out to a device that was added last. A CPU keeps slots of an earlier one at hand (64 of them up
 * to v6.12, the rest of a cluster since), so pages are swapped out until those are used up.
 */
static char *swapped_to(unsigned int type, size_t pages)
{
	for (int i = 0; i < 64; i++) {
		char *at = swapped(32);

		if ((pagemap_of(at + 31 * page) & 31) == type)
			return swapped(pages);
		madvise(at, 32 * page, MADV_DONTFORK);
	}
	die("no page went to the new swap device");
	return NULL;
}

/*
 * Kernels that begin with a free cluster take every 32nd (SWAP_CLUSTER_COLS), from the first on: all of these but the
 * last get a bad page, and are free no more.
 */
static uint32_t spoil_columns(uint32_t *bad, uint32_t pages)
{
	uint32_t count = 0, step = 32 * cluster;

	for (uint32_t at = step; at + step < pages && count < max_bad(); at += step)
		bad[count++] = at;
	return count;
}

/*
 * Kernels that begin with a cluster in part use take the header's own: all the rest of it is bad, and so is one page far
 * away, whose cluster is the next in part use.
 */
static uint32_t spoil_first(uint32_t *bad, uint32_t pages)
{
	uint32_t count = 0;

	for (uint32_t at = 1; at < cluster && count < max_bad() - 1; at++)
		bad[count++] = at;
	bad[count++] = (pages / cluster - 10) * cluster;
	return count;
}

/* Pages whose offset is in the last part of a large device: whichever way leads there in this kernel. */
static void high_offsets(int number)
{
	uint32_t (*const ways[])(uint32_t *, uint32_t) = { spoil_columns, spoil_first };
	int fd = open_zram(number, LARGE_SWAP);
	uint32_t *bad = calloc(max_bad(), sizeof *bad), pages = pages_of(fd);

	for (int way = 0; way < 4; way++) {
		char *at;

		if (way == 2 && huge_size() / page <= cluster)
			break;
		if (way == 2)
			cluster = huge_size() / page;

		swap_on(zram[number], number, fd, bad, ways[way % 2](bad, pages));
		at = swapped_to(number, 32);
		if ((pagemap_of(at) >> 5 & 0x3ffffffffffff) > pages / 4 * 3) {
			record("anon_swap1_highoff", at, 32);
			close(fd);
			free(bad);
			return;
		}
		if (swapoff(zram[number]))
			die("swapoff");
	}
	die("this kernel begins a swap device in no way that is known here");
}

/* --- states ---------------------------------------------------------------------------------------------------- */

static void mixed(void)
{
	char *at = filled(8, MAP_PRIVATE);

	page_out(at, 4);
	record("anon_mixed", at, 8);
}

static void readonly(void)
{
	char *at = filled(4, MAP_PRIVATE);

	mprotect(at, 4 * page, PROT_READ);
	page_out(at, 4);
	record("anon_readonly", at, 4);
}

static void protnone(void)
{
	char *at = filled(16, MAP_PRIVATE);

	page_out(at, 8);
	mprotect(at, 16 * page, PROT_NONE);
	record("protnone", at, 16);
}

static void zero_page(void)
{
	char *at = map(4, MAP_PRIVATE);
	volatile char sink;

	for (int i = 0; i < 4; i++)
		sink = at[i * page];
	(void)sink;
	record("zero_page", at, 4);
}

static void untouched(void)
{
	record("untouched", map(2, MAP_PRIVATE), 2);
}

static void shmem(void)
{
	char *at = filled(8, MAP_SHARED);

	madvise(at, 4 * page, MADV_PAGEOUT);
	record("shmem", at, 8);
}

/* The copy of a swap PTE loses its exclusive bit, in parent and child. The child sleeps for as long as the machine runs. */
static void fork_child(void)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0)
		for (;;)
			pause();
}

/* Clears the soft-dirty bits, of swapped pages too; then half the pages are written again. */
static void soft_dirty(void)
{
	char *at = filled(16, MAP_PRIVATE);

	page_out(at, 16);
	write_text("/proc/self/clear_refs", "4");
	for (int i = 0; i < 16; i += 2)
		fill(at + i * page, 1);
	page_out(at, 16);
	record("softdirty", at, 16);
}

static int swap_cached(void)
{
	char text[4096];
	int fd = open("/proc/meminfo", O_RDONLY);
	ssize_t size = read(fd, text, sizeof text - 1);
	const char *line;

	close(fd);
	text[size < 0 ? 0 : size] = 0;
	line = strstr(text, "SwapCached:");
	return line ? atoi(line + strlen("SwapCached:")) : 0;
}

/*
 * A device that writes in the background leaves its pages in the swap cache until memory is reclaimed. Asking for that
 * takes a file of cgroup v2 that is there since v5.19.
 */
static void drop_swap_cache(void)
{
	int fd;

	mount("cgroup", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	fd = open("/sys/fs/cgroup/memory.reclaim", O_WRONLY);
	for (int attempt = 0; fd >= 0 && attempt < 20 && swap_cached() > 0; attempt++) {
		usleep(20000);
		if (write(fd, "1M", 2) != 2 && errno != EAGAIN)
			break;
	}
	close(fd);
}

/* Pages that the kernel could not read back at swapoff: a loop device loses its end. */
static void swapin_error(void)
{
	char loop[64], *at;
	int file, control, device, number;

	mount("tmp", "/m", "tmpfs", 0, NULL);
	file = open("/m/swap", O_RDWR | O_CREAT, 0600);
	control = open("/dev/loop-control", O_RDWR);
	number = ioctl(control, LOOP_CTL_GET_FREE);
	if (file < 0 || number < 0 || ftruncate(file, 256 * page))
		die("/dev/loop-control");
	snprintf(loop, sizeof loop, "/dev/loop%d", number);
	device = open(loop, O_RDWR);
	if (device < 0 || ioctl(device, LOOP_SET_FD, file))
		die(loop);
	swap_on(loop, 1, device, NULL, 0);
	/* Our own stack and data must not be what goes there. */
	if (mlockall(MCL_CURRENT))
		die("mlockall");
	at = swapped_to(1, 4);
	drop_swap_cache();
	/* What is past the device's new end reads as an error; past the file's end alone it would read as zeros. */
	if (ftruncate(file, page) || ioctl(device, LOOP_SET_CAPACITY, 0) || swapoff(loop))
		die("swapoff");
	munlockall();
	close(device);
	close(control);
	if (is_swapped(at))
		record("swapin_error", at, 4);
	else
		printf("@skip swapin_error: this kernel maps what it could not read\n");
}

/* Room for a transparent huge page, filled; where there are none, a plain region. */
static char *huge(const char *name)
{
	size_t size = huge_size();
	char *at = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap two huge pages");
	at = (char *)(((uintptr_t)at + size - 1) & ~(size - 1));
	if (madvise(at, size, MADV_HUGEPAGE))
		skip(name, "a plain region, without MADV_HUGEPAGE");
	fill(at, size / page);
	return at;
}

static void thp_swapped(void)
{
	char *at = huge("thp_swapped");

	page_out(at, huge_size() / page);
	/* Larger ones are larger than what they show. */
	record("thp_swapped", at, huge_size() / page > 512 ? 128 : huge_size() / page);
}

/* One entry maps all of it, so that a few of its pages say what there is. */
static void thp(void)
{
	char *at = huge("thp");

	if (madvise(at, huge_size(), MADV_DONTFORK))
		die("MADV_DONTFORK");
	record_for_child("thp", at, 4);
}

/* Huge pages of hugetlbfs, of which one is then broken. */
static void hugetlb(void)
{
	size_t size = hugetlb_size();
	char *at;

	if (size == 0 || access("/proc/sys/vm/nr_hugepages", W_OK)) {
		skip("hugetlb", "/proc/sys/vm/nr_hugepages");
		return;
	}
	write_text("/proc/sys/vm/nr_hugepages", "3");
	at = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (at == MAP_FAILED || number_in("/proc/sys/vm/nr_hugepages") < 2) {
		skip("hugetlb", "MAP_HUGETLB");
		return;
	}
	if (madvise(at, 2 * size, MADV_DONTFORK))
		die("MADV_DONTFORK");
	fill(at, 1);
	fill(at + size, 1);
	record_for_child("hugetlb", at, 4);
	if (madvise(at + size, size, MADV_HWPOISON))
		skip("hugetlb_hwpoison", "MADV_HWPOISON");
	else
		record_for_child("hugetlb_hwpoison", at + size, 2);
}

/* --- same pages --------------------------------------------------------------------------------------------------- */

/* Pages that the kernel keeps once for both places that have their content (KSM); NULL where it does not. */
static char *merged(const char *name, size_t pages, char **twin)
{
	const char *const run = "/sys/kernel/mm/ksm/run";
	char *at = filled(pages, MAP_PRIVATE);
	size_t before = number_in("/sys/kernel/mm/ksm/pages_sharing");

	*twin = map(pages, MAP_PRIVATE);
	memcpy(*twin, at, pages * page);
	if (madvise(at, pages * page, MADV_MERGEABLE) || madvise(*twin, pages * page, MADV_MERGEABLE)) {
		skip(name, "MADV_MERGEABLE");
		return NULL;
	}
	write_text("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	write_text("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	write_text(run, "1");
	for (int attempt = 0; attempt < 200; attempt++) {
		if (number_in("/sys/kernel/mm/ksm/pages_sharing") >= before + pages)
			break;
		usleep(20000);
	}
	write_text(run, "0");
	return at;
}

static void same_pages(void)
{
	char *twin, *at = merged("ksm", 4, &twin);

	if (at)
		record("ksm", at, 4);
	at = merged("ksm_swapped", 4, &twin);
	if (!at)
		return;
	/* Pages that are mapped twice are not taken. */
	munmap(twin, 4 * page);
	page_out(at, 4);
	record("ksm_swapped", at, 4);
}

/* --- userfaultfd ----------------------------------------------------------------------------------------------- */

/* A descriptor that offers these features; -1 where the kernel does not. One is opened for each set of features. */
static int userfaultfd_with(uint64_t features)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	struct uffdio_api api = { .api = UFFD_API, .features = features };

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int register_range(int fd, char *at, size_t pages, uint64_t mode)
{
	struct uffdio_register range = { { (uintptr_t)at, pages * page }, mode, 0 };

	return ioctl(fd, UFFDIO_REGISTER, &range);
}

static int write_protect(int fd, char *at, size_t pages)
{
	struct uffdio_writeprotect range = { { (uintptr_t)at, pages * page }, UFFDIO_WRITEPROTECT_MODE_WP };

	return ioctl(fd, UFFDIO_WRITEPROTECT, &range);
}

static int poison(int fd, char *at, size_t pages)
{
	struct poison_range range = { { (uintptr_t)at, pages * page }, 0, 0 };

	return ioctl(fd, IOCTL_POISON, &range);
}

/* Write-protects the first half of a region, then swaps out its odd quarters: present and swapped, with the bit and without. */
static void uffd_wp(const char *name, char *at, size_t pages, uint64_t features)
{
	int fd = userfaultfd_with(UFFD_FEATURE_PAGEFAULT_FLAG_WP | features);

	if (fd < 0 || register_range(fd, at, pages, UFFDIO_REGISTER_MODE_WP) || write_protect(fd, at, pages / 2)) {
		skip(name, "userfaultfd write protection");
		return;
	}
	madvise(at + pages / 4 * page, pages / 4 * page, MADV_PAGEOUT);
	madvise(at + pages / 4 * 3 * page, pages / 4 * page, MADV_PAGEOUT);
	record(name, at, pages);
}

static void uffd_poison(const char *name, int flags)
{
	char *at = map(2, flags);
	int fd = userfaultfd_with(UFFD_FEATURE_POISON);

	if (fd < 0 || register_range(fd, at, 2, UFFDIO_REGISTER_MODE_MISSING) || poison(fd, at, 1)) {
		skip(name, "UFFDIO_POISON");
		return;
	}
	record(name, at, 2);
}

static void userfaults_on_files(void)
{
	uint64_t file = UFFD_FEATURE_WP_HUGETLBFS_SHMEM;

	uffd_wp("uffd_shmem", filled(16, MAP_SHARED), 16, file);
	uffd_wp("uffd_shmem_unpop", map(4, MAP_SHARED), 4, file);
	uffd_wp("uffd_anon_unpop", map(4, MAP_PRIVATE), 4, UFFD_FEATURE_WP_UNPOPULATED);
	uffd_poison("uffd_poison_anon", MAP_PRIVATE);
	uffd_poison("uffd_poison_shmem", MAP_SHARED);
}

static void userfaults_on_anon(void)
{
	uffd_wp("uffd_anon", filled(20, MAP_PRIVATE), 20, 0);
}

/* --- guards and broken memory ---------------------------------------------------------------------------------- */

static char *guarded(const char *name, int flags)
{
	char *at = filled(4, flags);

	if (madvise(at + page, page, MADV_GUARD_INSTALL) == 0)
		return at;
	skip(name, "MADV_GUARD_INSTALL");
	return NULL;
}

static void guard(const char *name, int flags)
{
	char *at = guarded(name, flags);

	if (at)
		record(name, at, 4);
}

/* The kernel reports a dirty page's loss with SIGBUS, which has nothing to retry here: madvise() returns after it. */
static void ignore(int signal)
{
	(void)signal;
}

static void hwpoison(const char *name, int flags)
{
	char *at = filled(4, flags);

	if (madvise(at + page, page, MADV_HWPOISON))
		skip(name, "MADV_HWPOISON");
	else
		record(name, at, 4);
}

static void guard_for_child(void)
{
	char *at = guarded("guard_forked", MAP_PRIVATE);

	if (at)
		record_for_child("guard_forked", at, 4);
}

static void fork_shared(void)
{
	record_for_child("fork_shared_swap", swapped(16), 16);
	fork_child();
}

/* --- pages that move ---------------------------------------------------------------------------------------------- */

struct frame {
	uint64_t number;
	char *at;
};

static int by_number(const void *one, const void *other)
{
	uint64_t a = ((const struct frame *)one)->number, b = ((const struct frame *)other)->number;

	return a < b ? -1 : a > b;
}

/*
 * The lowest frames of many pages, mapped together: compaction moves what is low to where it is high, and the rest is
 * free then. Some are read-only, some are not soft-dirty, where there is such a bit.
 */
static void movable(void)
{
	const size_t pages = (32 << 20) / page, kept = 64;
	char *wide = map(pages, MAP_PRIVATE), *together = map(kept, MAP_PRIVATE);
	struct frame *frames = calloc(pages, sizeof *frames);

	madvise(wide, pages * page, MADV_NOHUGEPAGE);
	fill(wide, pages);
	for (size_t i = 0; i < pages; i++)
		frames[i] = (struct frame){ pagemap_of(wide + i * page) & ((1ull << 55) - 1), wide + i * page };
	qsort(frames, pages, sizeof *frames, by_number);
	for (size_t i = 0; i < kept; i++)
		if (mremap(frames[i].at, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, together + i * page) == MAP_FAILED)
			die("mremap");
	munmap(wide, pages * page);
	write_text("/proc/self/clear_refs", "4");
	fill(together, kept / 4);
	mprotect(together + kept / 2 * page, kept / 4 * page, PROT_READ);
	record("migrating", together, kept);
}

/* Where the kernel turns migration entries back, by its own list of symbols. */
static void say_symbol(const char *name)
{
	char line[512];
	FILE *file = fopen("/proc/kallsyms", "r");

	while (file && fgets(line, sizeof line, file)) {
		char *at = strchr(line, ' ');

		if (!at || strncmp(at + 3, name, strlen(name)) || at[3 + strlen(name)] != '\n')
			continue;
		*at = 0;
		printf("@symbol %s 0x%s\n", name, line);
	}
	if (file)
		fclose(file);
}

static void migrate_for_ever(void)
{
	/* Time to set a breakpoint. */
	sleep(5);
	for (;;) {
		write_text("/proc/sys/vm/compact_memory", "1");
		usleep(1000);
	}
}

/* --- the guest ------------------------------------------------------------------------------------------------- */

static void prepare(void)
{
	page = sysconf(_SC_PAGESIZE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	mount_all();
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	if (pagemap < 0)
		die("/proc/self/pagemap");
	/* Readahead would bring neighbours back in. */
	write_text("/proc/sys/vm/page-cluster", "0");
	/* Machines with less than 512 MiB have none unless they are asked for. */
	if (access("/sys/kernel/mm/transparent_hugepage/enabled", W_OK) == 0)
		write_text("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	load_modules("num_devices=3");
}

static void report(void)
{
	struct utsname name;

	uname(&name);
	/* What the kernel wrote last on this console may not have ended its line. */
	printf("\n@release %s\n", name.release);
	for (int i = 0; i < region_count; i++)
		for (size_t j = 0; j < regions[i].pages; j++) {
			char *at = regions[i].at + j * page;

			printf("@row %s 0x%llx 0x%llx\n", regions[i].name, (unsigned long long)(uintptr_t)at,
			       (unsigned long long)pagemap_of(at));
		}
	printf("\n@done\n");
}

int main(void)
{
	extern char __executable_start;
	volatile unsigned long spin = 0;

	prepare();
	signal(SIGBUS, ignore);
	record_for_child("vma:/init", &__executable_start, 16);
	swap_on_zram(0);
	swapin_error(); /* first, because it reclaims what is there */

	/*
	 * First what has no soft-dirty bit in its PTE: pagemap calls a page soft-dirty if its mapping is new, too, and
	 * soft_dirty() ends that for every mapping so far.
	 */
	untouched();
	zero_page();
	shmem();
	userfaults_on_files();
	guard("guard_anon", MAP_PRIVATE);
	guard("guard_shmem", MAP_SHARED);
	hwpoison("hwpoison_anon", MAP_PRIVATE);
	hwpoison("hwpoison_shmem", MAP_SHARED);
	guard_for_child();
	thp();
	hugetlb();
	same_pages();
	record("anon_swap0", swapped(32), 32);
	soft_dirty();

	mixed();
	readonly();
	protnone();
	thp_swapped();
	userfaults_on_anon();

	high_offsets(1);
	swap_on_zram(2);
	record("anon_swap2", swapped_to(2, 16), 16);

	fork_shared();
	/* For a dump of the whole guest: more processes, and the kernel's word on each. */
	if (getenv("processes")) {
		start_processes(atoi(getenv("processes")));
		say_processes();
	}
	if (getenv("migrating")) {
		movable();
		say_symbol("remove_migration_pte");
	}
	report();
	if (getenv("migrating"))
		migrate_for_ever();
	for (;;)
		spin++;
}
