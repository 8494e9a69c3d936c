-- city/triage - decisions as they were made.

-- name: decision_insert
-- in: id id, report id, issue id?, release text, model text, kind text, scale text?, level text?, child_class text?, priority text, immediate flag, lead_type text, sealed bytes, made_at int64, made_by id?, reason text?
INSERT INTO decision (id, report, issue, release, model, kind, scale, level, child_class, priority,
	immediate, lead_type, sealed, made_at, made_by, reason)
VALUES (:id, :report, :issue, :release, :model, :kind, :scale, :level, :child_class, :priority,
	:immediate, :lead_type, :sealed, :made_at, :made_by, :reason);

-- name: decision_in_force
-- in: report id, issue id
-- one: id id, report id, issue id?, release text, kind text, scale text?, level text?, child_class text?, priority text, immediate flag, lead_type text, sealed bytes, made_at int64, made_by id?, reason text?
SELECT id, report, issue, release, kind, scale, level, child_class, priority, immediate, lead_type,
	sealed, made_at, made_by, reason
FROM decision
WHERE report = :report AND COALESCE(issue, 0) = :issue AND superseded_at IS NULL
ORDER BY made_at DESC, id DESC LIMIT 1;

-- name: decision_get
-- in: id id
-- one: id id, report id, issue id?, superseded_at int64?
SELECT id, report, issue, superseded_at FROM decision WHERE id = :id;

-- name: decision_supersede
-- in: report id, issue id, superseded_at int64
UPDATE decision SET superseded_at = :superseded_at
WHERE report = :report AND COALESCE(issue, 0) = :issue AND superseded_at IS NULL;

-- What the program decided last of each report and issue, with the key that opens it.
-- name: decision_replay
-- in: from_day day, to_day day
-- case: from_day = 18597, to_day = 18598
-- each: number text, district text?, received_at int64, received_day day, id id, kind text, scale text?, level text?, child_class text?, priority text, lead_type text, sealed bytes, key id, epoch int64, wrapped bytes
SELECT r.number, r.district, r.received_at, r.received_day, d.id, d.kind, d.scale,
	d.level, d.child_class, d.priority, d.lead_type, d.sealed, r.key, k.epoch, k.wrapped
FROM report r
JOIN decision d ON d.report = r.id
JOIN data_key k ON k.id = r.key
WHERE r.received_day BETWEEN :from_day AND :to_day AND d.made_by IS NULL
	AND NOT EXISTS (SELECT 1 FROM decision n
		WHERE n.report = d.report AND COALESCE(n.issue, 0) = COALESCE(d.issue, 0)
			AND n.made_by IS NULL
			AND (n.made_at > d.made_at OR (n.made_at = d.made_at AND n.id > d.id)))
ORDER BY r.received_day, r.id, d.id;

-- The same with what people made of it: their decision that stands instead, and the unit that they put
-- in the lead before it was sent.
-- name: decision_made
-- in: from_day day, to_day day
-- case: from_day = 18597, to_day = 18598
-- each: number text, district text?, received_at int64, received_day day, id id, kind text, scale text?, level text?, child_class text?, priority text, lead_type text, sealed bytes, key id, epoch int64, wrapped bytes, level_now text?, class_now text?, priority_now text?, reason text?, changed_at int64?, lead_unit text?, lead_reason text?
SELECT r.number, r.district, r.received_at, r.received_day, d.id, d.kind, d.scale, d.level,
	d.child_class, d.priority, d.lead_type, d.sealed, r.key, k.epoch, k.wrapped,
	n.level AS level_now, n.child_class AS class_now, n.priority AS priority_now, n.reason,
	n.made_at AS changed_at,
	(SELECT MAX(p.unit) FROM dispatch p
		WHERE p.report = r.id AND p.role = 'lead' AND p.basis = 'edited'
			AND p.state <> 'withdrawn') AS lead_unit,
	(SELECT e.code FROM dispatch_event e WHERE e.report = r.id AND e.kind = 'edited'
		ORDER BY e.at DESC, e.id DESC LIMIT 1) AS lead_reason
FROM report r
JOIN decision d ON d.report = r.id
JOIN data_key k ON k.id = r.key
LEFT JOIN decision n ON n.report = d.report AND COALESCE(n.issue, 0) = COALESCE(d.issue, 0)
	AND n.made_by IS NOT NULL AND n.superseded_at IS NULL
WHERE r.received_day BETWEEN :from_day AND :to_day AND d.made_by IS NULL
	AND NOT EXISTS (SELECT 1 FROM decision m
		WHERE m.report = d.report AND COALESCE(m.issue, 0) = COALESCE(d.issue, 0)
			AND m.made_by IS NULL
			AND (m.made_at > d.made_at OR (m.made_at = d.made_at AND m.id > d.id)))
ORDER BY r.received_day, r.id, d.id;
