/*
 * The program of the guest of `npm run live -- --life`: takes sequences of events from /sequences, causes each of them for
 * real on one page, and says after each what came of it. The tool then reads the page's entry in the guest's memory, and
 * sends a line when it has done so.
 *
 * A sequence is a line: NUMBER VMA FEATURE,…|- EVENT…. Prints, one a line:
 *   @release R
 *   @known VADDR PAGEMAP         a page of the process that is followed from here on; several of them tell its root
 *   @root                        then waits for a line
 *   @sequence NUMBER
 *   @step EVENT VADDR PAGEMAP SCAN SAW      SCAN: categories of PAGEMAP_SCAN, or -; then waits for a line
 *   @categories MASK            what PAGEMAP_SCAN was asked for
 *   @done
 * SAW is what user space saw: "nothing", a message, a signal, an errno by name; or "not done: " and why.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <linux/fs.h>
#include <termios.h>
#include "guest.h"

/* Younger than the headers this may be compiled with; see include/uapi of Linux v7.3. */
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#define SYS_io_uring_register 427
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef UFFDIO_CONTINUE
struct uffdio_continue {
	struct uffdio_range range;
	__u64 mode;
	__s64 mapped;
};
#define UFFDIO_CONTINUE _IOWR(UFFDIO, 0x07, struct uffdio_continue)
#endif
struct move_range {
	__u64 dst, src, len, mode;
	__s64 moved;
};
struct rwprotect {
	struct uffdio_range range;
	__u64 mode;
};
struct set_mode {
	__u64 enable, disable;
};
struct scan_region {
	__u64 start, end, categories;
};
struct scan_arg {
	__u64 size, flags, start, end, walk_end, vec, vec_len, max_pages;
	__u64 category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define IOCTL_MOVE _IOWR(UFFDIO, 0x05, struct move_range)
#define IOCTL_RWPROTECT _IOWR(UFFDIO, 0x09, struct rwprotect)
#define IOCTL_SET_MODE _IOW(UFFDIO, 0x0a, struct set_mode)
#define IOCTL_SCAN _IOWR('f', 16, struct scan_arg)
#define MODE_MISSING 1u
#define MODE_WP 2u
#define MODE_MINOR 4u
#define MODE_RWP 8u
#define COPY_MODE_WP 2u
#define FAULT_WP 2u
#define FAULT_MINOR 4u
#define FAULT_RWP 8u
#define SCAN_WP_MATCHING 1u
#define SCAN_CHECK_WPASYNC 2u
#define SCAN_WRITTEN 2u

static const struct {
	const char *name;
	uint64_t bit;
} features[] = {
	{ "event-fork", 1u << 1 },   { "event-remap", 1u << 2 },     { "event-remove", 1u << 3 },
	{ "event-unmap", 1u << 6 },  { "sigbus", 1u << 7 },          { "wp-unpopulated", 1u << 13 },
	{ "wp-async", 1u << 15 },    { "user-mode-only", 1ull << 63 },	{ "rwp-async", 1u << 18 },
};
#define USER_MODE_ONLY (1ull << 63) /* a flag of userfaultfd(), not of UFFDIO_API */
/* What is asked for wherever it is known: write-protection, shmem and hugetlb in every mode, poison, moving, RWP. */
#define ALWAYS (1u << 0 | 1u << 4 | 1u << 5 | 1u << 9 | 1u << 10 | 1u << 12 | 1u << 14 | 1u << 16 | 1u << 17)

#define HUGE_PAGE (2ul << 20)
#define PLACES 0x300000000000ul /* where pages are followed; every move goes to the next place */
#define PLACE_SIZE (2 * HUGE_PAGE)
#define KNOWN 0x100000000000ul /* pages by which the root of the tables is found */
#define KNOWN_STEP 0x40201000ul
#define KNOWN_COUNT 8
#define WRITTEN 0x5a5a5a5a
#define SWAP "/dev/zram0"
#define DISK "/dev/zram1"

static int pagemap;
static int disk;
/* A file with WRITTEN in it, for system calls that read and write the page. */
static int words;
static uint64_t zero_frame;

/* --- the sequence that is being run ----------------------------------------------------------------------------- */

static enum { ANONYMOUS, SHMEM, FILE_PAGE, HUGETLB } vma;
/* MAP_PRIVATE of one of the files. */
static int is_private;
/* A huge PMD maps it. */
static int is_thp;
static char *at;
static size_t size;
static int place, first_place;
static int sealed;
static int file;
static off_t file_offset;
static int uffd;
static unsigned modes;
static int rwp_is_async;
/* MREMAP_DONTUNMAP left a registered range behind. */
static int left_registered;
static int prot;
static uint64_t wanted;
static char saw[160];
static pid_t children[16];
static int child_count;
/* Of children that wait: closing them would end the registration there. */
static int message_fds[16];
static int message_fd_count;
static int is_child;

/* What the thread that reads the userfaultfd was told. */
static volatile int told_wp, told_missing, told_minor, told_rwp, told_fork = -1, told_remap, told_remove, told_unmap;
static pthread_t reader;
static int stop_reader = -1;

/* --- small things ----------------------------------------------------------------------------------------------- */

static void said(const char *what)
{
	snprintf(saw, sizeof saw, "%s", what);
}

static void not_done(const char *why)
{
	snprintf(saw, sizeof saw, "not done: %s", why);
}

static const char *error_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },   { ENOENT, "ENOENT" }, { EAGAIN, "EAGAIN" }, { ENOMEM, "ENOMEM" },
		{ EFAULT, "EFAULT" }, { EBUSY, "EBUSY" },   { EEXIST, "EEXIST" }, { EINVAL, "EINVAL" },
		{ ENOSPC, "ENOSPC" }, { EIO, "EIO" },       { ENOTTY, "ENOTTY" }, { EHWPOISON, "EHWPOISON" },
		{ ESRCH, "ESRCH" },   { EOPNOTSUPP, "EOPNOTSUPP" }, { ENOSYS, "ENOSYS" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].error == error)
			return names[i].name;
	return strerror(error);
}

