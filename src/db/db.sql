-- Statements of db/ itself: migrations, settings, counters, keys, work items.

-- name: migration_last
-- one: number int64
SELECT number FROM migration ORDER BY number DESC LIMIT 1;

-- name: migration_insert
-- in: number int64, name text, applied_at int64
-- case: number = 900
INSERT INTO migration (number, name, applied_at) VALUES (:number, :name, :applied_at);

-- name: setting_get
-- in: name text
-- one: value text
SELECT value FROM setting WHERE name = :name;

-- name: setting_put
-- in: name text, value text
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: setting_delete
-- changed
-- in: name text
DELETE FROM setting WHERE name = :name;

-- name: counter_get
-- in: name text, day day
-- one: last int64
SELECT last FROM counter WHERE name = :name AND day = :day;

-- name: counter_set
-- in: name text, day day, last int64
INSERT INTO counter (name, day, last) VALUES (:name, :day, :last)
ON CONFLICT (name, day) DO UPDATE SET last = excluded.last;

-- name: epoch_key_all
-- many: epoch int64, wrapped bytes, created_at int64
SELECT epoch, wrapped, created_at FROM epoch_key ORDER BY epoch;

-- name: epoch_key_insert
-- in: epoch int64, wrapped bytes, created_at int64
INSERT INTO epoch_key (epoch, wrapped, created_at) VALUES (:epoch, :wrapped, :created_at);

-- name: epoch_key_delete
-- changed
-- in: epoch int64
DELETE FROM epoch_key WHERE epoch = :epoch;

-- name: data_key_insert
-- in: id id, holder text, epoch int64, wrapped bytes
INSERT INTO data_key (id, holder, epoch, wrapped) VALUES (:id, :holder, :epoch, :wrapped);

-- name: data_key_get
-- in: id id
-- one: epoch int64, wrapped bytes
SELECT epoch, wrapped FROM data_key WHERE id = :id;

-- name: data_key_delete
-- changed
-- in: id id
DELETE FROM data_key WHERE id = :id;

-- name: data_key_outside_epoch
-- in: epoch int64, after id, at_most int64
-- many: id id, epoch int64, wrapped bytes
-- The next data keys that an epoch does not wrap yet, by id.
SELECT id, epoch, wrapped FROM data_key WHERE epoch <> :epoch AND id > :after
ORDER BY id LIMIT :at_most;

-- name: data_key_rewrap
-- in: id id, epoch int64, wrapped bytes
UPDATE data_key SET epoch = :epoch, wrapped = :wrapped WHERE id = :id;

-- name: data_key_count_by_epoch
-- many: epoch int64, count int64
SELECT epoch, COUNT(*) AS count FROM data_key GROUP BY epoch ORDER BY epoch;

-- name: data_key_page
-- in: after id, at_most int64
-- many: rows of data_key_outside_epoch
SELECT id, epoch, wrapped FROM data_key WHERE id > :after ORDER BY id LIMIT :at_most;

-- name: work_insert
-- in: id id, kind text, reference id, due_at int64, created_at int64
INSERT INTO work_item (id, kind, reference, state, due_at, attempts, created_at)
VALUES (:id, :kind, :reference, 'waiting', :due_at, 0, :created_at);

-- An item that waits longer than any wait was made under a clock that went wrong.
-- name: work_due
-- in: now_ms int64, at_most int64
-- many: id id, kind text, reference id, attempts int64, due_at int64, created_at int64
SELECT id, kind, reference, attempts, due_at, created_at FROM work_item
WHERE state = 'waiting' AND (due_at <= :now_ms OR (attempts = 0 AND created_at > :now_ms)
	OR due_at - 3600000 > :now_ms)
ORDER BY due_at, id LIMIT :at_most;

-- name: work_next_due
-- one: due_at int64
SELECT due_at FROM work_item WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1;

-- name: work_finish
-- changed
-- in: id id, finished_at int64
UPDATE work_item SET state = 'done', finished_at = :finished_at, last_error = NULL
WHERE id = :id AND state = 'waiting';

-- name: work_fail
-- changed
-- in: id id, state text, attempts int64, due_at int64, last_error text, finished_at int64?
UPDATE work_item SET state = :state, attempts = :attempts, due_at = :due_at,
	last_error = :last_error, finished_at = :finished_at
WHERE id = :id AND state = 'waiting';

-- name: work_postpone
-- changed
-- in: id id, due_at int64, last_error text
UPDATE work_item SET due_at = :due_at, last_error = :last_error
WHERE id = :id AND state = 'waiting';

-- name: work_get
-- in: id id
-- one: kind text, reference id, state text, due_at int64, attempts int64, last_error text?,
--      created_at int64, finished_at int64?
SELECT kind, reference, state, due_at, attempts, last_error, created_at, finished_at
FROM work_item WHERE id = :id;

-- name: work_retry
-- changed
-- in: id id, due_at int64
UPDATE work_item SET state = 'waiting', attempts = 0, due_at = :due_at, finished_at = NULL
WHERE id = :id AND state = 'failed';

-- name: work_list
-- in: state text, at_most int64
-- many: id id, kind text, reference id, state text, due_at int64, attempts int64,
--       last_error text?, created_at int64, finished_at int64?
-- For the operator's page: the newest first.
SELECT id, kind, reference, state, due_at, attempts, last_error, created_at, finished_at
FROM work_item WHERE state = :state ORDER BY due_at DESC, id DESC LIMIT :at_most;

-- name: work_count
-- many: state text, count int64
SELECT state, COUNT(*) AS count FROM work_item GROUP BY state ORDER BY state;

-- name: work_forget
-- changed
-- in: before int64
-- Items that were done long ago.
DELETE FROM work_item WHERE state = 'done' AND finished_at < :before;

-- name: epoch_key_rewrap
-- in: epoch int64, wrapped bytes
UPDATE epoch_key SET wrapped = :wrapped WHERE epoch = :epoch;

-- name: change_last
-- one: number int64
SELECT COALESCE(MAX(number), 0) AS number FROM change;

-- name: change_after
-- in: after int64, at_most int64
-- many: number int64, kind text, reference id
SELECT number, kind, reference FROM change WHERE number > :after ORDER BY number LIMIT :at_most;

-- name: change_insert
-- in: number int64, kind text, reference id, at int64
-- case: number = 900
INSERT INTO change (number, kind, reference, at) VALUES (:number, :kind, :reference, :at);

-- name: change_forget
-- changed
-- in: before int64
DELETE FROM change WHERE at < :before AND number < (SELECT MAX(number) FROM change);
