/* net/csp - what browsers say that a page's Content-Security-Policy kept out. */
#include "net/csp.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "guard/log.h"
#include "net/life.h"

enum { A_MINUTE = 10, BURST = 20, ALL_A_MINUTE = 60, ALL_BURST = 120 };
#define AGAIN_US (INT64_C(3600) * 1000000)

static const char *const directives[] = { "default-src", "script-src", "script-src-elem",
	"script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "font-src",
	"connect-src", "form-action", "frame-ancestors", "frame-src", "object-src", "media-src",
	"worker-src", "manifest-src", "base-uri", "other" };
static const char *const kinds[] = { "inline", "eval", "data", "self", "other" };
enum { DIRECTIVES = AW_COUNT(directives), KINDS = AW_COUNT(kinds) };

struct tally {
	uint64_t times, written;
	int64_t written_us;
	bool seen;
};

struct aw_csp {
	pthread_mutex_t lock;
	struct tally tallies[DIRECTIVES][KINDS];
	uint64_t total;
	struct aw_limit *each, *all;
};

struct aw_csp *
aw_csp_new(void)
{
	struct aw_csp *csp = calloc(1, sizeof(*csp));

	if (csp == NULL)
		aw_die("out of memory");
	(void)pthread_mutex_init(&csp->lock, NULL);
	csp->each = aw_limit_new(A_MINUTE, BURST);
	csp->all = aw_limit_new(ALL_A_MINUTE, ALL_BURST);
	return csp;
}

void
aw_csp_free(struct aw_csp *csp)
{
	if (csp == NULL)
		return;
	aw_limit_free(csp->each);
	aw_limit_free(csp->all);
	(void)pthread_mutex_destroy(&csp->lock);
	free(csp);
}

bool
aw_csp_take(struct aw_csp *csp, const char *address, int64_t now_us)
{
	return aw_limit_take(csp->each, address, now_us) &&
	       aw_limit_take(csp->all, "everybody", now_us);
}

uint64_t
aw_csp_total(struct aw_csp *csp)
{
	uint64_t total;

	pthread_mutex_lock(&csp->lock);
	total = csp->total;
	pthread_mutex_unlock(&csp->lock);
	return total;
}

/* -- what it says ------------------------------------------------------------------------------- */

/* "script-src-elem", or the first word of "script-src 'self'". */
static size_t
directive_of(const char *text)
{
	size_t len = text == NULL ? 0 : strcspn(text, " ;");

	for (size_t i = 0; i + 1 < DIRECTIVES; i++)
		if (strlen(directives[i]) == len && strncmp(directives[i], text, len) == 0)
			return i;
	return DIRECTIVES - 1;
}

static size_t
kind_of(const char *blocked)
{
	static const struct {
		const char *text;
		size_t kind;
	} words[] = { { "inline", 0 }, { "eval", 1 }, { "wasm-eval", 1 }, { "data", 2 },
		{ "self", 3 } };

	for (size_t i = 0; blocked != NULL && i < AW_COUNT(words); i++)
		if (strcmp(blocked, words[i].text) == 0)
			return words[i].kind;
	return KINDS - 1;
}

/* What a browser's two ways to report call the directive and what it kept out. */
struct members {
	const char *directive, *older, *blocked; /* older may be NULL */
};

static bool
count_one(struct aw_csp *csp, const json_t *report, const struct members *names, int64_t now_us,
	struct aw_csp_due *due, size_t *due_count)
{
	const char *name = aw_json_string(report, names->directive);
	struct tally *tally;
	size_t d, k;

	if (name == NULL && names->older != NULL)
		name = aw_json_string(report, names->older);
	if (name == NULL)
		return false;
	d = directive_of(name);
	k = kind_of(aw_json_string(report, names->blocked));
	tally = &csp->tallies[d][k];
	tally->times++;
	csp->total++;
	if (tally->seen && now_us - tally->written_us < AGAIN_US)
		return true;
	due[(*due_count)++] =
		(struct aw_csp_due){ directives[d], kinds[k], tally->times - tally->written };
	tally->seen = true;
	tally->written = tally->times;
	tally->written_us = now_us;
	return true;
}

bool
aw_csp_count(struct aw_csp *csp, const json_t *body, int64_t now_us, struct aw_csp_due *ret_due,
	size_t *ret_count)
{
	static const struct members by_uri = { "effective-directive", "violated-directive",
		"blocked-uri" };
	static const struct members by_api = { "effectiveDirective", NULL, "blockedURL" };
	const json_t *report = json_object_get(body, "csp-report");
	bool any = false;

	*ret_count = 0;
	pthread_mutex_lock(&csp->lock);
	if (report != NULL)
		any = count_one(csp, report, &by_uri, now_us, ret_due, ret_count);
	for (size_t i = 0; i < json_array_size(body) && i < AW_CSP_A_BODY; i++) {
		const json_t *item = json_array_get(body, i);

		if (aw_text_eq(aw_json_string(item, "type"), "csp-violation"))
			any |= count_one(csp, json_object_get(item, "body"), &by_api, now_us,
				ret_due, ret_count);
	}
	pthread_mutex_unlock(&csp->lock);
	return any;
}

/* -- the route ---------------------------------------------------------------------------------- */

struct noting {
	struct aw_life *life;
	const struct aw_csp_due *due;
	size_t count;
};

static enum aw_status
note(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	const struct noting *noting = arg;

	for (size_t i = 0; i < noting->count; i++) {
		const struct aw_csp_due *due = &noting->due[i];
		struct aw_act act = aw_life_act(noting->life, noting->life->route->action);

		act.tx = tx;
		if (aw_log_append(&act, "ok",
			    aw_arena_printf(noting->life->arena,
				    "{\"directive\":\"%s\",\"blocked\":\"%s\",\"times\":%llu}",
				    due->directive, due->blocked, (unsigned long long)due->times),
			    err) != AW_OK)
			return err->status;
	}
	return AW_OK;
}

static enum aw_status
refuse(struct aw_life *life, int status, const char *why, struct aw_error *err)
{
	life->status = status;
	return aw_fail(err, status == 429 ? AW_BUSY : AW_INVALID, "%s", why);
}

/* POST /csp-report */
enum aw_status
aw_own_csp_report(struct aw_life *life, struct aw_error *err)
{
	struct aw_request *request = life->request;
	struct aw_csp *csp = life->server->csp;
	struct aw_csp_due due[AW_CSP_A_BODY];
	struct noting noting = { .life = life, .due = due };
	int64_t now_us = aw_monotonic_us();

	life->wants_json = true;
	if (!aw_csp_take(csp, request->address, now_us)) {
		aw_reply_header(life->arena, life->reply, "Retry-After", "60");
		return refuse(life, 429, "too many reports", err);
	}
	if (request->body.len > AW_CSP_BODY_MOST)
		return refuse(life, 413, "a report is at most 16 KiB", err);
	if (!aw_media_type_is(request->content_type, "application/csp-report") &&
		!aw_media_type_is(request->content_type, "application/reports+json"))
		return refuse(life, 415,
			"a report is application/csp-report or application/reports+json", err);
	if (aw_json_parse(request->body, "report", &life->json, err) != AW_OK)
		return err->status;
	if (!aw_csp_count(csp, life->json, now_us, due, &noting.count))
		return refuse(life, 400, "that is no report of a policy", err);
	if (noting.count != 0 && aw_db_write(life->server->house->db, note, &noting, err) != AW_OK)
		return err->status;
	life->reply->status = 204;
	return AW_OK;
}
