-- city/person - extracts, records, links, what could not be read.

-- name: extract_insert
-- in: id id, register_code text, extract_day day, file text, sha256 text, loaded_at int64, loaded_by id?
INSERT INTO extract (id, register, extract_day, file, sha256, row_count, new_count, changed_count,
	same_count, quarantined_count, loaded_at, loaded_by)
VALUES (:id, :register_code, :extract_day, :file, :sha256, 0, 0, 0, 0, 0, :loaded_at, :loaded_by);

-- A file that comes in pieces goes on with its own extract.
-- name: extract_going_on
-- in: id id, register_code text
-- one: id id
SELECT id FROM extract WHERE id = :id AND register = :register_code;

-- name: extract_count
-- changed
-- in: id id, rows int64, fresh int64, changed int64, same int64, quarantined int64
UPDATE extract SET row_count = row_count + :rows, new_count = new_count + :fresh,
	changed_count = changed_count + :changed, same_count = same_count + :same,
	quarantined_count = quarantined_count + :quarantined
WHERE id = :id;

-- name: extract_latest
-- many: register_code text, extract_day day
SELECT register AS register_code, max(extract_day) AS extract_day FROM extract GROUP BY register
ORDER BY register;

-- name: record_by_source
-- in: register_code text, source_id text
-- one: id id, key id, version int64, digest bytes
SELECT id, key, version, digest FROM register_record
WHERE register = :register_code AND source_id = :source_id;

-- name: record_insert
-- in: id id, register_code text, source_id text, extract id, key id, sealed bytes, digest bytes, status text, unit text?, from_day day?, to_day day?
INSERT INTO register_record (id, register, source_id, extract, key, sealed, version, digest, status,
	unit, from_day, to_day)
VALUES (:id, :register_code, :source_id, :extract, :key, :sealed, 1, :digest, :status, :unit, :from_day,
	:to_day);

-- name: record_update
-- changed
-- in: id id, version int64, extract id, sealed bytes, digest bytes, status text, unit text?, from_day day?, to_day day?
UPDATE register_record SET extract = :extract, sealed = :sealed, version = version + 1,
	digest = :digest, status = :status, unit = :unit, from_day = :from_day, to_day = :to_day
WHERE id = :id AND version = :version;

-- name: record_get
-- in: id id
-- one: register_code text, key id, sealed bytes, version int64
SELECT register AS register_code, key, sealed, version FROM register_record WHERE id = :id;

-- name: record_about
-- in: id id
-- one: status text, unit text?, extract_day day
SELECT r.status, r.unit, e.extract_day FROM register_record r JOIN extract e ON e.id = r.extract
WHERE r.id = :id;

-- name: record_count
-- in: register_code text
-- one: records int64
SELECT count(*) AS records FROM register_record WHERE register = :register_code;

-- name: records_of_person
-- in: person id
-- many: link id, state text, register_code text, record id, key id, sealed bytes, version int64, status text, unit text?, from_day day?, to_day day?
SELECT l.id AS link, l.state, r.register AS register_code, r.id AS record, r.key, r.sealed, r.version, r.status,
	r.unit, r.from_day, r.to_day
FROM identity_link l JOIN register_record r ON r.id = l.record
WHERE l.person = :person AND l.state <> 'rejected' AND l.undone_at IS NULL
ORDER BY r.register, r.from_day DESC NULLS LAST, r.id DESC;

-- name: quarantine_insert
-- in: id id, extract id, line int64, reason text, key id, sealed bytes
INSERT INTO quarantine (id, extract, line, reason, key, sealed)
VALUES (:id, :extract, :line, :reason, :key, :sealed);

-- name: quarantine_of
-- in: extract id
-- many: id id, line int64, reason text, key id, sealed bytes
SELECT id, line, reason, key, sealed FROM quarantine WHERE extract = :extract ORDER BY line, id;

-- name: link_insert
-- in: id id, record id, register_code text, person id, state text, probability_ppm int64, levels text, decided_at int64, decided_by id?, reason text?, key id?, words bytes?, restores id?
INSERT INTO identity_link (id, record, register, person, state, probability_ppm, levels, decided_at,
	decided_by, reason, key, words, restores)
