/* The index in memory over all people: opened, kept current, asked. */
#include "city/person/people.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "city/person/form.h"
#include "city/person/mapping.h"
#include "city/person/person.sql.h"
#include "city/person/search.h"
#include "db/change.h"
#include "link/keys.h"

enum { CHUNK = 512 };

/* The registers of a policy as read; kept as long as the index, for somebody may still look. */
struct kept_registers {
	struct kept_registers *next;
	char hash[65]; /* of the policy */
	struct aw_registers registers;
};

struct aw_people {
	pthread_rwlock_t lock;
	struct aw_link_index *index;
	pthread_t merger;
	bool has_merger;	    /* for whoever opens and closes */
	bool merge_wanted, closing; /* under merge_lock */
	pthread_mutex_t merge_lock;
	pthread_cond_t merge_asked;
	struct aw_keyring *keyring; /* borrowed; NULL: follows nobody */
	pthread_mutex_t registers_lock;
	struct kept_registers *kept; /* newest first */
	struct aw_arena arena;	     /* of what is kept */
};

struct aw_people *
aw_people_new(void)
{
	struct aw_people *people = calloc(1, sizeof(*people));
	struct aw_link_model model;

	if (people == NULL || pthread_rwlock_init(&people->lock, NULL) != 0 ||
		pthread_mutex_init(&people->merge_lock, NULL) != 0 ||
		pthread_cond_init(&people->merge_asked, NULL) != 0 ||
		pthread_mutex_init(&people->registers_lock, NULL) != 0)
		aw_die("no memory for the index of people");
	aw_link_model_default(&model);
	people->index = aw_link_index_new(&model);
	return people;
}

/* -- merged in the background --------------------------------------------------------------------- */

/* Readers wait for the beginning and the end alone, which take microseconds. */
static void
merge(struct aw_people *people)
{
	struct aw_link_merge *merge = NULL;

	(void)pthread_rwlock_wrlock(&people->lock);
	if (aw_link_index_is_due(people->index))
		merge = aw_link_merge_begin(people->index);
	(void)pthread_rwlock_unlock(&people->lock);
	if (merge == NULL)
		return;
	aw_link_merge_run(merge);
	(void)pthread_rwlock_wrlock(&people->lock);
	aw_link_merge_end(people->index, merge);
	(void)pthread_rwlock_unlock(&people->lock);
	aw_link_merge_free(merge);
}

static void *
merge_forever(void *arg)
{
	struct aw_people *people = arg;

	(void)pthread_mutex_lock(&people->merge_lock);
	while (!people->closing) {
		if (!people->merge_wanted) {
			(void)pthread_cond_wait(&people->merge_asked, &people->merge_lock);
			continue;
		}
		people->merge_wanted = false;
		(void)pthread_mutex_unlock(&people->merge_lock);
		merge(people);
		(void)pthread_mutex_lock(&people->merge_lock);
	}
	(void)pthread_mutex_unlock(&people->merge_lock);
	return NULL;
}

static void
tell_merger(struct aw_people *people, bool closing)
{
	(void)pthread_mutex_lock(&people->merge_lock);
	people->merge_wanted = true;
	people->closing |= closing;
	(void)pthread_cond_signal(&people->merge_asked);
	(void)pthread_mutex_unlock(&people->merge_lock);
}

static void
stop_merging(struct aw_people *people)
{
	if (!people->has_merger)
		return;
	tell_merger(people, true);
	(void)pthread_join(people->merger, NULL);
	people->has_merger = false;
}

void
aw_people_close(struct aw_people *people)
{
	if (people == NULL)
		return;
	stop_merging(people);
	aw_link_index_free(people->index);
	aw_arena_done(&people->arena);
	(void)pthread_rwlock_destroy(&people->lock);
	(void)pthread_mutex_destroy(&people->merge_lock);
	(void)pthread_cond_destroy(&people->merge_asked);
	(void)pthread_mutex_destroy(&people->registers_lock);
	free(people);
}

/* -- opening ------------------------------------------------------------------------------------- */

struct opening {
	struct aw_people *people;
	struct aw_keyring *keyring;
	struct aw_arena arena; /* of a chunk */
	size_t in_chunk;
};

