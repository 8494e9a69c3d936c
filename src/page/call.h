/**
 * page/call - what a handler gets and gives: a request without HTTP in it.
 * Layer: page.  Threads: one call, one thread.
 *
 * A handler is  read form -> one use case -> fill the view  and knows nothing of HTTP. net/ makes
 * the call, runs it in a unit of work (a read snapshot for GET; the writer for POST), writes the
 * log entry, and turns the answer into JSON or HTML.
 */
#ifndef AW_PAGE_CALL_H
#define AW_PAGE_CALL_H

#include "guard/act.h"
#include "page/view.h"

/* One value of a form, a query or a JSON body's top level (nested JSON stays in `json`). */
struct aw_form_value {
	const char *name;
	const char *value; /* valid UTF-8, no NUL */
};

/* What was wrong with a form, to be shown at the top and at the field. */
struct aw_form_problem {
	struct aw_form_problem *next;
	const char *field;   /* "" = the form as a whole */
	const char *message; /* message key */
	const char *detail;  /* argument of the message; may be NULL */
};

/* A document that is saved, not shown. */
struct aw_call_file {
	const char *name; /* what it is saved as: letters, digits, '.', '-' and '_' */
	const char *content_type;
	struct aw_str bytes; /* in the act's arena */
};

enum aw_answer { AW_ANSWER_VIEW, AW_ANSWER_REDIRECT, AW_ANSWER_FILE };

struct aw_call {
	struct aw_act act;
	const char *method;			 /* GET or POST */
	const char *path;			 /* as asked, without the query */
	const struct aw_form_value *path_values; /* of {name} in the route */
	size_t path_count;
	const struct aw_form_value *values; /* query, then body */
	size_t value_count;
	const json_t *json;   /* body when it was JSON, else NULL */
	const char *language; /* "zh-Hant-TW", "en" */
	const char
		*crowd; /* the public has sent more than it may unlooked at: code of where this came
			      from, to hold it back by; NULL: it has not */
	const void *ready; /* what was done of a change before its unit of work; NULL: nothing */
	/* the answer */
	enum aw_answer answer;
	struct aw_view *view;	  /* of the route's view type; made by net/ before the call */
	const char *location;	  /* AW_ANSWER_REDIRECT: 303 to here */
	const char *notice;	  /* message key for the toast on the next page; may be NULL */
	struct aw_call_file file; /* AW_ANSWER_FILE */
	struct aw_form_problem
		*problems; /* set: the form is shown again with what was typed, 422 */
};

typedef enum aw_status aw_handler_fn(struct aw_call *call, struct aw_error *err);

/** A copy for asking beforehand: what it finds out and looks at stays unknown to the call and its log. */
struct aw_call aw_call_probe(const struct aw_call *call);

/** Value of a path part, NULL if the route has no such part. */
const char *aw_call_path(const struct aw_call *call, const char *name);
/** The same as a whole number; 0, which nothing has, when it is none. */
int64_t aw_call_path_number(const struct aw_call *call, const char *name);
/** First value of that name, trimmed; NULL if absent or empty. */
const char *aw_call_value(const struct aw_call *call, const char *name);
/** Words of a code of a policy's list (policy/policy.h) in the reader's language; NULL when the code
 *  is NULL or unknown. */
const char *aw_call_label(const struct aw_call *call, const char *list, const char *code);
/** i-th value of that name (from 0), NULL behind the last: check boxes, repeated people. */
const char *aw_call_value_at(const struct aw_call *call, const char *name, size_t i);
/** Whole number in [least, most]; `otherwise` when absent; a problem is noted when it is not one. */
int64_t
aw_call_int(struct aw_call *call, const char *name, int64_t least, int64_t most, int64_t otherwise);
/** Notes what is wrong at a field; detail is copied and may be NULL, the others must last. */
void
aw_call_problem(struct aw_call *call, const char *field, const char *message, const char *detail);
/** Answers with a document. What a name may not hold becomes '_'. */
void aw_call_answer_file(
	struct aw_call *call, const char *name, const char *content_type, struct aw_str bytes);
/** True if a text that came from outside is a path inside the server: "//host" would leave it. */
bool aw_call_inside(const char *path);
/** Answers with 303 to a path made like printf. */
void
aw_call_redirect(struct aw_call *call, const char *notice, const char *fmt, ...) AW_PRINTF(3, 4);

#endif
