/**
 * fuzz/keelung - the city's policy, for targets whose bytes are read by it.
 *
 * Loaded once from ANWANG_SOURCE; without it a target has nothing to stand on and says so.
 */
#ifndef AW_FUZZ_KEELUNG_H
#define AW_FUZZ_KEELUNG_H

#include <stdio.h>
#include <stdlib.h>

#include "policy/policy.h"

static inline struct aw_policy *
keelung(void)
{
	static struct aw_policy *policy;
	const char *source = getenv("ANWANG_SOURCE");
	struct aw_error err = { 0 };
	char dir[512];

	if (policy != NULL)
		return policy;
	(void)snprintf(dir, sizeof(dir), "%s/policy/keelung", source != NULL ? source : ".");
	if (aw_policy_load_dir(dir, NULL, &policy, &err) != AW_OK) {
		(void)fprintf(stderr, "%s: %s; set ANWANG_SOURCE\n", dir, err.text);
		abort();
	}
	return policy;
}

#endif