static enum aw_status
open_row(const struct sql_person_scan *row, void *arg, struct aw_error *err)
{
	struct opening *opening = arg;
	struct aw_key key = { 0 };
	struct aw_place place = { "person", "sealed", row->id, row->version };
	struct aw_identity identity;
	struct aw_str packed;
	enum aw_status status;

	status = aw_key_unwrap(opening->keyring, row->key, row->epoch, row->wrapped, &key, err);
	if (status == AW_OK)
		status = aw_unseal(
			&opening->arena, opening->keyring, &key, place, row->sealed, &packed, err);
	aw_key_done(&key);
	if (status != AW_OK || aw_identity_unpack(&opening->arena, packed, &identity, err) != AW_OK)
		return err->status;
	aw_people_put(opening->people, row->id, &identity);
	if (++opening->in_chunk == CHUNK) {
		aw_arena_done(&opening->arena);
		opening->in_chunk = 0;
	}
	return AW_OK;
}

static enum aw_status
open_all(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct opening *opening = arg;
	struct sql_person_count count;
	bool found;

	if (sql_person_count(tx, &arena, &count, &found, err) != AW_OK)
		return err->status;
	if (found && count.people > 0)
		aw_link_index_reserve(opening->people->index, (size_t)count.people);
	return sql_person_scan(tx, open_row, opening, err);
}

/* Another server made, corrected or erased this person. */
static enum aw_status
renew(struct aw_tx *tx, int64_t person, void *arg, struct aw_error *err)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_people *people = arg;
	struct opening opening = { .people = people, .keyring = people->keyring };
	struct sql_person_scan row = { 0 };
	bool found = false;
	enum aw_status status;

	if (sql_person_scan_one(tx, &(struct sql_person_scan_one_in){ .id = person }, &arena, &row,
		    &found, err) != AW_OK)
		return err->status;
	if (!found) {
		aw_people_remove(people, person);
		return AW_OK;
	}
	status = open_row(&row, &opening, err);
	aw_arena_done(&opening.arena);
	return status;
}

/* What was read becomes the base; what changes from now on is merged into it by a thread of its own. */
static enum aw_status
begin_serving(struct aw_people *people, struct aw_error *err)
{
	(void)pthread_rwlock_wrlock(&people->lock);
	aw_link_index_settle(people->index);
	(void)pthread_rwlock_unlock(&people->lock);
	if (pthread_create(&people->merger, NULL, merge_forever, people) != 0)
		return aw_fail(err, AW_IO, "no thread for the index of people");
	people->has_merger = true;
	return AW_OK;
}

enum aw_status
aw_people_open(struct aw_db *db, struct aw_keyring *keyring, struct aw_people **ret_people,
	struct aw_error *err)
{
	struct opening opening = { .people = aw_people_new(), .keyring = keyring };
	enum aw_status status;

	opening.people->keyring = keyring;
	status = aw_db_follow(db, AW_PEOPLE_CHANGE, renew, opening.people, err);
	if (status == AW_OK)
		status = aw_db_read(db, open_all, &opening, err);
	aw_arena_done(&opening.arena);
	if (status == AW_OK)
		status = begin_serving(opening.people, err);
	if (status != AW_OK) {
		aw_people_close(opening.people);
		return aw_wrap(err, "opening the index of people");
	}
	*ret_people = opening.people;
	return AW_OK;
}

/* -- kept current --------------------------------------------------------------------------------- */

void
aw_people_put_forms(struct aw_people *people, int64_t person, const struct aw_person_forms *forms)
{
	bool due;

	(void)pthread_rwlock_wrlock(&people->lock);
	aw_link_index_put(people->index, person, forms->at, forms->others, forms->count);
	due = aw_link_index_is_due(people->index);
	(void)pthread_rwlock_unlock(&people->lock);
	if (due)
		tell_merger(people, false);
}

void
aw_people_put(struct aw_people *people, int64_t person, const struct aw_identity *identity)
{
	AW_SCOPE(aw_arena) arena = { 0 };
	struct aw_person_forms forms;

	aw_person_forms_make(&arena, identity, -1, 0, &forms);
	aw_people_put_forms(people, person, &forms);
}

