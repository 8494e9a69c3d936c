/* One city open for work. */
#include "net/house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "city/person/people.h"
#include "db/change.h"
#include "db/migrate.h"
#include "db/setting.h"
#include "policy/policy.h"
#include "policy/release.h"

#define CREDENTIAL "anwang-root-key"

enum aw_status
aw_house_key_path(struct aw_arena *arena, const char *url, bool demo, const char **ret_path,
	struct aw_error *err)
{
	const char *file = getenv("ANWANG_KEY_FILE");
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *path;

	if (file != NULL && file[0] != '\0') {
		*ret_path = aw_arena_strdup(arena, file);
		return AW_OK;
	}
	if (credentials != NULL && credentials[0] != '\0') {
		path = aw_arena_printf(arena, "%s/" CREDENTIAL, credentials);
		if (access(path, F_OK) == 0) {
			*ret_path = path;
			return AW_OK;
		}
	}
	if (demo && strncmp(url, "sqlite:", 7) == 0) {
		path = aw_arena_printf(arena, "%s.key", url + 7);
		if (access(path, F_OK) == 0) {
			*ret_path = path;
			return AW_OK;
		}
	}
	return aw_fail(err, AW_NOT_FOUND,
		"no root key: make one with \"anwang key new FILE\" and name it in "
		"ANWANG_KEY_FILE");
}

struct settings {
	struct aw_house *house;
	struct aw_arena arena;
};

static enum aw_status
read_settings(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct settings *settings = arg;
	const char *demo, *offset;
	int64_t offset_ms = 0;

	if (aw_setting_get(tx, &settings->arena, "demo", &demo, err) != AW_OK ||
		aw_setting_get(tx, &settings->arena, "clock_offset_ms", &offset, err) != AW_OK)
		return err->status;
	settings->house->demo = aw_text_eq(demo, "1");
	if (offset != NULL && settings->house->demo && !aw_str_int64(aw_str(offset), &offset_ms))
		return aw_fail(err, AW_CORRUPT, "the setting clock_offset_ms is not a number");
	settings->house->clock.offset_ms = offset_ms;
	return AW_OK;
}

static enum aw_status
open_keys(struct aw_house *house, const char *url, struct aw_error *err)
{
	const char *path;

	if (aw_house_key_path(&house->arena, url, house->demo, &path, err) != AW_OK ||
		aw_keyring_open(house->db, path, &house->keyring, err) != AW_OK)
		return err->status;
	return aw_log_key_open(house->db, house->keyring, &house->ids, &house->log_key, err);
}

struct open_policy {
	struct aw_house *house;
	const char *dir;
	struct aw_policy_open found;
};

static enum aw_status
find_policy(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	struct open_policy *open = arg;
	int64_t now_ms = aw_business_ms(&open->house->clock);

	aw_policy_free(open->found.policy); /* of an attempt before */
	open->found = (struct aw_policy_open){ 0 };
	return aw_policy_open(
		tx, open->dir, open->house->demo, aw_taipei_day(now_ms), now_ms, &open->found, err);
}

static enum aw_status
follow_policy(struct aw_tx *tx, void *arg, struct aw_error *err)
{
	return aw_releases_follow(arg, tx, err);
}

enum aw_status
aw_house_follow_policy(struct aw_house *house, struct aw_error *err)
{
	return aw_db_read(house->db, follow_policy, house->releases, err);
}

static enum aw_status
open_policy(struct aw_house *house, const char *dir, struct aw_error *err)
{
	struct open_policy open = { .house = house, .dir = dir };

	if (aw_db_write(house->db, find_policy, &open, err) != AW_OK) {
		aw_policy_free(open.found.policy);
		return err->status;
	}
	house->releases = aw_releases_new();
	aw_releases_begin(house->releases, open.found.policy, dir, &house->clock);
	/* heard of from here on; what another server did until here is looked up */
	if (aw_releases_listen(house->releases, house->db, err) != AW_OK ||
		aw_house_follow_policy(house, err) != AW_OK)
		return err->status;
	house->policy_stale = open.found.folder_bad;
	memcpy(house->policy_mistake, open.found.mistake, sizeof(house->policy_mistake));
	return AW_OK;
}

enum aw_status
aw_house_open(
	const struct aw_house_options *options, struct aw_house *ret_house, struct aw_error *err)
{
	AW_SCOPE(aw_house) house = { 0 };
	struct settings settings = { .house = &house };
	enum aw_status status;

	aw_ids_init(&house.ids, NULL);
	aw_clock_start(&house.clock);
	if (aw_db_open(&(struct aw_db_options){ .url = options->url }, &house.db, err) != AW_OK ||
		aw_db_check_schema(house.db, err) != AW_OK)
		return err->status;
	status = aw_db_read(house.db, read_settings, &settings, err);
	aw_arena_done(&settings.arena);
	if (status != AW_OK)
		return status;
	if ((options->parts & (AW_HOUSE_KEYS | AW_HOUSE_PEOPLE)) != 0 &&
		open_keys(&house, options->url, err) != AW_OK)
		return err->status;
	if ((options->parts & AW_HOUSE_POLICY) != 0 &&
		open_policy(&house, options->policy_dir, err) != AW_OK)
		return err->status;
	if ((options->parts & AW_HOUSE_PEOPLE) != 0 &&
		aw_people_open(house.db, house.keyring, &house.people, err) != AW_OK)
		return err->status;
	aw_db_follow_start(house.db);
	*ret_house = house;
	house = (struct aw_house){ 0 };
	return AW_OK;
}

void
aw_house_done(struct aw_house *house)
{
	aw_people_close(house->people);
	aw_releases_free(house->releases);
	if (house->keyring != NULL)
		aw_keyring_close(house->keyring);
	aw_log_key_done(&house->log_key);
	aw_db_close(house->db);
	aw_arena_done(&house->arena);
	*house = (struct aw_house){ 0 };
}

const struct aw_policy *
aw_house_policy(const struct aw_house *house)
{
	return aw_releases_current(house->releases);
}

struct aw_act
aw_house_act(struct aw_house *house, struct aw_arena *arena, const struct aw_viewer *viewer,
	const char *action)
{
	return (struct aw_act){
		.arena = arena,
		.viewer = viewer,
		.policy = aw_house_policy(house),
		.releases = house->releases,
		.keyring = house->keyring,
		.ids = &house->ids,
		.people = house->people,
		.now_ms = aw_business_ms(&house->clock),
		.real_ms = aw_clock_real_ms(&house->clock),
		.demo = house->demo,
		.action = action,
	};
}
