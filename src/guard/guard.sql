-- Statements of guard: ledgers, log, accounts, sessions.
-- guard reads tables of rooms (membership, relationship, family_member): a copy of who lives with
-- whom could lag behind, and what it shields could be found. Of person it reads the public number.

-- -- relation ledger ---------------------------------------------------------------------------

-- name: guard_relation_find
-- in: unit text, person id, side text, tie text, reference id
-- one: id id
SELECT id FROM relation
WHERE reference = :reference AND person = :person AND unit = :unit AND side = :side
	AND tie = :tie AND to_at IS NULL
ORDER BY id LIMIT 1;

-- name: guard_relation_add
-- in: id id, unit text, account id?, person id, side text, tie text, reference id, from_at int64
INSERT INTO relation (id, unit, account, person, side, tie, reference, from_at, to_at)
VALUES (:id, :unit, :account, :person, :side, :tie, :reference, :from_at, NULL);

-- name: guard_relation_give
-- in: id id, account id?
UPDATE relation SET account = :account WHERE id = :id;

-- name: guard_relation_end
-- in: reference id, to_at int64
UPDATE relation SET to_at = :to_at WHERE reference = :reference AND to_at IS NULL;

-- name: guard_relation_assign
-- in: reference id, account id
UPDATE relation SET account = :account WHERE reference = :reference AND to_at IS NULL;

-- name: guard_opposition_find
-- in: protected id, respondent id, reference id
-- one: id id
SELECT id FROM opposition
WHERE protected = :protected AND respondent = :respondent AND reference = :reference
	AND to_at IS NULL
ORDER BY id LIMIT 1;

-- name: guard_opposition_add
-- in: id id, protected id, respondent id, reference id, from_at int64
INSERT INTO opposition (id, protected, respondent, reference, from_at, to_at)
VALUES (:id, :protected, :respondent, :reference, :from_at, NULL);

-- name: guard_opposition_end
-- in: reference id, to_at int64
UPDATE opposition SET to_at = :to_at WHERE reference = :reference AND to_at IS NULL;

-- name: guard_ties_to
-- in: person id, account id, unit text
-- many: unit text, account id?, side text, tie text
-- What a viewer and their unit are to a person.
SELECT unit, account, side, tie FROM relation
WHERE person = :person AND to_at IS NULL AND (unit = :unit OR account = :account)
ORDER BY id;

-- name: guard_served_by
-- in: account id
-- many: person id
-- Whom an account serves on another side than the respondent's.
SELECT DISTINCT person FROM relation
WHERE account = :account AND to_at IS NULL AND tie IN ('lead', 'co') AND side <> 'respondent'
ORDER BY person;

-- name: guard_shield_facts
-- in: account id, unit text, whole_unit flag, respondent id?, today day
-- many: fact text, one id, other id
-- What stands around those whom a viewer serves on the respondent side (a supervisor: whom the unit
-- does; or one respondent alone). Ended rows are left out. One statement, because a supervisor's unit
-- has hundreds of respondents, and each would ask some twenty times. IN and no joins: to join, SQLite
-- first reads a whole table into a Bloom filter, 0.3 s in a city of 360,000 people, for a handful of rows.
WITH mine (person) AS (
	SELECT person FROM relation
	WHERE side = 'respondent' AND to_at IS NULL AND tie IN ('lead', 'co')
		AND (account = :account OR (unit = :unit AND :whole_unit = 1))
	UNION
	SELECT id FROM person WHERE id = :respondent
), guarded (person) AS (
	SELECT DISTINCT protected FROM opposition
	WHERE respondent IN (SELECT person FROM mine) AND to_at IS NULL
), parties (person) AS (
	SELECT person FROM guarded
	UNION
	SELECT person FROM mine
), opposed (person) AS (
	SELECT person FROM parties
	UNION
	SELECT respondent FROM opposition
	WHERE protected IN (SELECT person FROM parties) AND to_at IS NULL
), related (person, other) AS (
	SELECT person, other FROM relationship
	WHERE person IN (SELECT person FROM guarded) AND (to_day IS NULL OR to_day > :today)
	UNION
	SELECT other, person FROM relationship
	WHERE other IN (SELECT person FROM guarded) AND (to_day IS NULL OR to_day > :today)
), framed (person, family) AS (
	SELECT person, family_case FROM family_member
	WHERE to_at IS NULL AND family_case IN (
		SELECT family_case FROM family_member
		WHERE person IN (SELECT person FROM guarded) AND to_at IS NULL)
), near (person) AS (
	SELECT person FROM parties
	UNION
	SELECT other FROM related
	UNION
	SELECT person FROM framed
)
SELECT 'respondent' AS fact, person AS one, person AS other FROM mine
UNION
SELECT 'opposition', protected, respondent FROM opposition
WHERE protected IN (SELECT person FROM opposed) AND to_at IS NULL
UNION
SELECT 'relative', person, other FROM related
UNION
SELECT 'frame', person, family FROM framed
UNION
SELECT 'home', person, household FROM membership
WHERE (to_day IS NULL OR to_day > :today) AND household IN (
	SELECT household FROM membership
	WHERE person IN (SELECT person FROM near) AND (to_day IS NULL OR to_day > :today))
