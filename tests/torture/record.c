/* Loaded before the C library (LD_PRELOAD): writes down everything that a program asks of the files
 * below a folder, in order, so that a power cut can be played at any moment of it afterwards.
 *
 *   TORTURE_DIR          the folder; its files are real files, and work as always
 *   TORTURE_LOG          where the record goes, appended
 *   TORTURE_SYNC_US      how long a sync takes; what is written meanwhile is not covered by it
 *   TORTURE_SYNC_FAILS   N: one sync in N fails, by chance, and what it covered is not written later
 *                        either, as of a kernel that calls pages clean whose writing failed
 *   TORTURE_SYNCHRONOUS  NORMAL: the program's "PRAGMA synchronous=FULL" reaches SQLite as NORMAL
 *
 * What goes through a mapping (SQLite's -shm) is not seen, and so is never durable. The last setting
 * is the control: it is SQLite's own NORMAL and not somebody's idea of it, and no option of the
 * program asks for it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	FILES = 1024,
	SYNCS_OF_START = 20, /* these do not fail */
};

enum what {
	WHAT_OPEN = 1, /* text: path; at: 1 = it was made */
	WHAT_WRITE,    /* at, bytes */
	WHAT_CUT,      /* at: the new size */
	WHAT_SYNC,     /* begins */
	WHAT_SYNCED,   /* ended well */
	WHAT_UNLINK,   /* text: path */
	WHAT_RENAME,   /* text: from, NUL, to */
	WHAT_DROPPED,  /* a sync failed: what it covered will never be durable */
};

struct head {
	uint32_t what, thread;
	uint64_t inode, at;
	uint64_t size; /* of what follows */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t inodes[FILES]; /* by descriptor; 0 = not ours */
static int log_fd = -1;
static char dir[PATH_MAX];
static size_t dir_len;
static long sync_us, sync_fails, syncs;
static unsigned chance = 1101206;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

/* What dlsym finds is data to C and a function to everybody else. */
static void
find(const char *name, void *ret_function)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(ret_function, &found, sizeof(found));
}

__attribute__((constructor)) static void
begin(void)
{
	const char *below = getenv("TORTURE_DIR"), *log = getenv("TORTURE_LOG");
	const char *pause = getenv("TORTURE_SYNC_US"), *failing = getenv("TORTURE_SYNC_FAILS");

	find("open64", &real_open);
	find("write", &real_write);
	find("pwrite64", &real_pwrite);
	find("ftruncate64", &real_ftruncate);
	find("fsync", &real_fsync);
	find("fdatasync", &real_fdatasync);
	find("close", &real_close);
	find("unlink", &real_unlink);
	find("rename", &real_rename);
	sync_us = pause != NULL ? strtol(pause, NULL, 10) : 0;
	sync_fails = failing != NULL ? strtol(failing, NULL, 10) : 0;
	if (below == NULL || log == NULL || realpath(below, dir) == NULL)
		return;
	dir_len = strlen(dir);
	log_fd = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static bool
ours(const char *path)
{
	return log_fd >= 0 && strncmp(path, dir, dir_len) == 0 &&
	       (path[dir_len] == '/' || path[dir_len] == '\0');
}

static uint64_t
inode_of(int fd)
{
	return fd >= 0 && fd < FILES ? inodes[fd] : 0;
}

/* The lock is held: the order of the record is the order of what happened. */
static void
note(enum what what, uint64_t inode, uint64_t at, const void *bytes, size_t size)
{
	struct head head = { what, (uint32_t)gettid(), inode, at, size };
	struct iovec parts[] = { { &head, sizeof(head) }, { (void *)(uintptr_t)bytes, size } };

	if (writev(log_fd, parts, 2) != (ssize_t)(sizeof(head) + size))
		abort();
}

int
open64(const char *path, int flags, ...)
{
	struct stat info;
	mode_t mode = 0;
	bool there;
	int fd;

	if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (!ours(path))
		return real_open(path, flags, mode);
	pthread_mutex_lock(&lock);
	there = access(path, F_OK) == 0;
	fd = real_open(path, flags, mode);
	if (fd >= 0 && fd < FILES && fstat(fd, &info) == 0) {
		inodes[fd] = info.st_ino;
		note(WHAT_OPEN, info.st_ino, there ? 0 : 1, path, strlen(path));
		if (there && (flags & O_TRUNC) != 0)
			note(WHAT_CUT, info.st_ino, 0, NULL, 0);
	}
	pthread_mutex_unlock(&lock);
	return fd;
}

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return open64(path, flags, mode);
}