static void result(long value)
{
	said(value < 0 ? error_name(errno) : "nothing");
}

static void wait_for_line(void)
{
	char c = 0;

	fflush(stdout);
	while (read(0, &c, 1) == 1 && c != '\n')
		;
}

static uint64_t pagemap_of(const void *address)
{
	uint64_t word = 0;

	if (pread(pagemap, &word, 8, (uintptr_t)address / page * 8) != 8)
		return 0;
	return word;
}

static int is_present(void)
{
	return pagemap_of(at) >> 63 & 1;
}

static uint64_t frame(void)
{
	return pagemap_of(at) & ((1ull << 55) - 1);
}

/* Every category of PAGEMAP_SCAN that the kernel knows; it refuses others. */
static uint64_t known = 0x3ff;

/* Categories of the page, or -1 where there is no PAGEMAP_SCAN. */
static long scan(uint64_t flags, uint64_t mask)
{
	struct scan_region region = { 0 };
	struct scan_arg arg = {
		.size = sizeof arg, .flags = flags, .start = (uintptr_t)at, .end = (uintptr_t)at + size,
		.vec = (uintptr_t)&region, .vec_len = 1, .category_mask = mask,
		.category_anyof_mask = mask ? 0 : known, .return_mask = known,
	};
	long found = ioctl(pagemap, IOCTL_SCAN, &arg);

	if (found < 0 && errno == EINVAL && known > 0xff) {
		known >>= 1;
		return scan(flags, mask);
	}
	return found < 0 ? -1 : found == 0 ? 0 : (long)region.categories;
}

/* --- what can block, end in a signal, or never end -------------------------------------------------------------- */

static sigjmp_buf out;
static volatile sig_atomic_t armed, ticks;
#define TICK 4000 /* microseconds */
#define ENDLESS 60 /* ticks */

static int told_of_fault(void)
{
	return told_wp || told_missing || told_minor || told_rwp;
}

static const char *told_what(const char *otherwise)
{
	return told_wp ? "uffd-wp message" : told_missing ? "uffd-missing message" :
	       told_minor ? "uffd-minor message" : told_rwp ? "uffd-rwp message" : otherwise;
}

static void on_signal(int number)
{
	if (!armed)
		return;
	if (number == SIGALRM && ++ticks < ENDLESS && !told_of_fault())
		return;
	armed = 0;
	siglongjmp(out, number);
}

static void tick(int on)
{
	struct itimerval every = { { 0, on ? TICK : 0 }, { 0, on ? TICK : 0 } };

	ticks = 0;
	setitimer(ITIMER_REAL, &every, NULL);
}

/* What became of something that may not come back; `endless` is what it is called when it does not. */
static void attempt(long (*what)(void), const char *endless)
{
	int number = sigsetjmp(out, 1);
	long value;

	if (number == 0) {
		told_wp = told_missing = told_minor = told_rwp = 0;
		armed = 1;
		tick(1);
		value = what();
		armed = 0;
		tick(0);
		result(value);
		return;
	}
	tick(0);
	if (number == SIGALRM)
		said(told_what(endless));
	else
		said(number == SIGBUS ? "SIGBUS" : "SIGSEGV");
}

static long reads(void)
{
	(void)*(volatile uint32_t *)at;
	return 0;
}

static long writes(void)
{
	*(volatile uint32_t *)at = WRITTEN;
	return 0;
}

static long kernel_reads(void)
{
	return pwrite(words, at, 4, 4);
}

static long kernel_writes(void)
{
	return pread(words, at, 4, 0);
}

static volatile int call_ended;
static long call_result;
static int call_errno;

static int calls(void *what)
{
	call_result = ((long (*)(void))what)();
	call_errno = errno;
	call_ended = 1;
	return 0;
}

