-- city/desk - what waits for one person: read across the rooms to the left.

-- Dispatches that were assigned to a worker and are not finished.
-- name: desk_assigned
-- in: worker id
-- many: id id, report id, number text, kind text, unit text, role text, task text, received_at int64, first_contact_due_at int64?, assigned_at int64?, contacted_at int64?, acknowledged_at int64?, assessed int64
SELECT d.id, d.report, r.number, r.kind, d.unit, d.role, d.task, r.received_at,
	d.first_contact_due_at, d.assigned_at,
	(SELECT min(e.at) FROM dispatch_event e WHERE e.dispatch = d.id AND e.kind = 'contacted') AS contacted_at,
	(SELECT min(e.at) FROM dispatch_event e WHERE e.dispatch = d.id AND e.kind = 'acknowledged') AS acknowledged_at,
	(SELECT count(*) FROM assessment a WHERE a.dispatch = d.id) AS assessed
FROM dispatch d JOIN report r ON r.id = d.report
WHERE d.worker = :worker AND d.state = 'assigned'
ORDER BY COALESCE(d.first_contact_due_at, 9223372036854775807), d.id;

-- A worker's open cases.
-- name: desk_cases
-- in: worker id
-- many: id id, number text, family_number text, family_case id, kind text, subject id, level text?, opened_at int64, close_asked_at int64?, last_contact_at int64?
SELECT s.id, s.number, f.number AS family_number, s.family_case, s.kind, s.subject, s.level, s.opened_at,
	s.close_asked_at,
	(SELECT max(c.at) FROM contact c WHERE c.service_case = s.id) AS last_contact_at
FROM service_case s JOIN family_case f ON f.id = s.family_case
WHERE s.worker = :worker AND s.closed_at IS NULL
ORDER BY s.opened_at, s.id;

-- Goals of a worker's open cases that have a day.
-- name: desk_goals
-- in: worker id, until_day day
-- many: id id, family_number text, kind text, subject id, level text?, due_day day
SELECT g.id, f.number AS family_number, s.kind, s.subject, s.level, g.due_day
FROM plan_goal g JOIN service_case s ON s.id = g.service_case
JOIN family_case f ON f.id = s.family_case
WHERE s.worker = :worker AND s.closed_at IS NULL AND g.superseded_at IS NULL AND g.state = 'open'
	AND g.due_day IS NOT NULL AND g.due_day <= :until_day
ORDER BY g.due_day, g.id;

-- Closings that wait for an answer in a unit.
-- name: desk_closings
-- in: unit text
-- many: id id, number text, family_number text, kind text, subject id, level text?, close_reason text?, close_asked_at int64?, close_asked_by id?, name text?
SELECT s.id, s.number, f.number AS family_number, s.kind, s.subject, s.level, s.close_reason,
	s.close_asked_at, s.close_asked_by, a.name
FROM service_case s JOIN family_case f ON f.id = s.family_case
LEFT JOIN account a ON a.id = s.close_asked_by
WHERE s.unit = :unit AND s.closed_at IS NULL AND s.close_asked_at IS NOT NULL
ORDER BY s.close_asked_at, s.id;

-- Decisions not to open that wait for approval in a unit. CROSS JOIN keeps the order: SQLite would begin
-- with everything that the unit was ever sent.
-- name: desk_refusals
-- case: since = 0
-- in: unit text, since int64
-- many: id id, number text, kind text, unit text, reason text, decided_at int64, decided_by id, name text?
SELECT o.id, r.number, i.kind, d.unit, o.reason, o.decided_at, o.decided_by, a.name
FROM open_decision o CROSS JOIN dispatch d JOIN issue i ON i.id = o.issue
JOIN report r ON r.id = i.report LEFT JOIN account a ON a.id = o.decided_by
WHERE d.id = o.dispatch AND d.unit = :unit AND o.outcome = 'N' AND o.approved_at IS NULL AND o.superseded_at IS NULL
	AND o.decided_at >= :since
ORDER BY o.decided_at, o.id;

-- What came in lately about people in the families of a worker's open cases.
-- name: desk_changes
-- in: worker id, since int64
-- many: person id, detail text, number text, from_at int64, family_number text, kind text
SELECT DISTINCT v.person, v.detail, v.number, v.from_at, f.number AS family_number, v.kind
FROM service_case s JOIN family_member m ON m.family_case = s.family_case
JOIN involvement v ON v.person = m.person JOIN family_case f ON f.id = s.family_case
WHERE s.worker = :worker AND s.closed_at IS NULL AND v.from_at >= :since
	AND v.kind IN ('report', 'service_case') AND (v.account IS NULL OR v.account <> :worker)
ORDER BY v.from_at DESC, v.number, v.person;

-- What one waits for others to answer.
-- name: desk_asked_closings
-- in: worker id
-- many: number text, family_number text, kind text, close_asked_at int64?
SELECT s.number, f.number AS family_number, s.kind, s.close_asked_at
FROM service_case s JOIN family_case f ON f.id = s.family_case
WHERE s.close_asked_by = :worker AND s.closed_at IS NULL
ORDER BY s.close_asked_at, s.id;

-- name: desk_asked_supplements
-- in: account id
-- many: number text, kind text, asked_at int64, due_at int64, answered_at int64?
SELECT r.number, r.kind, q.asked_at, q.due_at, q.answered_at
FROM supplement_request q JOIN report r ON r.id = q.report
WHERE q.asked_by = :account AND r.state <> 'closed'
ORDER BY q.asked_at DESC, q.id;

-- The numbers beside the left menu.
-- name: desk_counts
-- one: waiting int64, submitted int64
SELECT COALESCE(sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS waiting,
	COALESCE(sum(CASE WHEN state = 'submitted' THEN 1 ELSE 0 END), 0) AS submitted
FROM screening WHERE state IN ('waiting', 'submitted');
