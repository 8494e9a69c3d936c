/* policy/draft - drafts of the decision tables: made, saved, turned into a policy. */
#include "policy/draft.h"

#include <string.h>

#include "policy/policy.sql.h"

#define CITY "city.yaml"
#define VERSION "version:"

static struct aw_draft
draft_of(const struct sql_draft_get *row)
{
	return (struct aw_draft){
		.number = row->number,
		.name = row->name,
		.base = row->base,
		.path = row->path,
		.made_by = row->made_by,
		.made_at = row->made_at,
		.closed_at = row->closed_at,
		.version = row->version,
		.saved_by = row->saved_by,
		.saved_at = row->saved_at,
	};
}

/* -- reading ------------------------------------------------------------------------------------ */

enum aw_status
aw_draft_get(struct aw_tx *tx, struct aw_arena *arena, int64_t number, struct aw_draft *ret_draft,
	struct aw_error *err)
{
	struct sql_draft_get row;
	bool found;

	if (sql_draft_get(tx, &(struct sql_draft_get_in){ .number = number }, arena, &row, &found,
		    err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no draft of this number");
	*ret_draft = draft_of(&row);
	return AW_OK;
}

enum aw_status
aw_draft_list(struct aw_tx *tx, struct aw_arena *arena, int64_t most, struct aw_draft **ret_list,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_draft_get *rows;
	struct aw_draft *list;
	size_t count;

	if (sql_draft_list(tx, &(struct sql_draft_list_in){ .at_most = most }, arena, &rows, &count,
		    err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_draft, count);
	for (size_t i = 0; i < count; i++)
		list[i] = draft_of(&rows[i]);
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_draft_versions(struct aw_tx *tx, struct aw_arena *arena, int64_t number,
	struct aw_draft_version **ret_list, size_t *ret_count, struct aw_error *err)
{
	struct sql_draft_version_list *rows;
	struct aw_draft_version *list;
	size_t count;

	if (sql_draft_version_list(tx, &(struct sql_draft_version_list_in){ .draft = number },
		    arena, &rows, &count, err) != AW_OK)
		return err->status;
	list = AW_NEW_ARRAY(arena, struct aw_draft_version, count);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct aw_draft_version){ rows[i].version, rows[i].saved_by,
			rows[i].saved_at };
	*ret_list = list;
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_draft_model(struct aw_tx *tx, struct aw_arena *arena, int64_t number, int64_t version,
	struct aw_str *ret_model, struct aw_error *err)
{
	struct sql_draft_model row;
	bool found;

	if (sql_draft_model(tx, &(struct sql_draft_model_in){ .draft = number, .version = version },
		    arena, &row, &found, err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "the draft has no version of this number");
	*ret_model = (struct aw_str){ (const char *)row.model.at, row.model.len };
	return AW_OK;
}

/* -- writing ------------------------------------------------------------------------------------ */

static enum aw_status
put_version(struct aw_tx *tx, int64_t number, int64_t version, struct aw_str model, int64_t account,
	int64_t now_ms, struct aw_error *err)
{
	if (model.len == 0 || !aw_utf8_valid(model))
		return aw_fail(err, AW_INVALID, "a decision model is XML in UTF-8");
	if (model.len > AW_DRAFT_MODEL_MOST)
		return aw_fail(err, AW_TOO_LARGE, "a draft's decision model has at most %d bytes",
			(int)AW_DRAFT_MODEL_MOST);
	return sql_draft_version_put(tx,
		&(struct sql_draft_version_put_in){
			.draft = number,
			.version = version,
			.model = { (const uint8_t *)model.at, model.len },
			.saved_by = account,
			.saved_at = now_ms,
		},
		err);
}

/* It stands in a line of city.yaml. */
static bool
is_name(const char *name)
{
	size_t count = name == NULL ? 0 : aw_utf8_count(aw_str(name));

	for (const char *at = name; count > 0 && *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return count > 0 && count <= AW_DRAFT_NAME_MOST;
}

static enum aw_status
model_on(const struct aw_policy *policy, int32_t day, const struct aw_triage **ret_triage,
	struct aw_error *err)
{
	*ret_triage = aw_policy_triage(policy, day);
	return *ret_triage != NULL
		       ? AW_OK
		       : aw_fail(err, AW_NOT_FOUND, "no decision model is in force on this day");
}

enum aw_status
aw_draft_new(struct aw_tx *tx, const struct aw_draft_in *in, const struct aw_policy *in_force,
	int64_t *ret_number, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	const struct aw_triage *triage;
	struct sql_draft_next next;
	bool found;

	if (!is_name(in->name))
		return aw_fail(err, AW_INVALID, "a draft has a name of 1 to %d characters",
			(int)AW_DRAFT_NAME_MOST);
	if (model_on(in_force, in->day, &triage, err) != AW_OK ||
		sql_draft_next(tx, &scratch, &next, &found, err) != AW_OK ||
		sql_draft_put(tx,
			&(struct sql_draft_put_in){
				.number = next.number,
				.name = in->name,
				.base = in_force->hash,
				.path = triage->path,
				.made_by = in->account,
				.made_at = in->now_ms,
			},
			err) != AW_OK ||
		put_version(tx, next.number, 1, triage->text, in->account, in->now_ms, err) !=
			AW_OK)
		return err->status;
	*ret_number = next.number;
	return AW_OK;
}

enum aw_status
aw_draft_save(struct aw_tx *tx, int64_t number, int64_t from, struct aw_str model, int64_t account,
	int64_t now_ms, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_draft draft;

	if (aw_draft_get(tx, &scratch, number, &draft, err) != AW_OK)
		return err->status;
	if (draft.closed_at.known)
		return aw_fail(err, AW_CONFLICT, "this draft was put away");
	if (draft.version != from)
		return aw_fail(err, AW_CONFLICT,
			"somebody else saved this draft since version %lld: it is at %lld",
			(long long)from, (long long)draft.version);
	return put_version(tx, number, from + 1, model, account, now_ms, err);
}

enum aw_status
aw_draft_rebase(struct aw_tx *tx, int64_t number, const struct aw_policy *in_force, int32_t day,
	struct aw_error *err)
{
	const struct aw_triage *triage;
	int64_t changed;

	if (model_on(in_force, day, &triage, err) != AW_OK ||
		sql_draft_set_base(tx,
			&(struct sql_draft_set_base_in){
				.number = number, .base = in_force->hash, .path = triage->path },
			&changed, err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK : aw_fail(err, AW_CONFLICT, "this draft was put away");
}

enum aw_status
aw_draft_close(struct aw_tx *tx, int64_t number, int64_t now_ms, struct aw_error *err)
{
	int64_t changed;

	if (sql_draft_close(tx,
		    &(struct sql_draft_close_in){ .number = number, .closed_at = now_ms }, &changed,
		    err) != AW_OK)
		return err->status;
	return changed == 1 ? AW_OK : aw_fail(err, AW_CONFLICT, "this draft was put away");
}

/* -- as a policy -------------------------------------------------------------------------------- */

/* version: "name", quoted as YAML asks. */
static void
put_version_line(struct aw_buf *out, const char *name)
{
	aw_buf_text(out, VERSION " \"");
	for (; *name != '\0'; name++) {
		if (*name == '"' || *name == '\\')
			aw_buf_char(out, '\\');
		aw_buf_char(out, *name);
	}
	aw_buf_text(out, "\"\n");
}

/* city.yaml with the draft's name for its version: what people call the release by. */
static struct aw_str
rename_city(struct aw_arena *arena, struct aw_str city, const char *name)
{
	struct aw_buf out = { .arena = arena };
	struct aw_str rest = city;
	bool named = false;

	while (rest.at != NULL && rest.len > 0) {
		struct aw_str line = aw_str_cut(rest, '\n', &rest);

		if (aw_str_starts(line, VERSION)) {
			put_version_line(&out, name);
			named = true;
			continue;
		}
		aw_buf_str(&out, line);
		aw_buf_char(&out, '\n');
	}
	if (!named)
		put_version_line(&out, name);
	return (struct aw_str){ aw_buf_z(&out), out.len };
}

enum aw_status
aw_draft_policy(const struct aw_draft *draft, const struct aw_policy *base, struct aw_str model,
	struct aw_mistakes *mistakes, struct aw_policy **ret_policy, struct aw_error *err)
{
	AW_SCOPE(aw_arena) scratch = { 0 };
	struct aw_policy_file *files =
		aw_arena_memdup(&scratch, base->files, base->file_count * sizeof(*files));
	const struct aw_policy edited = { .files = files, .file_count = base->file_count };

	for (size_t i = 0; i < base->file_count; i++) {
		if (strcmp(files[i].path, CITY) == 0)
			files[i].text = rename_city(&scratch, files[i].text, draft->name);
		if (strcmp(files[i].path, draft->path) == 0)
			files[i].text = model;
	}
	return aw_policy_load_bundle(aw_policy_pack(&scratch, &edited), mistakes, ret_policy, err);
}
