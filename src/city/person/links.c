/* Links between registers' records and people, as the program makes them; and read. */
#include "city/person/links.h"

#include <string.h>

#include "city/person/register.sql.h"
#include "guard/access.h"

enum { PROPOSED_LIMIT = 3 };

static enum aw_status
insert(struct aw_act *act, struct sql_link_insert_in *in, struct aw_error *err)
{
	in->id = aw_act_id(act);
	in->decided_at = act->now_ms;
	return sql_link_insert(act->tx, in, err);
}

/* True when a person decided about this record: then the program keeps out. */
static enum aw_status
clear_program(struct aw_act *act, int64_t record, bool *ret_decided, struct aw_error *err)
{
	struct sql_links_of_record *rows;
	size_t count = 0;

	*ret_decided = false;
	if (sql_links_of_record(act->tx, &(struct sql_links_of_record_in){ .record = record },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		if (rows[i].decided_by.known && strcmp(rows[i].state, "confirmed") == 0)
			*ret_decided = true;
	if (*ret_decided)
		return AW_OK;
	for (size_t i = 0; i < count; i++)
		if (!rows[i].decided_by.known && aw_link_end(act, rows[i].id, 0, err) != AW_OK)
			return err->status;
	return AW_OK;
}

static enum aw_status
is_rejected(struct aw_act *act, int64_t record, int64_t person, bool *ret, struct aw_error *err)
{
	struct sql_links_of_record *rows;
	size_t count = 0;

	*ret = false;
	if (sql_links_of_record(act->tx, &(struct sql_links_of_record_in){ .record = record },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	for (size_t i = 0; i < count; i++)
		*ret |= rows[i].person == person && strcmp(rows[i].state, "rejected") == 0;
	return AW_OK;
}

enum aw_status
aw_record_recognise(struct aw_act *act, int64_t record, const char *register_code,
	const struct aw_identity *identity, int64_t *ret_confirmed, int64_t *ret_proposed,
	struct aw_error *err)
{
	struct aw_person_query query = { .identity = identity, .age = -1, .policy = act->policy };
	struct aw_candidates found;
	bool decided = false;

	if (clear_program(act, record, &decided, err) != AW_OK)
		return err->status;
	if (decided || act->people == NULL)
		return AW_OK;
	aw_people_find(act->people, act->arena, &query, PROPOSED_LIMIT, &found);
	for (size_t i = 0; i < found.count; i++) {
		bool link = found.at[i].match == AW_MATCH_LINK, rejected;
		struct sql_link_insert_in in = { .record = record,
			.register_code = register_code,
			.person = found.at[i].person,
			.state = link ? "confirmed" : "proposed",
			.probability_ppm = found.at[i].probability_ppm,
			.levels = found.at[i].levels };

		if (is_rejected(act, record, in.person, &rejected, err) != AW_OK)
			return err->status;
		if (rejected)
			continue;
		if (insert(act, &in, err) != AW_OK)
			return aw_wrap(err, "linking a record");
		*(link ? ret_confirmed : ret_proposed) += 1;
		if (link)
			break;
	}
	return AW_OK;
}

/* -- read ------------------------------------------------------------------------------------------- */

static struct aw_identity_link *
links_of(struct aw_arena *arena, const struct sql_links_of_person *rows, size_t count)
{
	struct aw_identity_link *at = AW_NEW_ARRAY(arena, struct aw_identity_link, count + 1);

	for (size_t i = 0; i < count; i++)
		at[i] = (struct aw_identity_link){ rows[i].id, rows[i].record,
			rows[i].register_code, rows[i].person, rows[i].state,
			rows[i].probability_ppm, rows[i].levels, rows[i].decided_at,
			rows[i].decided_by, AW_UNKNOWN };
	return at;
}

enum aw_status
aw_identity_links_of(struct aw_act *act, int64_t person, struct aw_identity_link **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_links_of_person *rows;
	size_t count = 0;

	if (sql_links_of_person(act->tx, &(struct sql_links_of_person_in){ .person = person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_at = links_of(act->arena, rows, count);
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_identity_links_waiting(struct aw_act *act, size_t limit, struct aw_identity_link **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_links_of_person *rows;
	size_t count = 0;

	if (sql_links_waiting(act->tx, &(struct sql_links_waiting_in){ .most = (int64_t)limit },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	*ret_at = links_of(act->arena, rows, count);
	*ret_count = count;
	return AW_OK;
}

enum aw_status
aw_identity_link_get(
	struct aw_act *act, int64_t link, struct aw_identity_link *ret_link, struct aw_error *err)
{
	struct sql_link_get row;
	bool found = false;

	if (sql_link_get(act->tx, &(struct sql_link_get_in){ .id = link }, act->arena, &row, &found,
		    err) != AW_OK)
		return err->status;
	if (!found)
		return aw_fail(err, AW_NOT_FOUND, "there is no such link");
	*ret_link = (struct aw_identity_link){ row.id, row.record, row.register_code, row.person,
		row.state, row.probability_ppm, row.levels, row.decided_at, row.decided_by,
		row.undone_at };
	return AW_OK;
}

enum aw_status
aw_identity_link_history(struct aw_act *act, int64_t person, struct aw_link_event **ret_at,
	size_t *ret_count, struct aw_error *err)
{
	struct sql_links_history *rows;
	struct aw_link_event *at;
	size_t count = 0;

	if (sql_links_history(act->tx, &(struct sql_links_history_in){ .person = person },
		    act->arena, &rows, &count, err) != AW_OK)
		return err->status;
	at = AW_NEW_ARRAY(act->arena, struct aw_link_event, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct sql_links_history *row = &rows[i];

		at[i] = (struct aw_link_event){
			.link = { row->id, row->record, row->register_code, row->person, row->state,
				row->probability_ppm, row->levels, row->decided_at, row->decided_by,
				row->undone_at },
			.decider = row->decider,
			.reason = row->reason,
			.undoer = row->undoer,
			.restored = row->restores.known,
		};
		if (row->key.known && aw_link_words_open(act, row->key.v, "identity_link", row->id,
					      row->words, &at[i].words, err) != AW_OK)
			return err->status;
	}
	*ret_at = at;
	*ret_count = count;
	return AW_OK;
}
