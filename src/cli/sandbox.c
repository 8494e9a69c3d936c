/* What a server gives up for good once it runs. */
#include "cli/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/str.h"

/* -- files ------------------------------------------------------------------------------------------ */

/* The attributes as of ABI 6; an older kernel is given the part it knows. */
struct ruleset {
	uint64_t files, net, scoped;
};

#define RIGHT_TRUNCATE (UINT64_C(1) << 14) /* ABI 3 */
#define RIGHT_IOCTL (UINT64_C(1) << 15)	   /* ABI 5 */
#define SCOPE_ABSTRACT (UINT64_C(1) << 0)  /* ABI 6 */
#define SCOPE_SIGNAL (UINT64_C(1) << 1)	   /* ABI 6 */
#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_WRITE                                                                               \
	(RIGHTS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |            \
		LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK)
#define RIGHTS_FIRST                                                                               \
	(RIGHTS_WRITE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |               \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                       \
		LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                     \
		LANDLOCK_ACCESS_FS_MAKE_SYM)
/* what a rule for a file, not a folder, may hold */
#define RIGHTS_OF_FILE                                                                             \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE)

/* Libraries and their data, the resolver's files (PostgreSQL by name, again after a fail-over), the
 * certificates it may be checked by, time zones. */
static const char *const system_reads[] = { "/lib", "/lib64", "/usr/lib", "/usr/lib64",
	"/usr/local/lib", "/usr/share", "/etc/ld.so.cache", "/etc/resolv.conf",
	"/run/systemd/resolve", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf",
	"/etc/gai.conf", "/etc/services", "/etc/localtime", "/etc/ssl/certs",
	"/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/null", "/sys/devices/system/cpu",
	"/proc/self/maps", "/proc/meminfo" };

static void
add(const char **list, size_t *count, const char *path)
{
	if (path == NULL)
		return;
	assert(*count < AW_SANDBOX_PATHS_MOST);
	list[(*count)++] = path;
}

void
aw_sandbox_read(struct aw_sandbox *sandbox, const char *path)
{
	add(sandbox->reads, &sandbox->read_count, path);
}

void
aw_sandbox_write(struct aw_sandbox *sandbox, const char *path)
{
	add(sandbox->writes, &sandbox->write_count, path);
}

/* The folder of a file. */
static const char *
folder_of(struct aw_arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return ".";
	return slash == file ? "/" : aw_arena_strndup(arena, file, (size_t)(slash - file));
}

void
aw_sandbox_read_beside(struct aw_sandbox *sandbox, struct aw_arena *arena, const char *file)
{
	if (file != NULL)
		aw_sandbox_read(sandbox, folder_of(arena, file));
}

void
aw_sandbox_write_beside(struct aw_sandbox *sandbox, struct aw_arena *arena, const char *file)
{
	if (file != NULL)
		aw_sandbox_write(sandbox, folder_of(arena, file));
}

static int
landlock_abi(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* A path that is not there needs no rule: nothing can be read at it later, either. */
static bool
allow(int ruleset, const char *path, uint64_t rights, uint64_t handled)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights & handled };
	struct stat info;
	bool good;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == EACCES;
	if (fstat(rule.parent_fd, &info) == 0 && !S_ISDIR(info.st_mode))
		rule.allowed_access &= RIGHTS_OF_FILE;
	good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	(void)close(rule.parent_fd);
	return good;
}