VALUES (:id, :record, :register_code, :person, :state, :probability_ppm, :levels, :decided_at,
	:decided_by, :reason, :key, :words, :restores);

-- name: link_get
-- in: id id
-- one: id id, record id, register_code text, person id, state text, probability_ppm int64, levels text, decided_at int64, decided_by id?, reason text?, key id?, words bytes?, undone_at int64?, restores id?
SELECT id, record, register AS register_code, person, state, probability_ppm, levels, decided_at, decided_by,
	reason, key, words, undone_at, restores
FROM identity_link WHERE id = :id;

-- name: links_replaced
-- in: link id
-- many: id id, record id, register_code text, person id, state text, probability_ppm int64, levels text, decided_at int64, decided_by id?, reason text?, key id?, words bytes?
-- case: link = 1
-- What a decision took the place of.
SELECT id, record, register AS register_code, person, state, probability_ppm, levels, decided_at, decided_by,
	reason, key, words
FROM identity_link WHERE undone_by_link = :link ORDER BY id;

-- name: links_history
-- in: person id
-- many: id id, record id, register_code text, person id, state text, probability_ppm int64, levels text, decided_at int64, decided_by id?, decider text?, reason text?, key id?, words bytes?, undone_at int64?, undoer text?, restores id?
-- Every link that a person ever had, those undone too, by record, newest first.
SELECT l.id, l.record, l.register AS register_code, l.person, l.state, l.probability_ppm, l.levels,
	l.decided_at, l.decided_by, a.name AS decider, l.reason, l.key, l.words, l.undone_at,
	u.name AS undoer, l.restores
FROM identity_link l LEFT JOIN account a ON a.id = l.decided_by LEFT JOIN account u ON u.id = l.undone_by
WHERE l.person = :person ORDER BY l.register, l.record, l.id DESC;

-- name: link_last_of
-- in: account id, since int64
-- one: id id, record id, person id, state text, register_code text, decided_at int64
-- case: account = 1, since = 0
-- What somebody decided last and nobody has undone.
SELECT id, record, person, state, register AS register_code, decided_at FROM identity_link
WHERE decided_by = :account AND undone_at IS NULL AND decided_at >= :since
ORDER BY decided_at DESC, id DESC LIMIT 1;

-- name: person_key_of
-- in: person id
-- one: key id
SELECT key FROM person WHERE id = :person;

-- name: link_doubt_insert
-- in: id id, link id, account id, at int64, key id, words bytes?
INSERT INTO link_doubt (id, link, account, at, key, words)
VALUES (:id, :link, :account, :at, :key, :words);

-- name: link_doubts
-- in: link id
-- many: id id, name text, at int64, key id, words bytes?
SELECT d.id, a.name, d.at, d.key, d.words FROM link_doubt d JOIN account a ON a.id = d.account
WHERE d.link = :link ORDER BY d.at DESC, d.id DESC;

-- name: links_of_person
-- in: person id
-- many: id id, record id, register_code text, person id, state text, probability_ppm int64, levels text, decided_at int64, decided_by id?
SELECT id, record, register AS register_code, person, state, probability_ppm, levels, decided_at, decided_by
FROM identity_link
WHERE person = :person AND state <> 'rejected' AND undone_at IS NULL
ORDER BY register, decided_at DESC, id DESC;

-- name: links_waiting
-- in: most int64
-- many: rows of links_of_person
SELECT id, record, register AS register_code, person, state, probability_ppm, levels, decided_at, decided_by
FROM identity_link WHERE state = 'proposed' AND undone_at IS NULL
ORDER BY probability_ppm, id LIMIT :most;

-- name: links_waiting_count
-- one: links int64
SELECT count(*) AS links FROM identity_link WHERE state = 'proposed' AND undone_at IS NULL;

-- name: links_of_record
-- in: record id
-- many: id id, person id, state text, decided_by id?
SELECT id, person, state, decided_by FROM identity_link
WHERE record = :record AND undone_at IS NULL ORDER BY id;

-- name: link_undo
-- changed
-- in: id id, undone_at int64, undone_by id?, undone_by_link id?
UPDATE identity_link SET undone_at = :undone_at, undone_by = :undone_by,
	undone_by_link = :undone_by_link
WHERE id = :id AND undone_at IS NULL;
