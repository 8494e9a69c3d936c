/* A race that tools/check_threads.py must find before it is believed. */
#include <pthread.h>
#include <stdio.h>

static int shared;

static void *
add(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++)
		shared++;
	return NULL;
}

int
main(void)
{
	pthread_t one, other;

	if (pthread_create(&one, NULL, add, NULL) != 0 ||
		pthread_create(&other, NULL, add, NULL) != 0)
		return 1;
	(void)pthread_join(one, NULL);
	(void)pthread_join(other, NULL);
	return printf("%d\n", shared) < 0;
}