ORDER BY fact, one, other;

-- name: guard_respondents_against
-- in: protected id
-- many: respondent id
SELECT DISTINCT respondent FROM opposition
WHERE protected = :protected AND to_at IS NULL
ORDER BY respondent;

-- -- log ---------------------------------------------------------------------------------------

-- name: guard_log_last
-- one: leaf int64
SELECT leaf FROM audit_entry ORDER BY leaf DESC LIMIT 1;

-- name: guard_log_add
-- in: leaf int64, at int64, account id?, actor text, unit text?, purpose text?, action text,
--     object text?, outcome text, detail text?, hash bytes
INSERT INTO audit_entry
	(leaf, at, account, actor, unit, purpose, action, object, outcome, detail, hash)
VALUES (:leaf, :at, :account, :actor, :unit, :purpose, :action, :object, :outcome, :detail, :hash);

-- name: guard_log_subject_add
-- in: leaf int64, person id, classes text
INSERT INTO audit_subject (leaf, person, classes) VALUES (:leaf, :person, :classes);

-- name: guard_log_scan
-- in: from_leaf int64
-- each: leaf int64, at int64, account id?, actor text, unit text?, purpose text?, action text,
--     object text?, outcome text, detail text?, hash bytes, person id?, classes text?, number text?
SELECT e.leaf, e.at, e.account, e.actor, e.unit, e.purpose, e.action, e.object, e.outcome, e.detail,
	e.hash, s.person, s.classes, p.number
FROM audit_entry e LEFT JOIN audit_subject s ON s.leaf = e.leaf
	LEFT JOIN person p ON p.id = s.person
WHERE e.leaf >= :from_leaf
ORDER BY e.leaf, s.person NULLS FIRST;

-- name: guard_log_edges
-- one: first int64?, last int64?, first_subject int64?, last_subject int64?
SELECT (SELECT MIN(leaf) FROM audit_entry) AS first, (SELECT MAX(leaf) FROM audit_entry) AS last,
	(SELECT MIN(leaf) FROM audit_subject) AS first_subject,
	(SELECT MAX(leaf) FROM audit_subject) AS last_subject;

-- name: guard_log_rows
-- in: from_leaf int64, to_leaf int64
-- each: leaf int64, at int64, account id?, actor text, unit text?, purpose text?, action text,
--     object text?, outcome text, detail text?, hash bytes
SELECT leaf, at, account, actor, unit, purpose, action, object, outcome, detail, hash
FROM audit_entry
WHERE leaf >= :from_leaf AND leaf < :to_leaf
ORDER BY leaf;

-- name: guard_log_row_subjects
-- in: from_leaf int64, to_leaf int64
-- each: leaf int64, person id, classes text
-- case: from_leaf = 0, to_leaf = 99
SELECT leaf, person, classes FROM audit_subject
WHERE leaf >= :from_leaf AND leaf < :to_leaf
ORDER BY leaf, person;

-- name: guard_log_hashes
-- in: from_leaf int64, to_leaf int64
-- each: leaf int64, hash bytes
SELECT leaf, hash FROM audit_entry
WHERE leaf >= :from_leaf AND leaf < :to_leaf
ORDER BY leaf;

-- name: guard_log_hash
-- in: leaf int64
-- one: hash bytes
SELECT hash FROM audit_entry WHERE leaf = :leaf;

-- name: guard_checkpoint_last
-- one: size int64, root bytes, peaks bytes, at int64, note text
SELECT size, root, peaks, at, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1;

-- name: guard_checkpoints
-- many: rows of guard_checkpoint_last
SELECT size, root, peaks, at, note FROM audit_checkpoint ORDER BY size;

-- name: guard_checkpoint_get
-- in: size int64
-- one: rows of guard_checkpoint_last
SELECT size, root, peaks, at, note FROM audit_checkpoint WHERE size = :size;

