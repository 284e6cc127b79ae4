/*
 * What the programs of the guests have in common: what is younger than the headers, and how the machine is made ready.
 * They are the only process there, so what goes wrong is said and waited with.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>
#include <unistd.h>

/* See include/uapi of Linux v7.3. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_HWPOISON
#define MADV_HWPOISON 100
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* v6.13; for files v6.15 */
#define MADV_GUARD_REMOVE 103
#endif
struct poison_range {
	struct uffdio_range range;
	__u64 mode;
	__s64 updated;
};
#define IOCTL_POISON _IOWR(UFFDIO, 0x08, struct poison_range)

static size_t page;

static void die(const char *what)
{
	printf("\n@fail %s: %s\n", what, strerror(errno));
	fflush(stdout);
	for (;;)
		pause();
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(path);
	close(fd);
}

/* What a file that holds one number says, or 0. */
static size_t number_in(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = 0;
	close(fd);
	return strtoul(text, NULL, 10);
}

static void mount_all(void)
{
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
}

/* Modules are named so that their order is the order to load them in: /m/00.ko, /m/01.ko … */
static void load_modules(const char *parameters)
{
	for (int i = 0; i < 100; i++) {
		char path[64];
		struct stat about;
		char *image;
		int fd;

		snprintf(path, sizeof path, "/m/%02d.ko", i);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			return;
		fstat(fd, &about);
		image = malloc(about.st_size);
		if (read(fd, image, about.st_size) != about.st_size)
			die(path);
		close(fd);
		/* zram alone knows num_devices; the others say so in the kernel log, and load all the same. */
		if (syscall(SYS_init_module, image, (unsigned long)about.st_size, parameters) && errno != EEXIST)
			die(path);
		free(image);
	}
}

/* A page with the header of swap space, as union swap_header in include/linux/swap.h; the words that name it. */
static uint32_t *swap_header(uint32_t pages)
{
	char *header = calloc(1, page);
	uint32_t *words = (uint32_t *)(header + 1024);

	words[0] = 1;
	words[1] = pages - 1;
	memcpy(header + page - 10, "SWAPSPACE2", 10);
	return words;
}

static void write_swap_header(int fd, uint32_t *words)
{
	char *header = (char *)words - 1024;

	if (pwrite(fd, header, page, 0) != (ssize_t)page || fsync(fd))
		die("write a swap header");
	free(header);
}