/* What became of a system call that touches the page. In a process of its own in this memory: only a fatal signal ends a wait there. */
static void attempt_call(long (*what)(void))
{
	static char stack[1 << 16];
	pid_t caller;

	told_wp = told_missing = told_minor = told_rwp = call_ended = 0;
	caller = clone(calls, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)what);
	if (caller < 0)
		die("clone");
	for (int i = 0; i < ENDLESS && !call_ended && !told_of_fault(); i++)
		usleep(TICK);
	if (call_ended) {
		errno = call_errno;
		result(call_result);
	} else {
		said(told_what("faults without end"));
		kill(caller, SIGKILL);
	}
	waitpid(caller, NULL, 0);
}

/* A ring of io_uring, by which pages are pinned for long. */
static int rings[32];
static int ring_count;

static long pins(void)
{
	struct iovec what = { at, size };

	return syscall(SYS_io_uring_register, rings[ring_count - 1], 0 /* IORING_REGISTER_BUFFERS */, &what, 1);
}

static void pin(void)
{
	uint64_t params[15] = { 0 }; /* struct io_uring_params */
	int ring;

	if (vma != ANONYMOUS) {
		not_done("io_uring takes anonymous memory alone in some of these kernels");
		return;
	}
	ring = ring_count < 32 ? (int)syscall(SYS_io_uring_setup, 1, params) : -1;
	if (ring < 0) {
		not_done("there is no ring");
		return;
	}
	rings[ring_count++] = ring;
	attempt_call(pins);
}

static long installs_guard(void)
{
	return madvise(at, size, MADV_GUARD_INSTALL);
}

static long fails_memory(void)
{
	return madvise(at, size, MADV_HWPOISON);
}

/* A call that sends a message comes back when it was read: the reader may not have told of it yet. */
static int told(volatile int *what, uint64_t feature, int nothing)
{
	for (int i = 0; (wanted & feature) && (modes || left_registered) && *what == nothing && i < 100; i++)
		usleep(200);
	return *what != nothing;
}

/* --- userfaultfd ------------------------------------------------------------------------------------------------ */

static void *read_messages(void *nothing)
{
	struct pollfd from[2] = { { .fd = uffd, .events = POLLIN }, { .fd = stop_reader, .events = POLLIN } };
	struct uffd_msg message;

	(void)nothing;
	for (;;) {
		if (poll(from, 2, -1) < 0)
			continue;
		if (from[1].revents)
			return NULL;
		if (read(from[0].fd, &message, sizeof message) != sizeof message)
			continue;
		switch (message.event) {
		case UFFD_EVENT_PAGEFAULT:
			if (message.arg.pagefault.flags & FAULT_WP)
				told_wp = 1;
			else if (message.arg.pagefault.flags & FAULT_MINOR)
				told_minor = 1;
			else if (message.arg.pagefault.flags & FAULT_RWP)
				told_rwp = 1;
			else
				told_missing = 1;
			break;
		case UFFD_EVENT_FORK:
			told_fork = message.arg.fork.ufd;
			break;
		case UFFD_EVENT_REMAP:
			told_remap = 1;
			break;
		case UFFD_EVENT_REMOVE:
			told_remove = 1;
			break;
		case UFFD_EVENT_UNMAP:
			told_unmap = 1;
			break;
		}
	}
}

static void follow_uffd(int fd)
{
	sigset_t all, before;

	uffd = fd;
	stop_reader = eventfd(0, EFD_CLOEXEC);
	/* Signals are for the thread that uses the page. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&reader, NULL, read_messages, NULL))
		die("pthread_create");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void close_uffd(void)
{
	uint64_t one = 1;

	if (uffd < 0)
		return;
	if (write(stop_reader, &one, 8) != 8)
		die("eventfd");
	pthread_join(reader, NULL);
	close(stop_reader);
	close(uffd);
	uffd = -1;
	modes = 0;
	left_registered = 0;
}

static uint64_t known_features(void)
{
	static uint64_t known;
	struct uffdio_api api = { .api = UFFD_API };
	int fd;

	if (known)
		return known;
	fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		die("UFFDIO_API");
	close(fd);
	fd = syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */);
	if (fd >= 0)
		close(fd);
	return known = (api.features & ~USER_MODE_ONLY) | (fd >= 0 ? USER_MODE_ONLY : 0);
}

static void open_uffd(void)
{
	struct uffdio_api api = {
		.api = UFFD_API, .features = (ALWAYS & known_features()) | (wanted & ~USER_MODE_ONLY),
	};
	int fd;

	if (uffd >= 0)
		return;
	fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | (wanted & USER_MODE_ONLY ? 1 : 0));
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		die("UFFDIO_API with features");
	follow_uffd(fd);
}

static long register_at(void *address, unsigned mode)
{
	struct uffdio_register arg = { .range = { (uintptr_t)address, size }, .mode = mode };

	return ioctl(uffd, UFFDIO_REGISTER, &arg);
}

static void registers(unsigned mode)
{
	open_uffd();
	if (register_at(at, modes | mode) < 0) {
		said(error_name(errno));
		return;
	}
	modes |= mode;
	said("nothing");
}

static struct uffdio_range range(void)
{
	return (struct uffdio_range){ (uintptr_t)at, size };
}

static void unregisters(void)
{
	struct uffdio_range arg = range();
	long value;

	open_uffd();
	value = ioctl(uffd, UFFDIO_UNREGISTER, &arg);
	if (value == 0)
		modes = 0;
	result(value);
}

