/* One writer a database file: a lock beside it, and a mark while it is being filled. */
#include "db/sqlite_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct sqlite_lock {
	int fd;
	bool bulk;
	char path[4096];
};

static void
beside(const struct sqlite_lock *lock, const char *suffix, char *out, size_t size)
{
	(void)snprintf(out, size, "%s%s", lock->path, suffix);
}

static int
sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		(void)close(fd);
	return rc;
}

void
aw_sqlite_unlock(void *arg)
{
	struct sqlite_lock *lock = arg;
	char filling[4200];

	if (lock->bulk) {
		beside(lock, ".filling", filling, sizeof(filling));
		if (sync_path(lock->path) == 0)
			(void)unlink(filling);
	}
	if (lock->fd >= 0)
		(void)close(lock->fd);
	free(lock);
}

static enum aw_status
take_lock(struct sqlite_lock *lock, struct aw_error *err)
{
	char path[4200];

	beside(lock, ".lock", path, sizeof(path));
	lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock->fd < 0)
		return aw_fail(err, AW_IO, "cannot make %s: %s", path, strerror(errno));
	if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
		return aw_fail(err, AW_BUSY, "another process is the writer of %s", lock->path);
	return AW_OK;
}

static enum aw_status
make_file(const struct sqlite_lock *lock, bool create, bool bulk, struct aw_error *err)
{
	char filling[4200];
	int fd;

	beside(lock, ".filling", filling, sizeof(filling));
	if (access(filling, F_OK) == 0)
		return aw_fail(err, AW_CORRUPT,
			"the filling of %s did not end: delete it and %s, then fill it again",
			lock->path, filling);
	fd = open(lock->path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
	if (fd < 0)
		return aw_fail(err, errno == ENOENT && !create ? AW_NOT_FOUND : AW_IO,
			"cannot open the database %s: %s", lock->path, strerror(errno));
	(void)close(fd);
	if (bulk) {
		fd = open(filling, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return aw_fail(err, AW_IO, "cannot make %s: %s", filling, strerror(errno));
		(void)close(fd);
		return aw_file_sync_folder(filling, err); /* before anything unsynced is written */
	}
	return AW_OK;
}

enum aw_status
aw_sqlite_lock(const struct aw_db_options *options, void **ret_lock, struct aw_error *err)
{
	const char *path = options->url + strlen("sqlite:");
	struct sqlite_lock *lock = calloc(1, sizeof(*lock));
	enum aw_status status;

	if (lock == NULL)
		aw_die("no memory left for a lock");
	lock->fd = -1;
	if (strlen(path) == 0 || strlen(path) >= sizeof(lock->path)) {
		free(lock);
		return aw_fail(err, AW_INVALID, "sqlite: needs a path of at most 4095 bytes");
	}
	memcpy(lock->path, path, strlen(path) + 1);
	if (!options->create && access(path, F_OK) != 0)
		status = aw_fail(err, AW_NOT_FOUND, "there is no database %s", path);
	else if (take_lock(lock, err) == AW_OK)
		status = make_file(lock, options->create, options->bulk, err);
	else
		status = err->status;
	if (status != AW_OK) {
		aw_sqlite_unlock(lock);
		return status;
	}
	lock->bulk = options->bulk;
	*ret_lock = lock;
	return AW_OK;
}
