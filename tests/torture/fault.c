/* Loaded before the C library (LD_PRELOAD): lets calls fail, or kills the program at one, as a page
 * of memory shared with the torturer says, while the program runs.
 *
 *   TORTURE_DIR    calls on files below this folder count
 *   TORTURE_PAGE   the shared page
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
	FILES = 1024,
	FIRST_BYTES = 65536,
	ERROR_LIE = -1, /* "done", and nothing was */
};

/* What a call is; the page's mask says which count. */
enum kind {
	KIND_READ = 1,
	KIND_WRITE = 2,
	KIND_SYNC = 4,
	KIND_CUT = 8,
	KIND_OPEN = 16,
	KIND_UNLINK = 32,
	KIND_ALLOC = 64,
};

struct page {
	_Atomic int64_t mask;
	_Atomic int64_t left;	  /* the call that brings it to 0 is the one */
	_Atomic int64_t error;	  /* errno; 0: the program is killed instead */
	_Atomic int64_t goes_on;  /* later ones fail too */
	_Atomic int64_t fired;	  /* calls that failed */
	_Atomic int64_t clock_ms; /* added to the wall clock */
	_Atomic int64_t seen;	  /* calls under the mask */
};

static struct page *page;
static bool files[FILES]; /* by descriptor: ours */
static char dir[PATH_MAX];
static size_t dir_len;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);
static int (*real_unlink)(const char *);
static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);
static int (*real_clock)(clockid_t, struct timespec *);

/* dlsym allocates before malloc is found: from here, and never given back */
static _Alignas(16) unsigned char first[FIRST_BYTES];
static size_t first_used;

static void
find(const char *name, void *ret_function)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(ret_function, &found, sizeof(found));
}

static void
find_memory(void)
{
	static bool under_way;

	if (under_way)
		return;
	under_way = true;
	find("calloc", &real_calloc);
	find("realloc", &real_realloc);
	find("free", &real_free);
	find("malloc", &real_malloc);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *below = getenv("TORTURE_DIR"), *shared = getenv("TORTURE_PAGE");
	int fd;

	find("open64", &real_open);
	find("write", &real_write);
	find("pwrite64", &real_pwrite);
	find("read", &real_read);
	find("pread64", &real_pread);
	find("ftruncate64", &real_ftruncate);
	find("fsync", &real_fsync);
	find("fdatasync", &real_fdatasync);
	find("close", &real_close);
	find("unlink", &real_unlink);
	find("clock_gettime", &real_clock);
	if (below == NULL || shared == NULL || realpath(below, dir) == NULL)
		return;
	dir_len = strlen(dir);
	fd = real_open(shared, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		abort();
	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		abort();
	(void)real_close(fd);
}

/* Does this call fail? Sets errno. */
static bool
fails(enum kind kind)
{
	int64_t left;

	if (page == NULL || (atomic_load(&page->mask) & (int64_t)kind) == 0)
		return false;
	atomic_fetch_add(&page->seen, 1);
	left = atomic_fetch_sub(&page->left, 1);
	if (left != 1 && (left > 1 || atomic_load(&page->goes_on) == 0))
		return false;
	atomic_fetch_add(&page->fired, 1);
	if (atomic_load(&page->error) == 0) {
		(void)kill(getpid(), SIGKILL);
		for (;;)
			(void)pause();
	}
	errno = (int)atomic_load(&page->error);
	return true;
}

static bool
ours(const char *path)
{
	return page != NULL && strncmp(path, dir, dir_len) == 0 &&
	       (path[dir_len] == '/' || path[dir_len] == '\0');
}

static bool
is_ours(int fd)
{
	return fd >= 0 && fd < FILES && files[fd];
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	int fd;

	if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
		va_list ap;
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (!ours(path))
		return real_open(path, flags, mode);
	if (fails(KIND_OPEN))
		return -1;
	fd = real_open(path, flags, mode);
	if (fd >= 0 && fd < FILES)
		files[fd] = true;
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

/* A full disk takes a part first. */
ssize_t
write(int fd, const void *bytes, size_t size)
{
	if (!is_ours(fd) || !fails(KIND_WRITE))
		return real_write(fd, bytes, size);
	if (errno == ENOSPC && real_write(fd, bytes, size / 2) < 0)
		abort();
	errno = (int)atomic_load(&page->error);
	return -1;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off_t at)
{
	if (!is_ours(fd) || !fails(KIND_WRITE))
		return real_pwrite(fd, bytes, size, at);
	if (errno == ERROR_LIE)
		return (ssize_t)size;
	if (errno == ENOSPC && real_pwrite(fd, bytes, size / 2, at) < 0)
		abort();
	errno = (int)atomic_load(&page->error);
	return -1;
}

ssize_t
read(int fd, void *bytes, size_t size)
{
	return is_ours(fd) && fails(KIND_READ) ? -1 : real_read(fd, bytes, size);
}

ssize_t
pread64(int fd, void *bytes, size_t size, off_t at)
{
	return is_ours(fd) && fails(KIND_READ) ? -1 : real_pread(fd, bytes, size, at);
}

int
ftruncate64(int fd, off_t size)
{
	return is_ours(fd) && fails(KIND_CUT) ? -1 : real_ftruncate(fd, size);
}

int
fsync(int fd)
{
	return is_ours(fd) && fails(KIND_SYNC) ? -1 : real_fsync(fd);
}

int
fdatasync(int fd)
{
	return is_ours(fd) && fails(KIND_SYNC) ? -1 : real_fdatasync(fd);
}

int
close(int fd)
{
	if (fd >= 0 && fd < FILES)
		files[fd] = false;
	return real_close(fd);
}

int
unlink(const char *path)
{
	return ours(path) && fails(KIND_UNLINK) ? -1 : real_unlink(path);
}

/* -- memory ------------------------------------------------------------------------------------- */

static void *
first_memory(size_t size)
{
	void *at = first + first_used;

	first_used += (size + 15) / 16 * 16;
	if (first_used > sizeof(first))
		abort();
	return at;
}

void *
malloc(size_t size)
{
	if (real_malloc == NULL)
		find_memory();
	if (real_malloc == NULL)
		return first_memory(size);
	return fails(KIND_ALLOC) ? NULL : real_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	if (real_malloc == NULL)
		find_memory();
	if (real_malloc == NULL)
		return first_memory(count * size);
	return fails(KIND_ALLOC) ? NULL : real_calloc(count, size);
}

void *
realloc(void *at, size_t size)
{
	if (real_malloc == NULL)
		find_memory();
	return fails(KIND_ALLOC) ? NULL : real_realloc(at, size);
}

void
free(void *at)
{
	uintptr_t byte = (uintptr_t)at, from = (uintptr_t)first;

	if (byte >= from && byte < from + sizeof(first))
		return;
	if (real_free == NULL)
		find_memory();
	real_free(at);
}

/* -- the wall clock ------------------------------------------------------------------------------ */

static int64_t
ahead_ms(void)
{
	return page != NULL ? atomic_load(&page->clock_ms) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *ret_now)
{
	int rc;

	if (real_clock == NULL)
		find("clock_gettime", &real_clock);
	rc = real_clock(id, ret_now);
	if (rc == 0 && id == CLOCK_REALTIME)
		ret_now->tv_sec += (time_t)(ahead_ms() / 1000);
	return rc;
}

int
gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	ret_now->tv_sec = now.tv_sec;
	ret_now->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *ret_now)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (ret_now != NULL)
		*ret_now = now.tv_sec;
	return now.tv_sec;
}
