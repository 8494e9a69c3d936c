-- Statements of policy: releases.

-- name: release_get
-- in: hash text
-- one: hash text, label text, released_at int64, released_by id?, confirmed_by id?, effective_day day
SELECT hash, label, released_at, released_by, confirmed_by, effective_day FROM release
WHERE hash = :hash;

-- name: release_bundle
-- in: hash text
-- one: bundle bytes
SELECT bundle FROM release WHERE hash = :hash;

-- name: release_count
-- one: n int64
SELECT count(*) AS n FROM release;

-- name: release_put
-- in: hash text, label text, bundle bytes, released_at int64, released_by id?, effective_day day
INSERT INTO release (hash, label, bundle, released_at, released_by, confirmed_by, effective_day)
VALUES (:hash, :label, :bundle, :released_at, :released_by, NULL, :effective_day);

-- name: release_set_confirmed
-- in: hash text, released_at int64, confirmed_by id
-- changed
UPDATE release SET confirmed_by = :confirmed_by, released_at = :released_at
WHERE hash = :hash AND confirmed_by IS NULL AND released_by IS NOT NULL;

-- name: release_in_force
-- in: day day
-- one: rows of release_get
SELECT hash, label, released_at, released_by, confirmed_by, effective_day FROM release
WHERE effective_day <= :day AND (released_by IS NULL OR confirmed_by IS NOT NULL)
ORDER BY released_at DESC, hash LIMIT 1;

-- name: release_list
-- many: rows of release_get
SELECT hash, label, released_at, released_by, confirmed_by, effective_day FROM release
ORDER BY released_at DESC, hash;
