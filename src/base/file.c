/* base/file - whole files, and listings in a fixed order. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct aw_fd {
	int v; /* -1 = none */
};

static void
aw_fd_done(struct aw_fd *fd)
{
	if (fd->v > STDERR_FILENO)
		(void)close(fd->v);
	fd->v = -1;
}

enum aw_status
aw_file_read(struct aw_arena *arena, const char *path, size_t limit, struct aw_str *ret_text,
	struct aw_error *err)
{
	AW_SCOPE(aw_fd) fd = { -1 };
	struct aw_buf buf = { .arena = arena };
	char chunk[65536];

	fd.v = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd.v < 0)
		return aw_fail(err, errno == ENOENT || errno == ENOTDIR ? AW_NOT_FOUND : AW_IO,
			"cannot read %s: %s", path, strerror(errno));
	for (;;) {
		ssize_t n = read(fd.v, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return aw_fail(err, AW_IO, "cannot read %s: %s", path, strerror(errno));
		if (n == 0)
			break;
		if (buf.len + (size_t)n > limit)
			return aw_fail(
				err, AW_TOO_LARGE, "%s is larger than %zu bytes", path, limit);
		aw_buf_add(&buf, chunk, (size_t)n);
	}
	*ret_text = (struct aw_str){ aw_buf_z(&buf), buf.len };
	return AW_OK;
}

static enum aw_status
write_all(int fd, struct aw_str text)
{
	for (size_t done = 0; done < text.len;) {
		ssize_t n = write(fd, text.at + done, text.len - done);
		if (n < 0 && errno != EINTR)
			return AW_IO;
		done += n < 0 ? 0 : (size_t)n;
	}
	return fsync(fd) == 0 ? AW_OK : AW_IO;
}

enum aw_status
aw_file_sync_folder(const char *path, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_fd) fd = { -1 };
	const char *slash = strrchr(path, '/');
	const char *folder = slash == NULL ? "."
			     : slash == path
				     ? "/"
				     : aw_arena_strndup(&arena, path, (size_t)(slash - path));

	fd.v = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd.v < 0 || fsync(fd.v) != 0)
		return aw_fail(
			err, AW_IO, "cannot sync the folder %s: %s", folder, strerror(errno));
	return AW_OK;
}

enum aw_status
aw_file_write(const char *path, struct aw_str text, unsigned mode, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	AW_SCOPE(aw_fd) fd = { -1 };
	char *temporary = aw_arena_printf(&arena, "%s.new", path);

	fd.v = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
	if (fd.v < 0)
		return aw_fail(err, AW_IO, "cannot write %s: %s", temporary, strerror(errno));
	if (write_all(fd.v, text) != AW_OK || rename(temporary, path) != 0) {
		(void)aw_fail(err, AW_IO, "cannot write %s: %s", path, strerror(errno));
		(void)unlink(temporary);
		return err->status;
	}
	return aw_file_sync_folder(path, err);
}

struct listing {
	struct aw_arena *arena;
	const char **paths;
	size_t count;
	size_t room;
};

AW_SCOPE_HANDLE(dir, DIR *, closedir)

static enum aw_status
list_below(struct listing *list, const char *dir, const char *suffix, struct aw_error *err)
{
	AW_SCOPED(dir, DIR *) handle = opendir(dir);
	struct dirent *entry;
	struct stat info;

	if (handle == NULL)
		return aw_fail(err, errno == ENOENT ? AW_NOT_FOUND : AW_IO, "cannot list %s: %s",
			dir, strerror(errno));
	while ((entry = readdir(handle)) != NULL) {
		char *path;
		if (entry->d_name[0] == '.')
			continue;
		path = aw_arena_printf(list->arena, "%s/%s", dir, entry->d_name);
		if (stat(path, &info) != 0)
			continue;
		if (S_ISDIR(info.st_mode)) {
			if (list_below(list, path, suffix, err) != AW_OK)
				return err->status;
		} else if (S_ISREG(info.st_mode) && aw_str_ends(aw_str(path), suffix)) {
			*AW_PUSH(list->arena, list->paths, list->count, list->room) = path;
		}
	}
	return AW_OK;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum aw_status
aw_file_list(struct aw_arena *arena, const char *dir, const char *suffix,
	const char *const **ret_paths, size_t *ret_count, struct aw_error *err)
{
	struct listing list = { .arena = arena };

	if (list_below(&list, dir, suffix, err) != AW_OK)
		return err->status;
	if (list.count != 0)
		qsort(list.paths, list.count, sizeof(*list.paths), by_bytes);
	*ret_paths = list.paths;
	*ret_count = list.count;
	return AW_OK;
}

enum aw_status
aw_file_map(const char *path, struct aw_mapped *ret_mapped, struct aw_error *err)
{
	AW_SCOPE(aw_fd) fd = { -1 };
	struct stat about;
	void *at;

	fd.v = open(path, O_RDONLY | O_CLOEXEC);
	if (fd.v < 0)
		return aw_fail(err, errno == ENOENT || errno == ENOTDIR ? AW_NOT_FOUND : AW_IO,
			"cannot read %s: %s", path, strerror(errno));
	if (fstat(fd.v, &about) != 0)
		return aw_fail(err, AW_IO, "cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(about.st_mode))
		return aw_fail(err, AW_INVALID, "%s is no file: copy it to one first", path);
	if (about.st_size == 0) {
		ret_mapped->text = (struct aw_str){ "", 0 };
		return AW_OK;
	}
	at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd.v, 0);
	if (at == MAP_FAILED)
		return aw_fail(err, AW_IO, "cannot read %s: %s", path, strerror(errno));
	(void)madvise(at, (size_t)about.st_size, MADV_SEQUENTIAL);
	ret_mapped->text = (struct aw_str){ at, (size_t)about.st_size };
	return AW_OK;
}

void
aw_mapped_done(struct aw_mapped *mapped)
{
	union {
		const char *in;
		void *out;
	} at = { mapped->text.at };

	if (mapped->text.len > 0)
		(void)munmap(at.out, mapped->text.len);
	mapped->text = (struct aw_str){ NULL, 0 };
}