-- name: guard_checkpoint_add
-- in: size int64, root bytes, peaks bytes, at int64, note text
INSERT INTO audit_checkpoint (size, root, peaks, at, note)
VALUES (:size, :root, :peaks, :at, :note);

-- name: guard_log_page
-- plan: each time
-- in: before int64, account id?, object text?, action text?, action_end text?, outcome text?,
--     from_at int64, to_at int64, most int64
-- many: leaf int64, at int64, account id?, actor text, unit text?, purpose text?, action text,
--     object text?, outcome text, detail text?, hash bytes
-- case: before = 99, from_at = 0, to_at = 9000, action = 'report.', action_end = 'report/', account = 1, object = 'RC1091201-0001-1', outcome = 'ok'
SELECT leaf, at, account, actor, unit, purpose, action, object, outcome, detail, hash
FROM audit_entry
WHERE leaf < :before AND at >= :from_at AND at < :to_at
	AND (:account IS NULL OR account = :account)
	AND (:object IS NULL OR object = :object)
	AND (:action IS NULL OR (action >= :action AND action < :action_end))
	AND (:outcome IS NULL OR outcome = :outcome)
ORDER BY leaf DESC LIMIT :most;

-- name: guard_log_page_account
-- plan: each time
-- in: account id, before int64, object text?, action text?, action_end text?, outcome text?,
--     from_at int64, to_at int64, most int64
-- many: rows of guard_log_page
-- case: before = 99, from_at = 0, to_at = 9000, action = 'report.', action_end = 'report/', account = 1, object = 'RC1091201-0001-1', outcome = 'ok'
SELECT leaf, at, account, actor, unit, purpose, action, object, outcome, detail, hash
FROM audit_entry
WHERE account = :account AND leaf < :before AND at >= :from_at AND at < :to_at
	AND (:object IS NULL OR object = :object)
	AND (:action IS NULL OR (action >= :action AND action < :action_end))
	AND (:outcome IS NULL OR outcome = :outcome)
ORDER BY leaf DESC LIMIT :most;

-- name: guard_log_page_person
-- plan: each time
-- in: person id, before int64, account id?, object text?, action text?, action_end text?,
--     outcome text?, from_at int64, to_at int64, most int64
-- many: rows of guard_log_page
-- case: person = 1, before = 99, from_at = 0, to_at = 9000, action = 'report.', action_end = 'report/', account = 1, object = 'RC1091201-0001-1', outcome = 'ok'
SELECT e.leaf, e.at, e.account, e.actor, e.unit, e.purpose, e.action, e.object, e.outcome,
	e.detail, e.hash
FROM audit_subject s JOIN audit_entry e ON e.leaf = s.leaf
WHERE s.person = :person AND s.leaf < :before AND e.at >= :from_at AND e.at < :to_at
	AND (:account IS NULL OR e.account = :account)
	AND (:object IS NULL OR e.object = :object)
	AND (:action IS NULL OR (e.action >= :action AND e.action < :action_end))
	AND (:outcome IS NULL OR e.outcome = :outcome)
ORDER BY s.leaf DESC LIMIT :most;

-- name: guard_log_subjects
-- in: leaf int64
-- many: person id, classes text, number text?
SELECT s.person, s.classes, p.number
FROM audit_subject s LEFT JOIN person p ON p.id = s.person
WHERE s.leaf = :leaf ORDER BY s.person;

-- name: guard_log_looks
-- in: person id, since int64, from_leaf int64
-- one: looks int64, accounts int64
SELECT COUNT(*) AS looks, COUNT(DISTINCT e.account) AS accounts
FROM audit_subject s JOIN audit_entry e ON e.leaf = s.leaf
WHERE s.person = :person AND s.leaf >= :from_leaf AND e.at >= :since AND e.account IS NOT NULL;

-- name: guard_log_seen
-- in: account id, since int64, from_leaf int64
-- one: entries int64, people int64
SELECT COUNT(DISTINCT e.leaf) AS entries, COUNT(DISTINCT s.person) AS people
FROM audit_entry e LEFT JOIN audit_subject s ON s.leaf = e.leaf
WHERE e.account = :account AND e.leaf >= :from_leaf AND e.at >= :since;

-- name: guard_checkpoint_before
-- in: at int64
-- one: size int64
-- case: at = 9000
-- How many entries were signed at an instant, by the real clock: those before them are older.
SELECT size FROM audit_checkpoint WHERE at <= :at ORDER BY at DESC, size DESC LIMIT 1;

