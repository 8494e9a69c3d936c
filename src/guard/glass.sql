-- Statements of emergency access.

-- name: glass_add
-- in: id id, number text, account id, unit text, person id, reason text, key id, sealed bytes,
--     opened_at int64, until_at int64, review_due_at int64
INSERT INTO break_glass (id, number, account, unit, person, reason, key, sealed, opened_at, until_at,
	review_due_at, reviewed_at, reviewed_by, justified, review_sealed)
VALUES (:id, :number, :account, :unit, :person, :reason, :key, :sealed, :opened_at, :until_at,
	:review_due_at, NULL, NULL, NULL, NULL);

-- name: glass_key_of
-- in: person id
-- one: key id
SELECT key FROM person WHERE id = :person;

-- name: glass_open_of
-- in: account id, moment int64
-- many: number text, person id, until_at int64, person_number text
-- case: account = 1, moment = 5
-- What an account has open now.
SELECT b.number, b.person, b.until_at, p.number AS person_number
FROM break_glass b JOIN person p ON p.id = b.person
WHERE b.account = :account AND b.until_at > :moment
ORDER BY b.until_at, b.id;

-- name: glass_find
-- in: number text
-- one: id id, number text, account id, login text, name text, title text, unit text, person id,
--     person_number text, reason text, key id, sealed bytes, opened_at int64, until_at int64,
--     review_due_at int64, reviewed_at int64?, reviewed_by id?, reviewer text?, justified flag?,
--     review_sealed bytes?
SELECT b.id, b.number, b.account, a.login, a.name, a.title, b.unit, b.person,
	p.number AS person_number, b.reason, b.key, b.sealed, b.opened_at, b.until_at,
	b.review_due_at, b.reviewed_at, b.reviewed_by, r.name AS reviewer, b.justified,
	b.review_sealed
FROM break_glass b JOIN account a ON a.id = b.account JOIN person p ON p.id = b.person
	LEFT JOIN account r ON r.id = b.reviewed_by
WHERE b.number = :number;

-- name: glass_list
-- in: account id?, unit text?, except_account id?, most int64
-- many: rows of glass_find
-- case: account = 1, unit = 'dv_center', except_account = 2, most = 9
-- What waits for review first, by when it is due; then the newest.
SELECT b.id, b.number, b.account, a.login, a.name, a.title, b.unit, b.person,
	p.number AS person_number, b.reason, b.key, b.sealed, b.opened_at, b.until_at,
	b.review_due_at, b.reviewed_at, b.reviewed_by, r.name AS reviewer, b.justified,
	b.review_sealed
FROM break_glass b JOIN account a ON a.id = b.account JOIN person p ON p.id = b.person
	LEFT JOIN account r ON r.id = b.reviewed_by
WHERE (:account IS NULL OR b.account = :account) AND (:unit IS NULL OR b.unit = :unit)
	AND (:except_account IS NULL OR b.account <> :except_account)
ORDER BY CASE WHEN b.reviewed_at IS NULL THEN 0 ELSE 1 END,
	CASE WHEN b.reviewed_at IS NULL THEN b.review_due_at ELSE -b.opened_at END, b.id
LIMIT :most;

-- name: glass_counts
-- in: unit text?, except_account id, moment int64
-- one: waiting int64, overdue int64
-- case: unit = 'dv_center', except_account = 2, moment = 99999
SELECT COUNT(*) AS waiting,
	COALESCE(SUM(CASE WHEN review_due_at < :moment THEN 1 ELSE 0 END), 0) AS overdue
FROM break_glass
WHERE reviewed_at IS NULL AND (:unit IS NULL OR unit = :unit) AND account <> :except_account;

-- name: glass_end
-- in: id id, moment int64
-- changed
-- case: id = 1, moment = 5
UPDATE break_glass SET until_at = :moment WHERE id = :id AND until_at > :moment;

-- name: glass_review
-- in: id id, reviewed_at int64, reviewed_by id, justified flag, review_sealed bytes
-- changed
UPDATE break_glass SET reviewed_at = :reviewed_at, reviewed_by = :reviewed_by,
	justified = :justified, review_sealed = :review_sealed
WHERE id = :id AND reviewed_at IS NULL;