static void protects(int on)
{
	struct uffdio_writeprotect arg = { .range = range(), .mode = on };

	open_uffd();
	result(ioctl(uffd, UFFDIO_WRITEPROTECT, &arg));
}

static void rwprotects(int on)
{
	struct rwprotect arg = { .range = range(), .mode = on };

	open_uffd();
	result(ioctl(uffd, IOCTL_RWPROTECT, &arg));
}

static void rwp_async(int on)
{
	uint64_t bit = 1u << 18;
	struct set_mode arg = { .enable = on ? bit : 0, .disable = on ? 0 : bit };

	open_uffd();
	result(ioctl(uffd, IOCTL_SET_MODE, &arg));
	if (!strcmp(saw, "nothing"))
		rwp_is_async = on;
}

/* Two mebibytes, each page of them written: what is copied, and what is moved here. */
static char *source(void)
{
	static char *memory;

	if (memory == NULL) {
		memory = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED)
			die("mmap");
		for (size_t i = 0; i < HUGE_PAGE; i += page)
			*(uint32_t *)(memory + i) = WRITTEN;
	}
	return memory;
}

static void copies(unsigned mode)
{
	struct uffdio_copy arg = { .dst = (uintptr_t)at, .src = (uintptr_t)source(), .len = size, .mode = mode };

	open_uffd();
	result(ioctl(uffd, UFFDIO_COPY, &arg));
}

static void continues(unsigned mode)
{
	struct uffdio_continue arg = { .range = range(), .mode = mode };

	open_uffd();
	result(ioctl(uffd, UFFDIO_CONTINUE, &arg));
}

static void zeropage(void)
{
	struct uffdio_zeropage arg = { .range = range() };

	open_uffd();
	result(ioctl(uffd, UFFDIO_ZEROPAGE, &arg));
}

static void poisons(void)
{
	struct poison_range arg = { .range = range() };

	open_uffd();
	result(ioctl(uffd, IOCTL_POISON, &arg));
}

static char *next_place(void)
{
	return (char *)PLACES + ++place * PLACE_SIZE;
}

static char *map_memory(char *where)
{
	int flags = vma == ANONYMOUS ? MAP_PRIVATE | MAP_ANONYMOUS : is_private ? MAP_PRIVATE : MAP_SHARED;
	char *memory = mmap(where, size, PROT_READ | PROT_WRITE,
			    MAP_FIXED | flags, file, file_offset);

	if (memory == MAP_FAILED)
		die("mmap of the page");
	if (is_thp && madvise(memory, size, MADV_HUGEPAGE))
		die("MADV_HUGEPAGE");
	return memory;
}

