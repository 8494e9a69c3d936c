-- city/person - people, households, relationships, the involvement ledger.

-- name: person_count
-- one: people int64
SELECT count(*) AS people FROM person;

-- name: person_scan
-- each: id id, key id, sealed bytes, version int64, epoch int64, wrapped bytes
SELECT p.id, p.key, p.sealed, p.version, k.epoch, k.wrapped
FROM person p JOIN data_key k ON k.id = p.key ORDER BY p.id;

-- name: person_scan_one
-- in: id id
-- one: rows of person_scan
SELECT p.id, p.key, p.sealed, p.version, k.epoch, k.wrapped
FROM person p JOIN data_key k ON k.id = p.key WHERE p.id = :id;

-- name: person_insert
-- in: id id, number text, key id, sealed bytes, sex text?, birth_year int64?, district text?, source text, recorded_at int64, recorded_by id?
INSERT INTO person (id, number, key, sealed, version, sex, birth_year, district, source, recorded_at,
	recorded_by)
VALUES (:id, :number, :key, :sealed, 1, :sex, :birth_year, :district, :source, :recorded_at,
	:recorded_by);

-- name: person_get
-- in: id id
-- one: id id, number text, key id, sealed bytes, version int64, district text?, source text, recorded_at int64
SELECT id, number, key, sealed, version, district, source, recorded_at FROM person WHERE id = :id;

-- name: person_by_number
-- in: number text
-- one: id id
SELECT id FROM person WHERE number = :number;

-- name: person_superseded_insert
-- in: person id, version int64, superseded_at int64, superseded_by id?
-- case: person = 1, version = 1
INSERT INTO person_superseded (person, version, sealed, superseded_at, superseded_by)
SELECT id, version, sealed, :superseded_at, :superseded_by FROM person
WHERE id = :person AND version = :version;

-- name: person_update
-- changed
-- in: id id, version int64, sealed bytes, sex text?, birth_year int64?, district text?, recorded_at int64, recorded_by id?
UPDATE person SET sealed = :sealed, version = version + 1, sex = :sex, birth_year = :birth_year,
	district = :district, recorded_at = :recorded_at, recorded_by = :recorded_by
WHERE id = :id AND version = :version;

-- name: household_insert
-- in: id id, number text, district text?, village text?, recorded_at int64
INSERT INTO household (id, number, district, village, recorded_at)
VALUES (:id, :number, :district, :village, :recorded_at);

-- name: membership_insert
-- in: id id, household id, person id, role text, from_day day?
INSERT INTO membership (id, household, person, role, from_day)
VALUES (:id, :household, :person, :role, :from_day);

-- name: membership_end
-- changed
-- in: household id, person id, to_day day
UPDATE membership SET to_day = :to_day
WHERE household = :household AND person = :person AND to_day IS NULL;

-- name: household_of
-- in: person id, day day
-- one: id id, number text, district text?, village text?
SELECT h.id, h.number, h.district, h.village
FROM membership m JOIN household h ON h.id = m.household
WHERE m.person = :person AND (m.from_day IS NULL OR m.from_day <= :day)
	AND (m.to_day IS NULL OR m.to_day >= :day)
ORDER BY m.from_day DESC NULLS LAST, m.id DESC LIMIT 1;

-- name: household_members
-- in: household id, day day
-- many: person id, role text, from_day day?, to_day day?
SELECT person, role, from_day, to_day FROM membership
WHERE household = :household AND (from_day IS NULL OR from_day <= :day)
	AND (to_day IS NULL OR to_day >= :day)
ORDER BY id;

-- name: relationship_insert
-- in: id id, person id, other id, kind text, source text, from_day day?, recorded_at int64, recorded_by id?
INSERT INTO relationship (id, person, other, kind, source, from_day, recorded_at, recorded_by)
VALUES (:id, :person, :other, :kind, :source, :from_day, :recorded_at, :recorded_by);

-- name: relationships_of
-- in: person id
-- many: person id, other id, kind text, source text, from_day day?, to_day day?
SELECT person, other, kind, source, from_day, to_day FROM relationship
WHERE person = :person OR other = :person ORDER BY id;

-- name: involvement_insert
-- in: id id, person id, kind text, detail text, role text, unit text?, account id?, reference id, number text, from_at int64, to_at int64?
INSERT INTO involvement (id, person, kind, detail, role, unit, account, reference, number, from_at,
	to_at)
VALUES (:id, :person, :kind, :detail, :role, :unit, :account, :reference, :number, :from_at,
	:to_at);

-- name: involvement_end
-- changed
-- in: reference id, at int64
UPDATE involvement SET to_at = :at WHERE reference = :reference AND to_at IS NULL;

-- name: involvement_end_person
-- changed
-- in: reference id, person id, at int64
UPDATE involvement SET to_at = :at
WHERE reference = :reference AND person = :person AND to_at IS NULL;

-- name: involvement_assign
-- changed
-- in: reference id, unit text?, account id?
UPDATE involvement SET unit = :unit, account = :account
WHERE reference = :reference AND to_at IS NULL;

-- name: involvement_of
-- in: person id, since_at int64
-- many: person id, kind text, detail text, role text, unit text?, account id?, reference id, number text, from_at int64, to_at int64?
SELECT person, kind, detail, role, unit, account, reference, number, from_at, to_at
FROM involvement
WHERE person = :person AND (from_at >= :since_at OR to_at IS NULL)
ORDER BY from_at DESC, id DESC;
