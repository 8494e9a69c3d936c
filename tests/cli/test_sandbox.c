/* What the sandbox takes away, tried from inside: in a child, with a thread that was there before. */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../testing.h"

/* 0 when fd is open, else errno; closes it. */
static int
opened(int fd)
{
	int code = errno;

	if (fd < 0)
		return code;
	(void)close(fd);
	return 0;
}

static int
failed(long result)
{
	return result < 0 ? errno : 0;
}

/* What is tried; the answer is 0 or an errno. */
static int
try_passwd(const char *dir)
{
	(void)dir;
	return opened(open("/etc/passwd", O_RDONLY));
}

static int
try_list_root(const char *dir)
{
	(void)dir;
	return opened(open("/", O_RDONLY | O_DIRECTORY));
}

static int
try_write_elsewhere(const char *dir)
{
	(void)dir;
	return opened(open("/tmp/anwang-outside", O_WRONLY | O_CREAT, 0600));
}

static int
try_library(const char *dir)
{
	(void)dir;
	return opened(open("/usr/lib", O_RDONLY | O_DIRECTORY));
}

static int
try_own(const char *dir)
{
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/own", dir);
	return opened(open(path, O_RDWR | O_CREAT | O_TRUNC, 0600));
}

static int
try_rename(const char *dir)
{
	char from[200], to[200];

	(void)snprintf(from, sizeof(from), "%s/own", dir);
	(void)snprintf(to, sizeof(to), "%s/other", dir);
	return failed(rename(from, to));
}

static int
try_tcp(const char *dir)
{
	(void)dir;
	return opened(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

static int
try_raw(const char *dir)
{
	(void)dir;
	return opened(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int
try_netlink(const char *dir)
{
	(void)dir;
	return opened(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int
try_packet(const char *dir)
{
	(void)dir;
	return opened(socket(AF_PACKET, SOCK_DGRAM, 0));
}

static int
try_bind(const char *dir)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int code = failed(bind(fd, (struct sockaddr *)&any, sizeof(any)));

	(void)dir;
	(void)close(fd);
	return code;
}

static int
try_exec(const char *dir)
{
	char *const words[] = { NULL };

	(void)dir;
	/* nothing is there: so that the control, which may, does not turn into it */
	return failed(execv("/usr/bin/anwang-no-such-program", words));
}

static int
try_fork(const char *dir)
{
	pid_t child = fork();

	(void)dir;
	if (child == 0)
		_exit(0);
	return failed(child);
}

static int
try_ptrace(const char *dir)
{
	(void)dir;
	/* of a process that is not traced: the control gets ESRCH */
	return failed(ptrace(PTRACE_PEEKUSER, getppid(), NULL, NULL));
}

static int
try_kill(const char *dir)
{
	(void)dir;
	return failed(kill(getppid(), 0));
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
try_thread(const char *dir)
{
	pthread_t thread;
	int code = pthread_create(&thread, NULL, nothing, NULL);

	(void)dir;
	return code != 0 ? code : pthread_join(thread, NULL);
}

static int
try_resolve(const char *dir)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	int code = getaddrinfo("localhost", "5432", &hints, &found);

	(void)dir;
	if (code == 0)
		freeaddrinfo(found);
	return code;
}

static const struct {
	const char *what;
	int (*fn)(const char *dir);
	int denied; /* errno, 0: it must go on working */
} tries[] = {
	{ "another user's file", try_passwd, EACCES },
	{ "a list of the root", try_list_root, EACCES },
	{ "writing elsewhere", try_write_elsewhere, EACCES },
	{ "a raw socket", try_raw, EPERM },
	{ "a netlink socket", try_netlink, EPERM },
	{ "a packet socket", try_packet, EPERM },
	{ "listening anew", try_bind, EPERM },
	{ "another program", try_exec, EPERM },
	{ "a process", try_fork, EPERM },
	{ "tracing", try_ptrace, EPERM },
	{ "a signal to another", try_kill, EPERM },
	{ "libraries", try_library, 0 },
	{ "a file of its own", try_own, 0 },
	{ "renaming it", try_rename, 0 },
	{ "a TCP socket", try_tcp, 0 },
	{ "a thread", try_thread, 0 },
	{ "a name to resolve", try_resolve, 0 },
};

/* A thread that is there before the second step, and tries after it. */
struct early {
	const char *dir;
	atomic_bool go;
	int codes[AW_COUNT(tries)];
};

static void *
try_all(void *arg)
{
	struct early *early = arg;

	while (!atomic_load(&early->go))
		(void)usleep(1000);
	for (size_t i = 0; i < AW_COUNT(tries); i++)
		early->codes[i] = tries[i].fn(early->dir);
	return NULL;
}

/* In the child: the answers of an early thread go through the pipe. Exits with 0, or 1 when the
 * kernel has no sandbox to give. */
static void
be_the_server(const char *dir, bool with_sandbox, int out)
{
	struct early early = { .dir = dir };
	struct aw_sandbox sandbox = { 0 };
	struct aw_error err = { 0 };
	pthread_t thread;

	aw_sandbox_write(&sandbox, dir);
	if (with_sandbox && aw_sandbox_files(&sandbox, &err) != AW_OK)
		_exit(1);
	if (pthread_create(&thread, NULL, try_all, &early) != 0)
		_exit(2);
	if (with_sandbox && aw_sandbox_calls(&err) != AW_OK)
		_exit(1);
	atomic_store(&early.go, true);
	(void)pthread_join(thread, NULL);
	_exit(write(out, early.codes, sizeof(early.codes)) == (ssize_t)sizeof(early.codes) ? 0 : 3);
}

static void
run_child(bool with_sandbox, int ret_codes[AW_COUNT(tries)])
{
	char dir[] = "/tmp/anwang-sandbox-XXXXXX", path[64];
	int pipes[2], status = 0;
	pid_t child;

	assert_non_null(mkdtemp(dir));
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		be_the_server(dir, with_sandbox, pipes[1]);
	(void)close(pipes[1]);
	memset(ret_codes, 0xff, sizeof(int) * AW_COUNT(tries));
	(void)!read(pipes[0], ret_codes, sizeof(int) * AW_COUNT(tries));
	(void)close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)snprintf(path, sizeof(path), "%s/own", dir);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/other", dir);
	(void)unlink(path);
	(void)unlink("/tmp/anwang-outside");
	(void)rmdir(dir);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && with_sandbox))
		fail_msg("the child ended with %d: has this kernel Landlock and seccomp?", status);
}

static void
nothing_but_serving_is_left(void **state)
{
	int codes[AW_COUNT(tries)];

	(void)state;
	run_child(true, codes);
	for (size_t i = 0; i < AW_COUNT(tries); i++)
		if (codes[i] != tries[i].denied)
			fail_msg("%s: %d (%s), not %d", tries[i].what, codes[i], strerror(codes[i]),
				tries[i].denied);
}

/* The control: without it all of that works, or the tries would prove nothing. */
static void
without_it_the_same_is_possible(void **state)
{
	int codes[AW_COUNT(tries)];

	(void)state;
	run_child(false, codes);
	for (size_t i = 0; i < AW_COUNT(tries); i++) {
		bool roots = strcmp(tries[i].what, "a raw socket") == 0 ||
			     strcmp(tries[i].what, "a packet socket") == 0;

		if (tries[i].denied != 0 && codes[i] == tries[i].denied &&
			!(roots && geteuid() != 0))
			fail_msg("%s fails without a sandbox, too", tries[i].what);
	}
}

AW_TESTS(cmocka_unit_test(nothing_but_serving_is_left),
	cmocka_unit_test(without_it_the_same_is_possible))