static void move_away(void)
{
	/* Anonymous, whatever moves: mapping a file of hugetlbfs would make it longer. */
	char *to = mmap(next_place(), size, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct move_range arg = { .dst = (uintptr_t)to, .src = (uintptr_t)at, .len = size };

	if (to == MAP_FAILED)
		die("mmap");
	mprotect(to, size, prot);
	open_uffd();
	if (modes)
		register_at(to, modes);
	if (ioctl(uffd, IOCTL_MOVE, &arg) < 0) {
		said(error_name(errno));
		munmap(to, size);
		return;
	}
	at = to;
	said("nothing");
}

static void move_here(void)
{
	char *from = mmap(next_place(), size, PROT_READ | PROT_WRITE,
			  MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct move_range arg = { .dst = (uintptr_t)at, .src = (uintptr_t)from, .len = size };

	if (from == MAP_FAILED)
		die("mmap");
	for (size_t i = 0; i < size; i += page)
		*(uint32_t *)(from + i) = WRITTEN;
	mprotect(from, size, prot);
	open_uffd();
	result(ioctl(uffd, IOCTL_MOVE, &arg));
	munmap(from, size);
}

/* --- memory management ------------------------------------------------------------------------------------------ */

static void reclaims(void)
{
	if (vma == HUGETLB) {
		not_done("hugetlb pages are not reclaimed");
		return;
	}
	if (!is_present()) {
		not_done("nothing is mapped");
		return;
	}
	if (frame() == zero_frame) {
		not_done("the zero page is not reclaimed");
		return;
	}
	for (int i = 0; i < 8 && is_present(); i++) {
		if (vma == FILE_PAGE)
			fdatasync(file);
		if (i)
			usleep(3000);
		madvise(at, size, MADV_PAGEOUT);
	}
	if (is_present())
		not_done("MADV_PAGEOUT left the page mapped");
	else
		said("nothing");
}

static void swaps_off(void)
{
	if (swapoff(SWAP)) {
		not_done("swapoff failed");
		return;
	}
	if (swapon(SWAP, 0))
		die("swapon");
	said("nothing");
}

/* To the other node, and the new page is mapped when the call returns. */
static void migrates(void)
{
	void *pages[1] = { at };
	int status[1] = { -1 }, node[1];

	if (!is_present() || frame() == zero_frame) {
		not_done("no page is mapped that could move");
		return;
	}
	if (syscall(SYS_move_pages, 0, 1ul, pages, NULL, status, 0) || status[0] < 0) {
		not_done("the page's node is not told");
		return;
	}
	for (int i = 0; i < 8; i++) {
		node[0] = !status[0];
		int after[1] = { -1 };

		if (syscall(SYS_move_pages, 0, 1ul, pages, node, after, 4 /* MPOL_MF_MOVE_ALL */) == 0 &&
		    after[0] == node[0]) {
			said("nothing");
			return;
		}
		usleep(3000);
	}
	not_done("move_pages() left the page where it was");
}

/* KSM's page, which sequences share: its memory must not fail. */
static uint64_t ksm_frame;

static void memory_fails(void)
{
	if (ksm_frame && is_present() && frame() == ksm_frame) {
		not_done("the page is KSM's, and others have it");
		return;
	}
	if (!is_present() || frame() == zero_frame)
		not_done("no page is mapped that could fail");
	else if (modes & MODE_RWP && !rwp_is_async && pagemap_of(at) >> 57 & 1)
		not_done("madvise() would wait for the answer to a message, and no signal ends that");
	else
		attempt(fails_memory, "not done: madvise() did not end");
	if (!strcmp(saw, "EFAULT"))
		not_done("what may not be read cannot be named to madvise()");
	/* The page could not be taken out of use, which is none of the entry's business. */
	if (!strcmp(saw, "EBUSY") || !strcmp(saw, "EHWPOISON")) {
		if (is_present())
			not_done("the page is not one whose failure is handled");
		else
			said("nothing");
	}
}

static void frees(void)
{
	told_remove = 0;
	result(madvise(at, size, MADV_FREE));
	if (!strcmp(saw, "nothing") && told(&told_remove, 1u << 3, 0))
		said("remove message");
}

static void merges(void)
{
	static char *others;
	long scans;

	if (others == NULL) {
		others = mmap((char *)KNOWN - HUGE_PAGE, 2 * page, PROT_READ | PROT_WRITE,
			      MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (others == MAP_FAILED || madvise(others, 2 * page, MADV_MERGEABLE)) {
			others = NULL;
			not_done("this kernel has no KSM");
			return;
		}
		*(uint32_t *)others = *(uint32_t *)(others + page) = WRITTEN;
		write_text("/sys/kernel/mm/ksm/sleep_millisecs", "0");
		write_text("/sys/kernel/mm/ksm/pages_to_scan", "1000");
		write_text("/sys/kernel/mm/ksm/run", "1");
		scans = number_in("/sys/kernel/mm/ksm/full_scans");
		while (number_in("/sys/kernel/mm/ksm/full_scans") < scans + 4)
			usleep(1000);
		write_text("/sys/kernel/mm/ksm/run", "0");
	}
	/* Bit 61: the page is of a file, or shared. */
	if (vma == HUGETLB || !is_present() || frame() == zero_frame || pagemap_of(at) >> 61 & 1) {
		not_done("no anonymous page is mapped");
		return;
	}
	uint64_t before = frame();

	if (madvise(at, size, MADV_MERGEABLE)) {
		said(error_name(errno));
		return;
	}
	write_text("/sys/kernel/mm/ksm/run", "1");
	scans = number_in("/sys/kernel/mm/ksm/full_scans");
	while (number_in("/sys/kernel/mm/ksm/full_scans") < scans + 4)
		usleep(1000);
	write_text("/sys/kernel/mm/ksm/run", "0");
	if (is_present() && frame() != before) {
		ksm_frame = frame();
		said("nothing");
	}
	else
		not_done("ksmd did not merge the page");
}

static void remaps(int flags)
{
	char *to = next_place();
	char *moved;

	told_remap = 0;
	moved = mremap(at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED | flags, to);
	if (moved == MAP_FAILED) {
		said(error_name(errno));
		return;
	}
	at = moved;
	if (flags && modes)
		left_registered = 1;
	said(told(&told_remap, 1u << 2, 0) ? "remap message" : "nothing");
	if (!(wanted & 1u << 2))
		modes = 0;
}

static void hole(void)
{
	if (vma == ANONYMOUS || vma == FILE_PAGE) {
		not_done(vma == ANONYMOUS ? "there is no file" : "a block device has no holes");
		return;
	}
	result(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, size));
}

static void truncates(void)
{
	if (vma == ANONYMOUS || vma == FILE_PAGE)
		not_done(vma == ANONYMOUS ? "there is no file" : "a block device is not truncated");
	else
		result(ftruncate(file, 0));
}

/* A block device truncates its page cache without unmapping first: a page that is mapped, here or elsewhere, is met. */
static void zaps_locked(void)
{
	uint64_t where[2] = { file_offset, size };
	char *other;

	if (vma != FILE_PAGE) {
		not_done("it takes a race, or a block device");
		return;
	}
	other = mmap(NULL, size, PROT_READ, MAP_SHARED, file, file_offset);
	if (other == MAP_FAILED)
		die("mmap");
	if (sigsetjmp(out, 1) == 0) {
		armed = 1;
		(void)*(volatile char *)other;
		armed = 0;
		result(ioctl(file, BLKZEROOUT, where));
	} else {
		not_done("the memory of the file's page failed");
	}
	munmap(other, size);
}

static void changes(int to)
{
	long value = mprotect(at, size, to);

	if (value == 0)
		prot = to;
	result(value);
}

static void seals(void)
{
	long value = syscall(SYS_mseal, at, size, 0);

	if (value == 0)
		sealed = 1;
	result(value);
}

static void clears_soft_dirty(void)
{
	write_text("/proc/self/clear_refs", "4");
	said("nothing");
}

static void scans(void)
{
	long found = scan(SCAN_WP_MATCHING | SCAN_CHECK_WPASYNC, SCAN_WRITTEN);

	if (found < 0)
		said(error_name(errno));
	else
		said(found & SCAN_WRITTEN ? "PAGE_IS_WRITTEN" : "page not written");
}

static void discards(void)
{
	told_remove = 0;
	result(madvise(at, size, MADV_DONTNEED));
	if (!strcmp(saw, "nothing") && told(&told_remove, 1u << 3, 0))
		said("remove message");
}

/* What concerns the last page alone splits the huge PMD of all. */
static void splits(void)
{
	if (!is_thp || !is_present())
		not_done("no huge PMD maps the page");
	else
		result(madvise(at + size - page, page, MADV_DONTNEED));
}

static void unmaps(void)
{
	told_unmap = 0;
	result(munmap(at, size));
	if (told(&told_unmap, 1u << 6, 0))
		said("unmap message");
}

/* --- processes -------------------------------------------------------------------------------------------------- */

static void send_descriptor(int to, int fd)
{
	char byte = fd >= 0, space[CMSG_SPACE(sizeof fd)] = "";
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = space;
		message.msg_controllen = sizeof space;
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);

		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(head), &fd, sizeof fd);
	}
	if (sendmsg(to, &message, 0) != 1)
		die("sendmsg");
}