void
aw_people_remove(struct aw_people *people, int64_t person)
{
	(void)pthread_rwlock_wrlock(&people->lock);
	aw_link_index_remove(people->index, person);
	(void)pthread_rwlock_unlock(&people->lock);
}

size_t
aw_people_count(struct aw_people *people)
{
	size_t count;

	(void)pthread_rwlock_rdlock(&people->lock);
	count = aw_link_index_people(people->index);
	(void)pthread_rwlock_unlock(&people->lock);
	return count;
}

size_t
aw_people_bytes(struct aw_people *people)
{
	size_t bytes;

	(void)pthread_rwlock_rdlock(&people->lock);
	bytes = sizeof(*people) + aw_link_index_bytes(people->index);
	(void)pthread_rwlock_unlock(&people->lock);
	return bytes;
}

/* -- asked ---------------------------------------------------------------------------------------- */

static void
make_candidate(struct aw_arena *arena, const struct aw_link_hit *hit, struct aw_candidate *out)
{
	*out = (struct aw_candidate){
		.person = hit->person,
		.probability_ppm = hit->ppm,
		.weight_mbits = hit->weights.total,
		.prior_mbits = hit->prior_mbits,
		.conflicts = hit->conflicts,
		.levels = aw_link_levels_text(arena, &hit->levels),
	};
	out->match = hit->ppm < AW_MATCH_REVIEW_PPM			    ? AW_MATCH_NO
		     : hit->ppm >= AW_MATCH_LINK_PPM && hit->conflicts == 0 ? AW_MATCH_LINK
									    : AW_MATCH_REVIEW;
	for (size_t f = 0; f < AW_LINK_FIELDS; f++)
		out->fields[f] = (struct aw_candidate_field){
			.field = aw_link_field_code((enum aw_link_field)f),
			.level = aw_link_level_code((enum aw_link_field)f, hit->levels.at[f]),
			.weight_mbits = hit->weights.field[f],
		};
}

_Static_assert((int)AW_CANDIDATE_FIELDS == (int)AW_LINK_FIELDS, "a candidate shows every field");

/* Without addresses of places where people are who have nothing to do with each other, and without those
 * that are kept secret: neither says who somebody is. */
static void
query_forms(struct aw_arena *arena, const struct aw_person_query *query,
	struct aw_person_forms *ret_forms)
{
	struct aw_identity identity = *query->identity;

	identity.addresses =
		AW_NEW_ARRAY(arena, struct aw_identity_address, identity.address_count + 1);
	identity.address_count = 0;
	for (size_t i = 0; i < query->identity->address_count; i++) {
		const struct aw_identity_address *address = &query->identity->addresses[i];

		if (!address->protected_place &&
			(query->policy == NULL ||
				aw_policy_place_at(query->policy, &address->parts) == NULL))
			identity.addresses[identity.address_count++] = *address;
	}
	aw_person_forms_make(arena, &identity, query->age, query->on_day, ret_forms);
}

void
aw_people_find(struct aw_people *people, struct aw_arena *arena,
	const struct aw_person_query *query, size_t limit, struct aw_candidates *ret_candidates)
{
	struct aw_person_forms forms;
	struct aw_link_asked asked = { .limit = limit, .least_ppm = AW_MATCH_REVIEW_PPM };
	struct aw_link_hits hits;

	query_forms(arena, query, &forms);
	asked.forms = forms.at;
	asked.others = forms.others;
	asked.count = forms.count;
	(void)pthread_rwlock_rdlock(&people->lock);
	aw_link_index_find(people->index, arena, &asked, &hits);
	(void)pthread_rwlock_unlock(&people->lock);
	*ret_candidates = (struct aw_candidates){ .count = hits.count, .compared = hits.compared };
	ret_candidates->at = AW_NEW_ARRAY(arena, struct aw_candidate, hits.count + 1);
	for (size_t i = 0; i < hits.count; i++)
		make_candidate(arena, &hits.at[i], &ret_candidates->at[i]);
}

