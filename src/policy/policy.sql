-- Statements of policy: releases, and what is proposed.

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
-- in: hash text, label text, bundle bytes, released_at int64, released_by id?, confirmed_by id?, effective_day day
INSERT INTO release (hash, label, bundle, released_at, released_by, confirmed_by, effective_day)
VALUES (:hash, :label, :bundle, :released_at, :released_by, :confirmed_by, :effective_day);

-- name: release_turn_put
-- in: release text, from_day day, at int64
INSERT INTO release_turn (number, release, from_day, at)
SELECT COALESCE(max(number), 0) + 1, :release, :from_day, :at FROM release_turn;

-- name: release_in_force
-- in: day day
-- one: rows of release_get
SELECT r.hash, r.label, t.at AS released_at, r.released_by, r.confirmed_by, t.from_day AS effective_day
FROM release_turn t
JOIN release r ON r.hash = t.release
WHERE t.from_day <= :day
ORDER BY t.from_day DESC, t.number DESC LIMIT 1;

-- name: release_list
-- many: rows of release_get
SELECT r.hash, r.label, t.at AS released_at, r.released_by, r.confirmed_by, t.from_day AS effective_day
FROM release_turn t
JOIN release r ON r.hash = t.release
ORDER BY t.from_day DESC, t.number DESC;

-- name: proposal_put
-- in: number int64, hash text, label text, bundle bytes?, base text, draft int64?, from_day day, words text, proposed_by id?, proposer text, proposed_at int64
INSERT INTO release_proposal (number, hash, label, bundle, base, draft, from_day, words, proposed_by,
	proposer, proposed_at)
VALUES (:number, :hash, :label, :bundle, :base, :draft, :from_day, :words, :proposed_by, :proposer,
	:proposed_at);

-- name: proposal_next
-- one: number int64
SELECT COALESCE(max(number), 0) + 1 AS number FROM release_proposal;

-- name: proposal_waiting
-- in: hash text
-- one: number int64
SELECT number FROM release_proposal WHERE hash = :hash AND answer IS NULL ORDER BY number LIMIT 1;

-- name: proposal_get
-- in: number int64
-- one: number int64, hash text, label text, base text, draft int64?, from_day day, words text, proposed_by id?, proposer text, proposed_at int64, answer text?, answered_by id?, answerer text?, answered_at int64?, answer_words text?
SELECT number, hash, label, base, draft, from_day, words, proposed_by, proposer, proposed_at, answer,
	answered_by, answerer, answered_at, answer_words
FROM release_proposal WHERE number = :number;

-- name: proposal_list
-- in: at_most int64
-- many: rows of proposal_get
SELECT number, hash, label, base, draft, from_day, words, proposed_by, proposer, proposed_at, answer,
	answered_by, answerer, answered_at, answer_words
FROM release_proposal
ORDER BY CASE WHEN answer IS NULL THEN 0 ELSE 1 END, number DESC LIMIT :at_most;

-- name: proposal_bundle
-- in: number int64
-- one: bundle bytes?
SELECT bundle FROM release_proposal WHERE number = :number;

-- name: proposal_answer
-- in: number int64, answer text, answered_by id?, answerer text, answered_at int64, answer_words text?
-- changed
UPDATE release_proposal SET answer = :answer, answered_by = :answered_by, answerer = :answerer,
	answered_at = :answered_at, answer_words = :answer_words, bundle = NULL
WHERE number = :number AND answer IS NULL;

-- name: draft_next
-- one: number int64
SELECT COALESCE(max(number), 0) + 1 AS number FROM policy_draft;

-- name: draft_put
-- in: number int64, name text, base text, path text, made_by id, made_at int64
INSERT INTO policy_draft (number, name, base, path, made_by, made_at)
VALUES (:number, :name, :base, :path, :made_by, :made_at);

-- name: draft_get
-- in: number int64
-- one: number int64, name text, base text, path text, made_by id, made_at int64, closed_at int64?, version int64, saved_by id, saved_at int64
SELECT d.number, d.name, d.base, d.path, d.made_by, d.made_at, d.closed_at, v.version, v.saved_by,
	v.saved_at
FROM policy_draft d
JOIN policy_draft_version v ON v.draft = d.number
WHERE d.number = :number
ORDER BY v.version DESC LIMIT 1;

-- name: draft_list
-- in: at_most int64
-- many: rows of draft_get
SELECT d.number, d.name, d.base, d.path, d.made_by, d.made_at, d.closed_at, v.version, v.saved_by,
	v.saved_at
FROM policy_draft d
JOIN policy_draft_version v ON v.draft = d.number
	AND v.version = (SELECT max(n.version) FROM policy_draft_version n WHERE n.draft = d.number)
WHERE d.closed_at IS NULL
ORDER BY d.number DESC LIMIT :at_most;

-- name: draft_version_put
-- in: draft int64, version int64, model bytes, saved_by id, saved_at int64
INSERT INTO policy_draft_version (draft, version, model, saved_by, saved_at)
VALUES (:draft, :version, :model, :saved_by, :saved_at);

-- name: draft_version_list
-- in: draft int64
-- many: version int64, saved_by id, saved_at int64
SELECT version, saved_by, saved_at FROM policy_draft_version WHERE draft = :draft
ORDER BY version DESC LIMIT 50;

-- name: draft_model
-- in: draft int64, version int64
-- one: model bytes
SELECT model FROM policy_draft_version WHERE draft = :draft AND version = :version;

-- name: draft_set_base
-- in: number int64, base text, path text
-- changed
UPDATE policy_draft SET base = :base, path = :path WHERE number = :number AND closed_at IS NULL;

-- name: draft_close
-- in: number int64, closed_at int64
-- changed
UPDATE policy_draft SET closed_at = :closed_at WHERE number = :number AND closed_at IS NULL;