static int receive_descriptor(int from)
{
	char byte = 0, space[CMSG_SPACE(sizeof(int))] = "";
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space,
				  .msg_controllen = sizeof space };
	int fd = -1;

	if (recvmsg(from, &message, 0) != 1)
		die("recvmsg");
	if (byte)
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static void open_pagemap(void)
{
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		die("/proc/self/pagemap");
}

/* Pages that are this process's alone, by whose frames the tool finds the root of its tables. */
static void introduce(void)
{
	/* Where the root of a child that is gone has nothing, whose tables this one may have got. */
	char *own = mmap((char *)((0x80ul + getpid() % 64) << 39), page, PROT_READ | PROT_WRITE,
			 MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (own == MAP_FAILED)
		die("mmap");
	for (int i = 0; i <= KNOWN_COUNT; i++) {
		char *known = i == KNOWN_COUNT ? own : (char *)KNOWN + i * KNOWN_STEP;

		*(volatile long *)known += 1;
		printf("@known 0x%llx 0x%llx\n", (unsigned long long)(uintptr_t)known,
		       (unsigned long long)pagemap_of(known));
	}
	printf("@root\n");
	wait_for_line();
}

/* Whoever is not followed waits: in the parent this is -1 until the child that is followed has come to its end. */
static void forks(int follow_child)
{
	int pair[2];
	pid_t child;

	if (child_count == 16) {
		not_done("there are too many children");
		return;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die("socketpair");
	told_fork = -1;
	fflush(stdout);
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		/* An open descriptor of the parent's would keep its userfaultfd, and its messages, alive. */
		if (uffd >= 0) {
			close(uffd);
			close(stop_reader);
		}
		if (!follow_child)
			for (;;)
				pause();
		child_count = message_fd_count = 0;
		is_child = 1;
		close(pagemap);
		open_pagemap();
		uffd = receive_descriptor(pair[1]);
		if (uffd >= 0)
			follow_uffd(uffd);
		else
			modes = left_registered = 0;
		said(uffd >= 0 ? "fork message" : "nothing");
		introduce();
		return;
	}
	children[child_count++] = child;
	said(told(&told_fork, 1u << 1, -1) ? "fork message" : "nothing");
	if (follow_child) {
		send_descriptor(pair[0], told_fork);
		if (told_fork >= 0)
			close(told_fork);
		waitpid(child, NULL, 0);
		child_count--;
		saw[0] = 0;
	} else if (told_fork >= 0) {
		message_fds[message_fd_count++] = told_fork;
	}
	close(pair[0]);
	close(pair[1]);
}

/* --- sequences -------------------------------------------------------------------------------------------------- */

static void cause(const char *event)
{
	if (!strcmp(event, "register"))
		registers(MODE_WP);
	else if (!strcmp(event, "register-missing"))
		registers(MODE_MISSING);
	else if (!strcmp(event, "register-minor"))
		registers(MODE_MINOR);
	else if (!strcmp(event, "register-rwp"))
		registers(MODE_RWP);
	else if (!strcmp(event, "rwprotect"))
		rwprotects(1);
	else if (!strcmp(event, "un-rwprotect"))
		rwprotects(0);
	else if (!strcmp(event, "set-rwp-async"))
		rwp_async(1);
	else if (!strcmp(event, "clear-rwp-async"))
		rwp_async(0);
	else if (!strcmp(event, "unregister"))
		unregisters();
	else if (!strcmp(event, "close")) {
		close_uffd();
		said("nothing");
	} else if (!strcmp(event, "write-protect"))
		protects(1);
	else if (!strcmp(event, "un-protect"))
		protects(0);
	else if (!strcmp(event, "read"))
		attempt(reads, "faults without end");
	else if (!strcmp(event, "write"))
		attempt(writes, "faults without end");
	else if (!strcmp(event, "kernel-read"))
		attempt_call(kernel_reads);
	else if (!strcmp(event, "kernel-write")) {
		/* hugetlb_wp() returns 0 again and again; a fault of the kernel's looks for no signal then, SIGKILL neither. */
		if (vma == HUGETLB && !(modes & MODE_WP) && pagemap_of(at) >> 57 & 1)
			not_done("it would never end, and no signal would end it");
		else
			attempt_call(kernel_writes);
	}
	else if (!strcmp(event, "pin"))
		pin();
	else if (!strcmp(event, "split"))
		splits();
	else if (!strcmp(event, "mseal"))
		seals();
	else if (!strcmp(event, "reclaim"))
		reclaims();
	else if (!strcmp(event, "swapoff"))
		swaps_off();
	else if (!strcmp(event, "migrate"))
		migrates();
	else if (!strcmp(event, "hwpoison"))
		memory_fails();
	else if (!strcmp(event, "dontneed"))
		discards();
	else if (!strcmp(event, "madv-free"))
		frees();
	else if (!strcmp(event, "ksm"))
		merges();
	else if (!strcmp(event, "punch-hole"))
		hole();
	else if (!strcmp(event, "truncate"))
		truncates();
	else if (!strcmp(event, "zap-locked"))
		zaps_locked();
	else if (!strcmp(event, "munmap"))
		unmaps();
	else if (!strcmp(event, "fork"))
		forks(0);
	else if (!strcmp(event, "fork-child"))
		forks(1);
	else if (!strcmp(event, "mremap"))
		remaps(0);
	else if (!strcmp(event, "mremap-dontunmap"))
		remaps(MREMAP_DONTUNMAP);
	else if (!strcmp(event, "mprotect-none"))
		changes(PROT_NONE);
	else if (!strcmp(event, "mprotect-read"))
		changes(PROT_READ);
	else if (!strcmp(event, "mprotect-write"))
		changes(PROT_READ | PROT_WRITE);
	else if (!strcmp(event, "clear-soft-dirty"))
		clears_soft_dirty();
	else if (!strcmp(event, "copy"))
		copies(0);
	else if (!strcmp(event, "copy-wp"))
		copies(COPY_MODE_WP);
	else if (!strcmp(event, "continue"))
		continues(0);
	else if (!strcmp(event, "continue-wp"))
		continues(COPY_MODE_WP);
	else if (!strcmp(event, "zeropage"))
		zeropage();
	else if (!strcmp(event, "poison"))
		poisons();
	else if (!strcmp(event, "move"))
		move_away();
	else if (!strcmp(event, "move-onto"))
		move_here();
	else if (!strcmp(event, "guard-install"))
		attempt(installs_guard, "ERESTARTNOINTR, again and again");
	else if (!strcmp(event, "guard-remove"))
		result(madvise(at, size, MADV_GUARD_REMOVE));
	else if (!strcmp(event, "scan"))
		scans();
	else
		not_done("a program does not cause it");
}

static void say(const char *event)
{
	long categories = scan(0, 0);
	char text[24] = "-";

	if (categories >= 0)
		snprintf(text, sizeof text, "0x%lx", categories);
	printf("@step %s 0x%llx 0x%llx %s %s\n", event, (unsigned long long)(uintptr_t)at,
	       (unsigned long long)pagemap_of(at), text, saw);
	wait_for_line();
}

/* Returns what is not supported, or NULL. */
static const char *begin(const char *kind, char *asked)
{
	static off_t used;
	char *save = NULL;

	uffd = file = -1;
	modes = 0;
	prot = PROT_READ | PROT_WRITE;
	left_registered = 0;
	child_count = message_fd_count = ring_count = sealed = 0;
	place = first_place;
	wanted = 0;
	file_offset = 0;
	for (char *name = strtok_r(asked, ",", &save); name; name = strtok_r(NULL, ",", &save))
		for (size_t i = 0; i < sizeof features / sizeof *features; i++)
			if (!strcmp(name, features[i].name))
				wanted |= features[i].bit;
	if (wanted & ~known_features())
		return "a feature";
	rwp_is_async = !!(wanted & 1u << 18);
	is_private = !strncmp(kind, "private-", 8);
	if (is_private)
		kind += 8;
	vma = !strcmp(kind, "shmem") ? SHMEM : !strcmp(kind, "file") ? FILE_PAGE :
	      !strcmp(kind, "hugetlb") ? HUGETLB : ANONYMOUS;
	is_thp = !strcmp(kind, "thp");
	size = vma == HUGETLB || is_thp ? HUGE_PAGE : page;
	if (vma == SHMEM || vma == HUGETLB) {
		/* New pages: one that is used again may be dirty from before. */
		if (vma == HUGETLB) {
			write_text("/proc/sys/vm/nr_hugepages", "0");
			write_text("/proc/sys/vm/nr_hugepages", "20");
		}
		file = memfd_create("life", MFD_CLOEXEC | (vma == HUGETLB ? 4u /* MFD_HUGETLB */ : 0));
		if (file < 0)
			return "memfd_create()";
		if (ftruncate(file, size))
			die("ftruncate");
	}
	if (vma == FILE_PAGE) {
		file = disk;
		file_offset = used;
		used += page;
	}
	at = map_memory((char *)PLACES + place * PLACE_SIZE);
	return NULL;
}

static void end(void)
{
	for (int i = 0; i < child_count; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	for (int i = 0; i < ring_count; i++)
		close(rings[i]);
	for (int i = 0; i < message_fd_count; i++)
		close(message_fds[i]);
	close_uffd();
	for (int i = first_place; i <= place; i++)
		munmap((char *)PLACES + i * PLACE_SIZE, size);
	/* What is sealed stays, and so would its pages. */
	if (sealed) {
		first_place = place + 1;
		if (file >= 0 && file != disk && ftruncate(file, 0))
			die("ftruncate");
	}
	if (file >= 0 && file != disk)
		close(file);
}

static void run_sequence(char *line)
{
	char *save = NULL;
	char *number = strtok_r(line, " ", &save), *kind = strtok_r(NULL, " ", &save);
	char *asked = strtok_r(NULL, " ", &save);
	const char *lacking;

	printf("@sequence %s\n", number);
	lacking = begin(kind, asked);
	if (lacking) {
		printf("@lacks %s\n", lacking);
		return;
	}
	for (char *event = strtok_r(NULL, " ", &save); event; event = strtok_r(NULL, " ", &save)) {
		cause(event);
		/* The child has told the rest. */
		if (saw[0] == 0)
			break;
		say(event);
	}
	end();
	if (is_child)
		_exit(0);
}

/* --- the machine ------------------------------------------------------------------------------------------------ */

static void swap_on(void)
{
	int fd = open(SWAP, O_RDWR);

	if (fd < 0)
		die(SWAP);
	write_swap_header(fd, swap_header(lseek(fd, 0, SEEK_END) / page));
	close(fd);
	if (swapon(SWAP, 0))
		die("swapon");
}

static void prepare(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct termios terminal;
	char *zero;

	page = sysconf(_SC_PAGESIZE);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (tcgetattr(0, &terminal) == 0) {
		terminal.c_lflag &= ~ECHO;
		tcsetattr(0, TCSANOW, &terminal);
	}
	mount_all();
	open_pagemap();
	write_text("/proc/sys/vm/page-cluster", "0");
	/* The kernel would tell of every SIGSEGV, in the middle of a line. */
	write_text("/proc/sys/debug/exception-trace", "0");
	/* khugepaged stays away, and the huge zero page. */
	write_text("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs", "100000000");
	write_text("/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none", "0");
	write_text("/sys/kernel/mm/transparent_hugepage/use_zero_page", "0");
	write_text("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	load_modules("num_devices=2");
	write_text("/sys/block/zram0/disksize", "128M");
	write_text("/sys/block/zram1/disksize", "128M");
	swap_on();
	/* Readahead makes large folios, which truncation splits before it unmaps. */
	write_text("/sys/block/zram1/queue/read_ahead_kb", "0");
	disk = open(DISK, O_RDWR | O_CLOEXEC);
	if (disk < 0)
		die(DISK);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	words = memfd_create("words", MFD_CLOEXEC);
	if (words < 0 || pwrite(words, (uint32_t[]){ WRITTEN, 0 }, 8, 0) != 8)
		die("memfd_create");
	zero = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	(void)*(volatile char *)zero;
	zero_frame = pagemap_of(zero) & ((1ull << 55) - 1);
	for (int i = 0; i < KNOWN_COUNT; i++) {
		char *known = mmap((char *)KNOWN + i * KNOWN_STEP, page, PROT_READ | PROT_WRITE,
				   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (known == MAP_FAILED || mlock(known, page))
			die("mlock");
	}
	source();
}

int main(void)
{
	struct utsname name;
	FILE *sequences;
	char *line = NULL;
	size_t room = 0;

	prepare();
	uname(&name);
	printf("\n@release %s\n", name.release);
	introduce();
	sequences = fopen("/sequences", "r");
	if (sequences == NULL)
		die("/sequences");
	while (getline(&line, &room, sequences) > 0) {
		line[strcspn(line, "\n")] = 0;
		run_sequence(line);
	}
	printf("\n@categories 0x%llx\n", (unsigned long long)known);
	printf("@done\n");
	fflush(stdout);
	for (;;)
		pause();
}