bool
aw_people_compare(struct aw_people *people, struct aw_arena *arena,
	const struct aw_person_query *query, int64_t person, struct aw_candidate *ret_candidate)
{
	struct aw_person_forms forms;
	struct aw_link_asked asked = { .limit = 1 };
	struct aw_link_hit hit;
	bool found;

	query_forms(arena, query, &forms);
	asked.forms = forms.at;
	asked.others = forms.others;
	asked.count = forms.count;
	(void)pthread_rwlock_rdlock(&people->lock);
	found = aw_link_index_compare(people->index, arena, &asked, person, &hit);
	(void)pthread_rwlock_unlock(&people->lock);
	if (found)
		make_candidate(arena, &hit, ret_candidate);
	return found;
}

void
aw_people_search(struct aw_people *people, struct aw_arena *arena, const char *typed, size_t limit,
	struct aw_search_hits *ret_hits)
{
	(void)pthread_rwlock_rdlock(&people->lock);
	aw_search_index(people->index, arena, typed, false, limit, ret_hits);
	(void)pthread_rwlock_unlock(&people->lock);
}

void
aw_people_search_near(struct aw_people *people, struct aw_arena *arena, const char *typed,
	size_t limit, struct aw_search_hits *ret_hits)
{
	(void)pthread_rwlock_rdlock(&people->lock);
	aw_search_index(people->index, arena, typed, true, limit, ret_hits);
	(void)pthread_rwlock_unlock(&people->lock);
}

struct of_number {
	uint64_t number;
	int64_t person;
};

static bool
is_number(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	struct of_number *of = arg;

	(void)other;
	if (form->number == of->number)
		of->person = person;
	return of->person == 0;
}

int64_t
aw_people_of_number(struct aw_people *people, uint64_t number)
{
	struct of_number of = { .number = number };

	(void)pthread_rwlock_rdlock(&people->lock);
	aw_link_index_key(people->index, aw_link_key(AW_KEY_NUMBER, number), is_number, &of);
	(void)pthread_rwlock_unlock(&people->lock);
	return of.person;
}

struct at_door {
	uint32_t door;
	uint16_t floor;
	int64_t *persons;
	size_t count, most;
};

static bool
is_at_door(void *arg, int64_t person, const struct aw_link_form *form, struct aw_str other)
{
	struct at_door *at = arg;

	(void)other;
	if (form->door != at->door ||
		(form->floor != 0 && at->floor != 0 && form->floor != at->floor))
		return true;
	for (size_t i = 0; i < at->count; i++)
		if (at->persons[i] == person)
			return true;
	at->persons[at->count++] = person;
	return at->count <= at->most;
}

size_t
aw_people_at_door(struct aw_people *people, struct aw_arena *arena, uint32_t door, uint16_t floor,
	size_t most, int64_t **ret_persons)
{
	struct at_door at = { .door = door,
		.floor = floor,
		.persons = AW_NEW_ARRAY(arena, int64_t, most + 1),
		.most = most };

	if (door != 0) {
		(void)pthread_rwlock_rdlock(&people->lock);
		aw_link_index_key(people->index, aw_link_key(AW_KEY_DOOR, door), is_at_door, &at);
		(void)pthread_rwlock_unlock(&people->lock);
	}
	*ret_persons = at.persons;
	return at.count;
}

/* -- registers ------------------------------------------------------------------------------------ */

const struct aw_registers *
aw_people_registers(struct aw_people *people, const struct aw_policy *policy)
{
	struct kept_registers *kept;

	(void)pthread_mutex_lock(&people->registers_lock);
	for (kept = people->kept; kept != NULL; kept = kept->next)
		if (strcmp(kept->hash, policy->hash) == 0)
			break;
	if (kept == NULL) {
		struct aw_mistakes none = { .arena = &people->arena };

		kept = AW_NEW(&people->arena, struct kept_registers);
		memcpy(kept->hash, policy->hash, sizeof(kept->hash));
		/* the texts borrow nothing of the policy: YAML is parsed into our own arena */
		aw_registers_read(policy, &people->arena, &none, &kept->registers);
		kept->next = people->kept;
		people->kept = kept;
	}
	(void)pthread_mutex_unlock(&people->registers_lock);
	return &kept->registers;
}
