/*
 * PID 1 of npm run live -- --crash. In the first kernel it makes some processes, says of each what maps and pagemap say (as
 * processes.c does), loads the crash kernel with kexec_file_load(), and panics. In the crash kernel, where there is a
 * /proc/vmcore, it copies that to the disk.
 *
 * Prints @vmcore BYTES, or @fail WHY.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "processes.h"

#define KEXEC_FILE_ON_CRASH 2
#define COMMAND_LINE "console=" CONSOLE " nr_cpus=1 reset_devices panic=-1 loglevel=4 cgroup_disable=memory"

static void stop(void)
{
	for (;;)
		pause();
}

static void fail(const char *what)
{
	printf("@fail %s: %s\n", what, strerror(errno));
	stop();
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static void load_modules(void)
{
	struct dirent **found;
	int n = scandir("/m", &found, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char path[300];
		int fd;

		snprintf(path, sizeof path, "/m/%s", found[i]->d_name);
		if (found[i]->d_name[0] == '.' || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
			continue;
		if (syscall(SYS_finit_module, fd, "", 0) < 0)
			printf("@skip %s: %s\n", path, strerror(errno));
		close(fd);
	}
}

/* The crash kernel's part. */
static void copy_vmcore(int from)
{
	static char block[1 << 20];
	long long total = 0;
	int to = -1;
	ssize_t got;

	for (int i = 0; i < 100 && to < 0; i++) {
		to = open("/dev/vda", O_WRONLY);
		if (to < 0)
			usleep(100000);
	}
	if (to < 0)
		fail("/dev/vda");
	while ((got = read(from, block, sizeof block)) > 0) {
		for (ssize_t done = 0; done < got;) {
			ssize_t wrote = write(to, block + done, got - done);

			if (wrote <= 0)
				fail("/dev/vda");
			done += wrote;
		}
		total += got;
	}
	if (got < 0)
		fail("/proc/vmcore");
	fsync(to);
	printf("@vmcore %lld\n", total);
	sync();
	reboot(RB_POWER_OFF);
	stop();
}

int main(void)
{
	int vmcore, kernel, initrd, console;
	long loaded;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	console = open("/dev/console", O_RDWR);
	for (int i = 0; i < 3 && console >= 0; i++)
		dup2(console, i);
	load_modules();
	vmcore = open("/proc/vmcore", O_RDONLY);
	if (vmcore >= 0)
		copy_vmcore(vmcore);

	start_processes(0);
	kernel = open("/crash.kernel", O_RDONLY);
	initrd = open("/crash.initrd", O_RDONLY);
	loaded = syscall(SYS_kexec_file_load, kernel, initrd, sizeof COMMAND_LINE, COMMAND_LINE,
			 (unsigned long)KEXEC_FILE_ON_CRASH);
	if (loaded < 0)
		fail("kexec_file_load");
	put("/proc/sys/kernel/sysrq", "1");
	say_processes();
	put("/proc/sysrq-trigger", "c");
	stop();
}