enum aw_status
aw_sandbox_files(const struct aw_sandbox *sandbox, struct aw_error *err)
{
	int abi = landlock_abi();
	struct ruleset attr = { .files = RIGHTS_FIRST };
	size_t size = abi >= 6 ? sizeof(attr) : sizeof(attr.files);
	bool good = true;
	int ruleset;

	if (abi < 1)
		return aw_fail(err, AW_DENIED, "the kernel has no Landlock: %s", strerror(errno));
	attr.files |= abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
	attr.files |= abi >= 3 ? RIGHT_TRUNCATE : 0;
	attr.files |= abi >= 5 ? RIGHT_IOCTL : 0;
	attr.scoped = abi >= 6 ? SCOPE_ABSTRACT | SCOPE_SIGNAL : 0;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (ruleset < 0)
		return aw_fail(err, AW_DENIED, "Landlock: %s", strerror(errno));
	for (size_t i = 0; i < AW_COUNT(system_reads); i++)
		good = good && allow(ruleset, system_reads[i], RIGHTS_READ, attr.files);
	for (size_t i = 0; i < sandbox->read_count; i++)
		good = good && allow(ruleset, sandbox->reads[i], RIGHTS_READ, attr.files);
	for (size_t i = 0; i < sandbox->write_count; i++)
		good = good && allow(ruleset, sandbox->writes[i],
				       RIGHTS_WRITE | LANDLOCK_ACCESS_FS_REFER | RIGHT_TRUNCATE,
				       attr.files);
	good = good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!good)
		(void)aw_fail(err, AW_DENIED, "Landlock: %s", strerror(errno));
	(void)close(ruleset);
	return good ? AW_OK : err->status;
}

/* -- system calls ----------------------------------------------------------------------------------- */

static const char *const calls[] = { /* files, which Landlock looks after */
	"read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "close",
	"fstat", "newfstatat", "stat", "lstat", "statx", "fstatfs", "statfs", "lseek", "open",
	"openat", "access", "faccessat", "faccessat2", "unlink", "unlinkat", "rename", "renameat",
	"renameat2", "ftruncate", "fallocate", "fsync", "fdatasync", "fcntl", "flock", "getdents64",
	"readlink", "readlinkat", "fchmod", "fchown", "umask", "fadvise64", "getcwd", "utimensat",
	/* memory */
	"mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "mlock", "mlock2", "munlock",
	/* threads and time */
	"futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "nanosleep",
	"clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time",
	"restart_syscall", "exit", "exit_group", "membarrier",
	/* signals, to itself */
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "rt_sigpending",
	"sigaltstack", "tgkill",
	/* connections */
	"poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait",
	"epoll_pwait", "epoll_pwait2", "eventfd2", "pipe2", "accept4", "accept", "connect",
	"getsockname", "getpeername", "getsockopt", "setsockopt", "sendto", "sendmsg", "sendmmsg",
	"recvfrom", "recvmsg", "recvmmsg", "shutdown",
	/* who and what */
	"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrandom",
	"getrusage", "sysinfo", "uname"
};

static bool
allow_calls(scmp_filter_ctx filter)
{
	bool good = true;

	for (size_t i = 0; i < AW_COUNT(calls); i++) {
		int number = seccomp_syscall_resolve_name(calls[i]);

		/* a name that this machine's kind does not have is no call it could make */
		if (number >= 0)
			good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) == 0;
	}
	return good;
}

static bool
allow_sockets(scmp_filter_ctx filter)
{
	static const int families[] = { AF_INET, AF_INET6, AF_UNIX };
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM };
	bool good = true;

	for (size_t f = 0; f < AW_COUNT(families); f++)
		for (size_t t = 0; t < AW_COUNT(types); t++)
			good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
					       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[f], 0),
					       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf,
						       (scmp_datum_t)types[t])) == 0;
	return good;
}

/* Calls that are harmless with some arguments alone. */
static bool
allow_some(scmp_filter_ctx filter)
{
	/* a thread, never a process; clone3 hides its flags in memory, and glibc does without it */
	bool good = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;

	good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
			       SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0;
	good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			       SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0)) == 0;
	good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
			       SCMP_A1(SCMP_CMP_EQ, FIONBIO, 0)) == 0;
	return good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
			       SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)) == 0;
}

enum aw_status
aw_sandbox_calls(struct aw_error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int code = -ENOMEM;

	if (filter != NULL && allow_calls(filter) && allow_sockets(filter) && allow_some(filter) &&
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0)
		code = seccomp_load(filter);
	seccomp_release(filter);
	return code == 0
		       ? AW_OK
		       : aw_fail(err, AW_DENIED, "seccomp: %s", strerror(code < 0 ? -code : code));
}
