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
