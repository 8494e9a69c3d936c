/* A server made of the HTTP library alone, with its own time-out: the control of door.py. Answers
 * everything with 200. Usage: stock TIMEOUT_S; prints its port, ends when its input does. */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

static enum MHD_Result
answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *data_size, void **seen)
{
	static char body[1 << 16];
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)cls, (void)url, (void)method, (void)version, (void)data;
	if (*seen == NULL || *data_size > 0) {
		*seen = body;
		*data_size = 0;
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(sizeof(body), body, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

int
main(int argc, char **argv)
{
	unsigned timeout_s = argc > 1 ? (unsigned)atoi(argv[1]) : 5;
	struct MHD_Daemon *daemon =
		MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL, 0, NULL, NULL,
			answer, NULL, MHD_OPTION_CONNECTION_TIMEOUT, timeout_s, MHD_OPTION_END);
	const union MHD_DaemonInfo *info;

	if (daemon == NULL)
		return 1;
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
	printf("%u\n", info != NULL ? (unsigned)info->port : 0);
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	MHD_stop_daemon(daemon);
	return 0;
}
