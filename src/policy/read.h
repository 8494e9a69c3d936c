/**
 * policy/read - inside policy/: the readers of each file, and the checks across files.
 * Layer: policy, for policy/ alone.  Threads: one loading, one thread.
 */
#ifndef AW_POLICY_READ_H
#define AW_POLICY_READ_H

#include "policy/policy.h"

/* -- files (folder.c) -- */

enum { AW_POLICY_FILES_MOST = 2000, AW_POLICY_BYTES_MOST = 32 * 1024 * 1024 };

struct aw_policy_files {
	struct aw_policy_file *at; /* by path */
	size_t count;
};

/** Is it a file that belongs into a bundle, by its name. */
bool aw_policy_is_part(struct aw_str path);
/** Reads a city's folder, and below it what its base has. Files that are no part, and a base that is
 *  none, are mistakes. AW_NOT_FOUND, AW_TOO_LARGE, AW_IO. */
AW_MUST_CHECK enum aw_status aw_policy_read_folder(struct aw_arena *arena, const char *dir,
	struct aw_mistakes *mistakes, struct aw_policy_files *ret_files, struct aw_error *err);

/* Questions as questions.yaml and questions/ define them; forms ask them by code. */
struct aw_question_list {
	struct aw_question *at;
	size_t count, room;
};

struct aw_loader {
	struct aw_policy *policy; /* being filled */
	struct aw_arena *arena;	  /* the policy's */
	struct aw_mistakes *mistakes;
	struct aw_valid fallback; /* of the file being read */
	bool has_calendar;
	struct aw_question_list questions;
	const struct aw_named *facts; /* facts that are no questions: incident_at, ... */
	size_t fact_count;
	struct aw_deadline *deadlines;
	size_t deadline_room;
	struct aw_kind *kinds;
	size_t kind_count, kind_room;
	struct aw_instrument *instruments;
	size_t instrument_count, instrument_room;
};

/* -- helpers (read_words.c) -- */

/** A label from the keys zh and en of the map itself. */
struct aw_label aw_read_label(struct aw_yaml *yaml, const struct aw_yaml_node *map);
/** effective_from, effective_to, source, unverified: of a file as a whole (sets the fallback). */
void aw_read_fallback(struct aw_loader *loader, struct aw_yaml *yaml);
/** The same of one rule, over the file's. A rule with neither source nor unverified is a mistake. */
struct aw_valid
aw_read_valid(struct aw_loader *loader, struct aw_yaml *yaml, const struct aw_yaml_node *map);
/** A list of {code, zh, en}; doubled codes are mistakes. */
const struct aw_named *aw_read_named(struct aw_loader *loader, struct aw_yaml *yaml,
	const struct aw_yaml_node *map, const char *key, size_t *ret_count);
/* A mistake when the code of at[i] is that of an item before it; an empty code is one already. */
#define AW_READ_ONCE(yaml, item, at, i, what)                                                      \
	do {                                                                                       \
		size_t before_ = 0;                                                                \
		while (before_ < (i) && strcmp((at)[before_].code, (at)[i].code) != 0)             \
			before_++;                                                                 \
		if (before_ < (i) && (at)[i].code[0] != '\0')                                      \
			aw_yaml_mistake(                                                           \
				yaml, item, "the " what " \"%s\" stands twice", (at)[i].code);     \
	} while (0)
/** The node of the i-th text of a list, for the place of a mistake. */
const struct aw_yaml_node *aw_text_node(const struct aw_yaml_node *map, const char *key, size_t i);
/** The bit of the field class that a key names; that of `otherwise` where it names none. */
uint32_t aw_read_class(struct aw_yaml *yaml, const struct aw_yaml_node *map, const char *key,
	const char *otherwise);
const struct aw_named *aw_named_find(const struct aw_named *list, size_t count, const char *code);

/* -- one a file -- */
void aw_read_city(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_calendar(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_units(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_words(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_questions(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_kind(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_instrument(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_factors(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_scales(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_roles(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_deadlines(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_reasons(struct aw_loader *loader, struct aw_yaml *yaml);
void aw_read_places(struct aw_loader *loader, struct aw_yaml *yaml);

/** What one file says of another: codes that exist, doubles, rules that can never hold. */
void aw_check_across(struct aw_loader *loader);

#endif