-- -- accounts ----------------------------------------------------------------------------------

-- name: guard_account_add
-- in: id id, login text, name text, title text, unit text, roles text, extension text?,
--     password text, password_until int64?, valid_until day?, created_at int64
INSERT INTO account (id, login, name, title, unit, roles, extension, password, password_until,
	failed_count, locked_until, disabled_at, valid_until, used_at, created_at)
VALUES (:id, :login, :name, :title, :unit, :roles, :extension, :password, :password_until, 0, NULL,
	NULL, :valid_until, :created_at, :created_at);

-- name: guard_account_get
-- in: id id
-- one: id id, login text, name text, title text, unit text, roles text, extension text?,
--     failed_count int64, locked_until int64?, disabled_at int64?, password_until int64?,
--     valid_until day?, used_at int64?, created_at int64
SELECT id, login, name, title, unit, roles, extension, failed_count, locked_until, disabled_at,
	password_until, valid_until, used_at, created_at
FROM account WHERE id = :id;

-- name: guard_account_by_login
-- in: login text
-- one: rows of guard_account_get
SELECT id, login, name, title, unit, roles, extension, failed_count, locked_until, disabled_at,
	password_until, valid_until, used_at, created_at
FROM account WHERE login = :login;

-- name: guard_account_list
-- in: unit text?
-- many: rows of guard_account_get
SELECT id, login, name, title, unit, roles, extension, failed_count, locked_until, disabled_at,
	password_until, valid_until, used_at, created_at
FROM account WHERE :unit IS NULL OR unit = :unit
ORDER BY unit, login;

-- name: guard_account_password
-- in: id id
-- one: password text
SELECT password FROM account WHERE id = :id;

-- name: guard_account_tried
-- in: id id, failed_count int64, locked_until int64?
UPDATE account SET failed_count = :failed_count, locked_until = :locked_until WHERE id = :id;

-- name: guard_account_disable
-- in: id id, disabled_at int64
-- changed
UPDATE account SET disabled_at = :disabled_at WHERE id = :id;

-- name: guard_account_enable
-- in: id id, used_at int64
-- changed
UPDATE account SET disabled_at = NULL, used_at = :used_at WHERE id = :id;

-- name: guard_account_used
-- in: id id, used_at int64
UPDATE account SET used_at = :used_at WHERE id = :id;

-- name: guard_accounts_begin
-- in: used_at int64
-- case: used_at = 9000
-- Those of which it is not known count from now.
UPDATE account SET used_at = :used_at WHERE used_at IS NULL;

-- name: guard_accounts_idle
-- in: before int64
-- case: before = 3000
-- many: id id, login text
-- Nobody, when nobody at all was here since: then it is the clock that is wrong, or the city stood still.
SELECT id, login FROM account
WHERE disabled_at IS NULL AND used_at <= :before
	AND EXISTS (SELECT 1 FROM account o WHERE o.disabled_at IS NULL AND o.used_at > :before)
ORDER BY id;

-- name: guard_account_until
-- in: id id, valid_until day?
-- changed
UPDATE account SET valid_until = :valid_until WHERE id = :id;

-- name: guard_account_reset
-- in: id id, password text, password_until int64?, used_at int64
-- changed
-- What was handed over is not kept among the earlier ones.
UPDATE account SET
	earlier_3 = CASE WHEN password_until IS NULL THEN earlier_2 ELSE earlier_3 END,
	earlier_2 = CASE WHEN password_until IS NULL THEN earlier_1 ELSE earlier_2 END,
	earlier_1 = CASE WHEN password_until IS NULL THEN password ELSE earlier_1 END,
	password = :password, password_until = :password_until, failed_count = 0,
	locked_until = NULL, used_at = :used_at
WHERE id = :id;

-- name: guard_account_earlier
-- in: id id
-- one: earlier_1 text?, earlier_2 text?, earlier_3 text?
SELECT earlier_1, earlier_2, earlier_3 FROM account WHERE id = :id;

-- name: guard_session_add
-- in: token_hash bytes, account id, purpose text, csrf bytes, created_at int64, factor_at int64?,
--     place text?, system text?, browser text?
INSERT INTO session (token_hash, account, purpose, csrf, created_at, seen_at, ended_at, proved_at,
	factor_at, place, system, browser)
VALUES (:token_hash, :account, :purpose, :csrf, :created_at, :created_at, NULL, :created_at,
	:factor_at, :place, :system, :browser);

