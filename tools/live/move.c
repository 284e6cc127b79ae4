/*
 * The only program of a guest with two memory nodes: moves huge pages, whose entries are soft-dirty, from one node to the
 * other and back, and says what came of it. A kernel that takes its own migration entries for something else dies here.
 *
 *   @release R            uname -r
 *   @moved N of M         pages that reached the other node, of those that were asked for
 *   @huge N of M          of M places, those that a huge page maps
 *   @done
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define PLACES 4
#define ROUNDS 40
#define MPOL_MF_MOVE 2

static void die(const char *what)
{
	printf("\n@fail %s: %s\n", what, strerror(errno));
	fflush(stdout);
	for (;;)
		pause();
}

static size_t number_after(const char *path, const char *word)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
	const char *at = text;

	text[size] = 0;
	if (file)
		fclose(file);
	if (*word)
		at = strstr(text, word);
	return at ? strtoul(at + strlen(word), NULL, 10) : 0;
}

/* A machine of less than 512 MiB has none unless it is asked for them. */
static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		die(path);
}

int main(void)
{
	struct utsname name;
	void *pages[PLACES];
	int nodes[PLACES], status[PLACES];
	size_t huge, mapped, moved = 0, asked = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	uname(&name);
	printf("\n@release %s\n", name.release);
	huge = number_after("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "");
	if (!huge)
		die("this kernel has no transparent huge pages");
	if (access("/sys/devices/system/node/node1", F_OK))
		die("this kernel has no second node");
	write_text("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	for (int i = 0; i < PLACES; i++) {
		char *at = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED)
			die("mmap");
		at = (char *)(((uintptr_t)at + huge - 1) & ~(huge - 1));
		if (madvise(at, huge, MADV_HUGEPAGE))
			die("MADV_HUGEPAGE");
		memset(at, i + 1, huge);
		pages[i] = at;
	}
	mapped = number_after("/proc/self/smaps_rollup", "AnonHugePages:") * 1024 / huge;
	printf("@huge %zu of %d\n", mapped, PLACES);
	if (mapped == 0)
		die("no huge page was mapped");
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < PLACES; i++)
			nodes[i] = (round + 1) % 2;
		if (syscall(SYS_move_pages, 0, PLACES, pages, nodes, status, MPOL_MF_MOVE) < 0)
			die("move_pages");
		for (int i = 0; i < PLACES; i++) {
			asked++;
			moved += status[i] == nodes[i];
		}
		/* Time for what looks through the tables by itself, and a look of our own. */
		usleep(100000);
		for (int i = 0; i < PLACES; i++)
			((volatile char *)pages[i])[round]++;
	}
	printf("@moved %zu of %zu\n", moved, asked);
	printf("\n@done\n");
	for (;;)
		pause();
}