ssize_t
write(int fd, const void *bytes, size_t size)
{
	ssize_t done;
	off_t at;

	if (inode_of(fd) == 0)
		return real_write(fd, bytes, size);
	pthread_mutex_lock(&lock);
	done = real_write(fd, bytes, size);
	at = lseek(fd, 0, SEEK_CUR);
	if (done > 0)
		note(WHAT_WRITE, inodes[fd], (uint64_t)(at - done), bytes, (size_t)done);
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
	ssize_t done;

	if (inode_of(fd) == 0)
		return real_pwrite(fd, bytes, size, at);
	pthread_mutex_lock(&lock);
	done = real_pwrite(fd, bytes, size, at);
	if (done > 0)
		note(WHAT_WRITE, inodes[fd], (uint64_t)at, bytes, (size_t)done);
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return pwrite64(fd, bytes, size, at);
}

int
ftruncate64(int fd, off_t size)
{
	int rc;

	if (inode_of(fd) == 0)
		return real_ftruncate(fd, size);
	pthread_mutex_lock(&lock);
	rc = real_ftruncate(fd, size);
	if (rc == 0)
		note(WHAT_CUT, inodes[fd], (uint64_t)size, NULL, 0);
	pthread_mutex_unlock(&lock);
	return rc;
}

int
ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

static int
sync_file(int fd, int (*real)(int))
{
	int rc;

	if (inode_of(fd) == 0)
		return real(fd);
	pthread_mutex_lock(&lock);
	note(WHAT_SYNC, inodes[fd], 0, NULL, 0);
	pthread_mutex_unlock(&lock);
	if (sync_us > 0)
		(void)usleep((useconds_t)sync_us);
	pthread_mutex_lock(&lock);
	if (sync_fails > 0 && ++syncs > SYNCS_OF_START && rand_r(&chance) % sync_fails == 0) {
		note(WHAT_DROPPED, inodes[fd], 0, NULL, 0);
		pthread_mutex_unlock(&lock);
		errno = EIO;
		return -1;
	}
	rc = real(fd);
	if (rc == 0)
		note(WHAT_SYNCED, inodes[fd], 0, NULL, 0);
	pthread_mutex_unlock(&lock);
	return rc;
}

int
fsync(int fd)
{
	return sync_file(fd, real_fsync);
}

int
fdatasync(int fd)
{
	return sync_file(fd, real_fdatasync);
}

int
close(int fd)
{
	if (inode_of(fd) != 0) {
		pthread_mutex_lock(&lock);
		inodes[fd] = 0;
		pthread_mutex_unlock(&lock);
	}
	return real_close(fd);
}

int
unlink(const char *path)
{
	int rc;

	if (!ours(path))
		return real_unlink(path);
	pthread_mutex_lock(&lock);
	rc = real_unlink(path);
	if (rc == 0)
		note(WHAT_UNLINK, 0, 0, path, strlen(path));
	pthread_mutex_unlock(&lock);
	return rc;
}

int
rename(const char *from, const char *to)
{
	char both[2 * PATH_MAX];
	int rc, len;

	if (!ours(from))
		return real_rename(from, to);
	len = snprintf(both, sizeof(both), "%s%c%s", from, '\0', to);
	pthread_mutex_lock(&lock);
	rc = real_rename(from, to);
	if (rc == 0)
		note(WHAT_RENAME, 0, 0, both, (size_t)len);
	pthread_mutex_unlock(&lock);
	return rc;
}

/* The writer's settings, as the control has them. */
int
sqlite3_exec(void *db, const char *text, int (*fn)(void *, int, char **, char **), void *arg,
	char **ret_message)
{
	static int (*real)(
		void *, const char *, int (*)(void *, int, char **, char **), void *, char **);
	const char *other = getenv("TORTURE_SYNCHRONOUS");
	static const char full[] = "synchronous=FULL";
	const char *at = text == NULL ? NULL : strstr(text, full);
	char changed[1024];

	if (real == NULL)
		find("sqlite3_exec", &real);
	if (other == NULL || at == NULL)
		return real(db, text, fn, arg, ret_message);
	if (snprintf(changed, sizeof(changed), "%.*ssynchronous=%s%s", (int)(at - text), text,
		    other, at + sizeof(full) - 1) >= (int)sizeof(changed))
		abort();
	return real(db, changed, fn, arg, ret_message);
}