-- name: guard_sessions_open
-- in: account id, seen_after int64, created_after int64
-- case: seen_after = 0, created_after = 0
-- many: token_hash bytes, created_at int64, seen_at int64, factor_at int64?, place text?,
--     system text?, browser text?
SELECT token_hash, created_at, seen_at, factor_at, place, system, browser FROM session
WHERE account = :account AND ended_at IS NULL AND seen_at > :seen_after
	AND created_at > :created_after
ORDER BY seen_at DESC, token_hash;

-- name: guard_sessions_forget
-- in: account id, before int64
-- case: before = 9000
-- Of those that are over for long nothing is left but the log.
DELETE FROM session WHERE account = :account AND created_at < :before;

-- name: guard_session_find
-- in: token_hash bytes
-- one: account id, purpose text, csrf bytes, created_at int64, seen_at int64, ended_at int64?,
--     proved_at int64?, factor_at int64?, confirmed_at int64?
-- With when its account's second factor was confirmed.
SELECT s.account, s.purpose, s.csrf, s.created_at, s.seen_at, s.ended_at, s.proved_at, s.factor_at,
	f.confirmed_at
FROM session s LEFT JOIN second_factor f ON f.account = s.account
WHERE s.token_hash = :token_hash;

-- What the log says of an account at the login, newest first.
-- name: guard_signins
-- in: object text, row_limit int64
-- case: object = 'hsu'
-- many: leaf int64, at int64, account id?, action text, detail text?
SELECT leaf, at, account, action, detail FROM audit_entry
WHERE object = :object AND action IN ('login.ok', 'factor.ok')
ORDER BY leaf DESC LIMIT :row_limit;

-- name: guard_signin_tries
-- in: object text, row_limit int64
-- case: object = 'hsu'
-- many: rows of guard_signins
SELECT leaf, at, account, action, detail FROM audit_entry
WHERE object = :object AND action IN ('login.failed', 'factor.failed')
ORDER BY leaf DESC LIMIT :row_limit;

-- name: guard_signin_changes
-- in: object text, row_limit int64
-- case: object = 'hsu'
-- many: rows of guard_signins
SELECT leaf, at, account, action, detail FROM audit_entry
WHERE object = :object AND outcome = 'ok' AND action IN ('account.password', 'user.reset',
	'factor.confirm', 'factor.codes', 'factor.remove', 'factor.reset', 'account.disable',
	'user.disable', 'account.enable', 'user.enable', 'account.until', 'user.until',
	'account.idle')
ORDER BY leaf DESC LIMIT :row_limit;

-- name: guard_session_proved
-- in: token_hash bytes, proved_at int64, factor_at int64?
UPDATE session SET proved_at = :proved_at, factor_at = :factor_at WHERE token_hash = :token_hash;

-- name: guard_sessions_end_others
-- in: account id, token_hash bytes, ended_at int64
-- case: account = 1, token_hash = x'00'
UPDATE session SET ended_at = :ended_at
WHERE account = :account AND token_hash <> :token_hash AND ended_at IS NULL;

-- name: guard_session_touch
-- in: token_hash bytes, seen_at int64
-- case: seen_at = 9000
UPDATE session SET seen_at = :seen_at WHERE token_hash = :token_hash AND seen_at < :seen_at;

-- name: guard_session_purpose
-- in: token_hash bytes, purpose text
UPDATE session SET purpose = :purpose WHERE token_hash = :token_hash;

-- name: guard_session_end
-- in: token_hash bytes, ended_at int64
UPDATE session SET ended_at = :ended_at WHERE token_hash = :token_hash AND ended_at IS NULL;

-- name: guard_sessions_end
-- in: account id, ended_at int64
UPDATE session SET ended_at = :ended_at WHERE account = :account AND ended_at IS NULL;

-- name: guard_token_add
-- in: token_hash bytes, sender text, unit text, created_at int64
INSERT INTO api_token (token_hash, sender, unit, created_at, disabled_at)
VALUES (:token_hash, :sender, :unit, :created_at, NULL);

-- name: guard_token_disable
-- in: sender text, disabled_at int64
-- changed
UPDATE api_token SET disabled_at = :disabled_at WHERE sender = :sender AND disabled_at IS NULL;

-- name: guard_token_find
-- in: token_hash bytes
-- one: sender text, unit text, created_at int64, disabled_at int64?
SELECT sender, unit, created_at, disabled_at FROM api_token WHERE token_hash = :token_hash;

-- name: guard_token_list
-- many: rows of guard_token_find
SELECT sender, unit, created_at, disabled_at FROM api_token ORDER BY sender, created_at, token_hash;
