-- Statements of guard/unusual: looks that need an explanation, and what the auditors are told of them.

-- name: unusual_stray_looks
-- in: from_leaf int64, to_leaf int64, offset_ms int64, lasts_ms int64
-- many: leaf int64, at int64, account id, person id
-- case: empty
-- Looks at the page of somebody nobody of which the viewer's unit has to do with. Ties are in business
-- time, which is the log's and offset_ms.
SELECT e.leaf, e.at, e.account, p.id AS person
FROM audit_entry e JOIN person p ON p.number = e.object
	JOIN audit_subject o ON o.leaf = e.leaf AND o.person = p.id
WHERE e.leaf >= :from_leaf AND e.leaf < :to_leaf AND e.account IS NOT NULL
	AND e.outcome = 'ok' AND (e.purpose IS NULL OR e.purpose <> 'audit')
	AND NOT EXISTS (SELECT 1 FROM audit_subject s JOIN relation r ON r.person = s.person
		WHERE s.leaf = e.leaf AND (r.unit = e.unit OR r.account = e.account)
			AND r.from_at <= e.at + :offset_ms
			AND (r.to_at IS NULL OR r.to_at > e.at + :offset_ms - :lasts_ms))
ORDER BY e.leaf;

-- name: unusual_stray_refusals
-- in: from_leaf int64, to_leaf int64
-- many: leaf int64, at int64, account id
-- case: empty
SELECT leaf, at, account FROM audit_entry
WHERE leaf >= :from_leaf AND leaf < :to_leaf AND account IS NOT NULL AND outcome = 'denied'
ORDER BY leaf;

-- name: unusual_stray_add
-- in: leaf int64, at int64, account id, person id?
-- case: leaf = 77
INSERT INTO audit_stray (leaf, at, account, person) VALUES (:leaf, :at, :account, :person);

-- name: unusual_strays_of
-- in: account id, from_at int64, to_leaf int64
-- many: leaf int64, at int64, account id, person id?
-- case: from_at = 0, to_leaf = 99
SELECT leaf, at, account, person FROM audit_stray
WHERE account = :account AND at >= :from_at AND leaf <= :to_leaf
ORDER BY leaf;

-- name: unusual_strays_at
-- in: person id, from_at int64, to_leaf int64
-- many: rows of unusual_strays_of
-- case: from_at = 0, to_leaf = 99
SELECT leaf, at, account, person FROM audit_stray
WHERE person = :person AND at >= :from_at AND leaf <= :to_leaf
ORDER BY leaf;

-- name: unusual_notice_add
-- in: number int64, rule text, account id?, person id?, first_leaf int64, last_leaf int64,
--     first_at int64, last_at int64, looks int64, counted int64, raised_at int64
-- case: number = 77
INSERT INTO notice (number, rule, account, person, first_leaf, last_leaf, first_at, last_at, looks,
	counted, raised_at, answered_at, answered_by, finding)
VALUES (:number, :rule, :account, :person, :first_leaf, :last_leaf, :first_at, :last_at, :looks,
	:counted, :raised_at, NULL, NULL, NULL);

-- name: unusual_notice_find
-- in: rule text, account id?, person id?, since int64
-- one: number int64
-- case: since = 0
SELECT number FROM notice
WHERE rule = :rule AND COALESCE(account, 0) = COALESCE(:account, 0)
	AND COALESCE(person, 0) = COALESCE(:person, 0) AND last_at >= :since AND answered_at IS NULL
ORDER BY number DESC LIMIT 1;

-- name: unusual_notice_grow
-- in: number int64, last_leaf int64, last_at int64, counted int64
UPDATE notice SET last_leaf = :last_leaf, last_at = :last_at, looks = looks + 1,
	counted = CASE WHEN counted < :counted THEN :counted ELSE counted END
WHERE number = :number;

-- name: unusual_notices_open
-- in: most int64
-- many: number int64, rule text, account id?, person id?, person_number text?, first_leaf int64,
--     last_leaf int64, first_at int64, last_at int64, looks int64, counted int64, raised_at int64,
--     answered_at int64?, answered_by id?, finding text?
SELECT n.number, n.rule, n.account, n.person, p.number AS person_number, n.first_leaf, n.last_leaf,
	n.first_at, n.last_at, n.looks, n.counted, n.raised_at, n.answered_at, n.answered_by, n.finding
FROM notice n LEFT JOIN person p ON p.id = n.person
WHERE n.answered_at IS NULL
ORDER BY n.number LIMIT :most;

-- name: unusual_notices_answered
-- in: most int64
-- many: rows of unusual_notices_open
SELECT n.number, n.rule, n.account, n.person, p.number AS person_number, n.first_leaf, n.last_leaf,
	n.first_at, n.last_at, n.looks, n.counted, n.raised_at, n.answered_at, n.answered_by, n.finding
FROM notice n LEFT JOIN person p ON p.id = n.person
WHERE n.answered_at IS NOT NULL
ORDER BY n.number DESC LIMIT :most;

-- name: unusual_notice_state
-- in: number int64
-- one: answered_at int64?
SELECT answered_at FROM notice WHERE number = :number;

-- name: unusual_notice_answer
-- in: number int64, answered_at int64, answered_by id?, finding text
UPDATE notice SET answered_at = :answered_at, answered_by = :answered_by, finding = :finding
WHERE number = :number;
