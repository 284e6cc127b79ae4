/*
 * Processes beside the first one, for a dump of the whole guest; and what the kernel says of every process.
 *
 * Prints, one a line:
 *   @process PID COMM                   every process, kernel threads too
 *   @vma PID START-END PERMS OFFSET NAME
 *   @pages PID VADDR WORD…              pagemap's words of pages that follow each other; a page that is not named has 0,
 *                                        or soft-dirty alone
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "processes.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

#define WORDS_A_LINE 32

static size_t page;
static int ready[2];

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		printf("@skip %s: %s\n", path, strerror(errno));
	close(fd);
}

static char *memory(size_t bytes, int flags)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void touch(char *at, size_t bytes, size_t step)
{
	for (size_t i = 0; i < bytes; i += step)
		for (size_t j = 0; j < 8; j++)
			((volatile long *)(at + i))[j] = (long)(uintptr_t)at + (long)i * 31 + (long)j + getpid();
}

static void *sleeper(void *unused)
{
	char at[1000];

	memset(at, 1, sizeof at);
	for (;;)
		pause();
	return unused;
}

static void anonymous(void)
{
	char *at = memory(256 * page, MAP_PRIVATE | MAP_ANONYMOUS);

	touch(at, 256 * page, page);
	madvise(at, 128 * page, MADV_PAGEOUT);
	mprotect(at + 192 * page, 16 * page, PROT_READ);
	mprotect(at + 224 * page, 16 * page, PROT_NONE);
}

static void shared(void)
{
	char *at = memory(128 * page, MAP_SHARED | MAP_ANONYMOUS);

	touch(at, 128 * page, page);
	madvise(at, 32 * page, MADV_PAGEOUT);
}

/* Sparse: a table of its own every gigabyte or so. */
static void sparse(void)
{
	char *at = memory((size_t)1 << 36, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);

	if (at)
		for (size_t i = 0; i < 24; i++)
			touch(at + (i << 31) + i * page, page, page);
}

static void threads(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, sleeper, NULL);
}

static void huge(void)
{
	size_t size = 2 << 20;
	char *at = memory(4 * size, MAP_PRIVATE | MAP_ANONYMOUS);

	at = (char *)(((uintptr_t)at + size - 1) & ~(size - 1));
	madvise(at, 3 * size, MADV_HUGEPAGE);
	touch(at, 3 * size, page);
	madvise(at + 2 * size, size, MADV_PAGEOUT);
}

static char *hugetlb_shared;

static void hugetlb(void)
{
	char *at = memory(4 << 20, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB);

	if (at)
		touch(at, 2 << 20, page);
	if (hugetlb_shared)
		touch(hugetlb_shared, 4 << 20, page);
}

/* What is no memory, the legacy video area of a PC: mapped whole by mmap() itself, and never touched. */
static void device(void)
{
	int fd = open("/dev/mem", O_RDWR);

	if (fd >= 0)
		mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0xb8000);
}

static void child(const char *name, void (*const *work)(void))
{
	pid_t pid = fork();

	if (pid < 0) {
		printf("@fail fork: %s\n", strerror(errno));
		for (;;)
			pause();
	}
	if (pid > 0)
		return;
	prctl(PR_SET_NAME, name);
	for (; *work; work++)
		(*work)();
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void wait_for(int count)
{
	char byte;

	while (count-- > 0)
		if (read(ready[0], &byte, 1) != 1)
			return;
}

static int by_name(void)
{
	static void (*const alpha[])(void) = { anonymous, shared, threads, NULL };
	static void (*const bravo[])(void) = { sparse, anonymous, NULL };
	static void (*const charlie[])(void) = { huge, hugetlb, NULL };
	static void (*const delta[])(void) = { hugetlb, device, shared, NULL };

	child("alpha", alpha);
	wait_for(1);
	child("bravo", bravo);
	wait_for(1);
	child("charlie", charlie);
	wait_for(1);
	child("delta", delta);
	wait_for(1);
	return 4;
}

void start_processes(int many)
{
	static void (*const filler[])(void) = { anonymous, shared, NULL };

	page = sysconf(_SC_PAGESIZE);
	if (pipe(ready))
		return;
	/* Nothing may change what was said: no collapsing behind our back. */
	put("/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan", "1");
	put("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs", "100000000");
	put("/proc/sys/vm/nr_hugepages", "8");
	hugetlb_shared = memory((size_t)1 << 31, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE);
	by_name();
	for (int i = 0; i < many; i++) {
		char name[24];

		snprintf(name, sizeof name, "filler%d", i);
		child(name, filler);
		wait_for(1);
	}
}

/* --- what the kernel says ---------------------------------------------------------------------------------------- */

static void say_pages(FILE *out, int pid, int pagemap, unsigned long long start, unsigned long long end)
{
	static uint64_t words[8192];
	unsigned int in_line = 0;

	for (unsigned long long at = start; at < end;) {
		size_t want = (end - at) / page;
		ssize_t got = pread(pagemap, words, (want < 8192 ? want : 8192) * 8, at / page * 8);

		if (got <= 0)
			break;
		for (ssize_t i = 0; i < got / 8; i++, at += page) {
			/* Bit 55 alone, soft-dirty, says nothing of a page that is not there. */
			if ((words[i] & ~(1ULL << 55)) == 0) {
				if (in_line)
					fputc('\n', out);
				in_line = 0;
				continue;
			}
			if (in_line == 0)
				fprintf(out, "@pages %d %llx", pid, at);
			fprintf(out, " %llx", (unsigned long long)words[i]);
			if (++in_line == WORDS_A_LINE) {
				fputc('\n', out);
				in_line = 0;
			}
		}
	}
	if (in_line)
		fputc('\n', out);
}

static void say_process(FILE *out, int pid)
{
	char path[64], line[1024];
	FILE *maps;
	int comm, pagemap;
	ssize_t got;

	snprintf(path, sizeof path, "/proc/%d/comm", pid);
	comm = open(path, O_RDONLY);
	if (comm < 0)
		return;
	got = read(comm, line, sizeof line - 1);
	close(comm);
	line[got > 0 ? got - 1 : 0] = 0;
	fprintf(out, "@process %d %s\n", pid, line);
	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
	pagemap = open(path, O_RDONLY);
	while (maps && pagemap >= 0 && fgets(line, sizeof line, maps)) {
		unsigned long long start, end;

		fprintf(out, "@vma %d %s", pid, line);
		if (sscanf(line, "%llx-%llx", &start, &end) == 2 && !strstr(line, "[vsyscall]"))
			say_pages(out, pid, pagemap, start, end);
	}
	if (maps)
		fclose(maps);
	if (pagemap >= 0)
		close(pagemap);
}

static void say_all(FILE *out)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			say_process(out, atoi(entry->d_name));
	if (proc)
		closedir(proc);
	fflush(out);
}

/* Children share the stack as it was at fork(): the first write to a page of it gives us another one. Not after it was said. */
static void own_stack(void)
{
	volatile char room[1 << 16];

	for (size_t i = 0; i < sizeof room; i += 256)
		room[i] = 1;
}

void say_processes(void)
{
	FILE *nowhere = fopen("/dev/null", "w");

	own_stack();
	/* Once for nobody, so that saying it touches no new page of ours. */
	say_all(nowhere);
	say_all(stdout);
	say_all(nowhere);
}
