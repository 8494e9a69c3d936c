-- city/family - family cases, service cases, decisions, contacts, plans.

-- name: family_case_insert
-- in: id id, number text, household id?, opened_at int64, recorded_by id?
INSERT INTO family_case (id, number, household, opened_at, recorded_by)
VALUES (:id, :number, :household, :opened_at, :recorded_by);

-- name: family_case_get
-- in: id id
-- one: id id, number text, household id?, opened_at int64
SELECT id, number, household, opened_at FROM family_case WHERE id = :id;

-- name: family_case_by_number
-- in: number text
-- one: rows of family_case_get
SELECT id, number, household, opened_at FROM family_case WHERE number = :number;

-- name: family_case_of_household
-- in: household id
-- one: rows of family_case_get
SELECT id, number, household, opened_at FROM family_case WHERE household = :household
ORDER BY opened_at DESC, id DESC LIMIT 1;

-- name: family_case_of_person
-- in: person id
-- one: rows of family_case_get
SELECT f.id, f.number, f.household, f.opened_at
FROM family_member m JOIN family_case f ON f.id = m.family_case
WHERE m.person = :person AND m.to_at IS NULL ORDER BY f.opened_at DESC, f.id DESC LIMIT 1;

-- name: family_member_get
-- in: family_case id, person id
-- one: role text
SELECT role FROM family_member WHERE family_case = :family_case AND person = :person;

-- name: family_member_insert
-- in: family_case id, person id, role text, from_at int64
INSERT INTO family_member (family_case, person, role, from_at)
VALUES (:family_case, :person, :role, :from_at);

-- name: family_members
-- in: family_case id
-- many: person id, role text, from_at int64, to_at int64?
SELECT person, role, from_at, to_at FROM family_member WHERE family_case = :family_case
ORDER BY from_at, person;

-- name: service_case_insert
-- in: id id, number text, family_case id, unit text, kind text, subject id, side text, issue id?, worker id, level text?, opened_at int64, opened_day day, reopened_from id?
INSERT INTO service_case (id, number, family_case, unit, kind, subject, side, issue, worker, level,
	opened_at, opened_day, reopened_from)
VALUES (:id, :number, :family_case, :unit, :kind, :subject, :side, :issue, :worker, :level,
	:opened_at, :opened_day, :reopened_from);

-- name: service_case_get
-- in: id id
-- one: id id, number text, family_case id, family_number text, unit text, kind text, subject id, side text, issue id?, worker id, level text?, opened_at int64, closed_at int64?, close_reason text?, close_asked_at int64?, close_asked_by id?
SELECT s.id, s.number, s.family_case, f.number AS family_number, s.unit, s.kind, s.subject, s.side,
	s.issue, s.worker, s.level, s.opened_at, s.closed_at, s.close_reason, s.close_asked_at,
	s.close_asked_by
FROM service_case s JOIN family_case f ON f.id = s.family_case WHERE s.id = :id;

-- name: service_case_by_number
-- in: number text
-- one: id id
SELECT id FROM service_case WHERE number = :number;

-- name: service_cases_of_family
-- in: family_case id
-- many: id id, number text, family_case id, family_number text, unit text, kind text, subject id, side text, issue id?, worker id, worker_name text?, worker_title text?, worker_extension text?, level text?, opened_at int64, closed_at int64?, close_reason text?, close_asked_at int64?, close_asked_by id?
SELECT s.id, s.number, s.family_case, f.number AS family_number, s.unit, s.kind, s.subject, s.side,
	s.issue, s.worker, a.name AS worker_name, a.title AS worker_title,
	a.extension AS worker_extension, s.level, s.opened_at, s.closed_at, s.close_reason,
	s.close_asked_at, s.close_asked_by
FROM service_case s JOIN family_case f ON f.id = s.family_case
LEFT JOIN account a ON a.id = s.worker
WHERE s.family_case = :family_case ORDER BY s.opened_at DESC, s.id DESC;

-- name: service_cases_open_of
-- in: person id
-- many: rows of service_case_get
SELECT s.id, s.number, s.family_case, f.number AS family_number, s.unit, s.kind, s.subject, s.side,
	s.issue, s.worker, s.level, s.opened_at, s.closed_at, s.close_reason, s.close_asked_at,
	s.close_asked_by
FROM service_case s JOIN family_case f ON f.id = s.family_case
WHERE s.subject = :person AND s.closed_at IS NULL ORDER BY s.opened_at, s.id;

-- name: service_case_close_ask
-- in: id id, close_reason text?, close_asked_at int64?, close_asked_by id?
-- changed
UPDATE service_case SET close_reason = :close_reason, close_asked_at = :close_asked_at,
	close_asked_by = :close_asked_by
WHERE id = :id AND closed_at IS NULL;

-- name: service_case_close
-- in: id id, closed_at int64, closed_day day, close_approved_by id
-- changed
UPDATE service_case SET closed_at = :closed_at, closed_day = :closed_day,
	close_approved_by = :close_approved_by
WHERE id = :id AND closed_at IS NULL AND close_asked_at IS NOT NULL;

-- name: service_case_worker
-- in: id id, worker id
-- changed
UPDATE service_case SET worker = :worker WHERE id = :id AND closed_at IS NULL;

-- name: open_decision_insert
-- in: id id, issue id, dispatch id, outcome text, reason text, decided_at int64, decided_by id, service_case id?
INSERT INTO open_decision (id, issue, dispatch, outcome, reason, decided_at, decided_by, service_case)
VALUES (:id, :issue, :dispatch, :outcome, :reason, :decided_at, :decided_by, :service_case);

-- name: open_decision_get
-- in: id id
-- one: id id, issue id, dispatch id, outcome text, reason text, decided_at int64, decided_by id, approved_at int64?, approved_by id?, service_case id?
SELECT id, issue, dispatch, outcome, reason, decided_at, decided_by, approved_at, approved_by,
	service_case
FROM open_decision WHERE id = :id;

-- name: open_decision_of_issue
-- in: issue id
-- one: rows of open_decision_get
SELECT id, issue, dispatch, outcome, reason, decided_at, decided_by, approved_at, approved_by,
	service_case
FROM open_decision WHERE issue = :issue AND superseded_at IS NULL
ORDER BY decided_at DESC, id DESC LIMIT 1;

-- name: open_decision_approve
-- in: id id, approved_at int64, approved_by id
-- changed
UPDATE open_decision SET approved_at = :approved_at, approved_by = :approved_by
WHERE id = :id AND approved_at IS NULL AND superseded_at IS NULL;

-- Issues of a report that no unit has decided on yet.
-- name: issues_undecided
-- in: report id
-- one: waiting int64
SELECT count(*) AS waiting FROM issue i
WHERE i.report = :report AND i.screen_result = 'valid'
	AND NOT EXISTS (SELECT 1 FROM open_decision o WHERE o.issue = i.id AND o.superseded_at IS NULL);

-- name: assessment_insert
-- in: id id, dispatch id, person id, key id, sealed bytes, made_at int64, made_by id
INSERT INTO assessment (id, dispatch, person, key, sealed, made_at, made_by)
VALUES (:id, :dispatch, :person, :key, :sealed, :made_at, :made_by);

-- name: assessments_of_dispatch
-- in: dispatch id
-- many: id id, person id, key id, sealed bytes, made_at int64, made_by id, name text?
SELECT s.id, s.person, s.key, s.sealed, s.made_at, s.made_by, a.name
FROM assessment s LEFT JOIN account a ON a.id = s.made_by
WHERE s.dispatch = :dispatch ORDER BY s.made_at, s.id;

-- name: contact_insert
-- in: id id, service_case id?, dispatch id?, person id, form text, outcome text, partner_unit text?, at int64, day day, key id, sealed bytes, recorded_at int64, recorded_by id
INSERT INTO contact (id, service_case, dispatch, person, form, outcome, partner_unit, at, day, key,
	sealed, recorded_at, recorded_by)
VALUES (:id, :service_case, :dispatch, :person, :form, :outcome, :partner_unit, :at, :day, :key,
	:sealed, :recorded_at, :recorded_by);

-- name: contacts_of_family
-- in: family_case id
-- many: id id, service_case id, unit text, case_side text, person id, form text, outcome text, partner_unit text?, at int64, key id, sealed bytes, recorded_by id, name text?, title text?
SELECT c.id, c.service_case, s.unit, s.side AS case_side, c.person, c.form, c.outcome,
	c.partner_unit, c.at, c.key, c.sealed, c.recorded_by, a.name, a.title
FROM contact c JOIN service_case s ON s.id = c.service_case LEFT JOIN account a ON a.id = c.recorded_by
WHERE s.family_case = :family_case ORDER BY c.at DESC, c.id DESC;

-- name: contacts_of_case
-- in: service_case id
-- one: made int64, met int64, last_at int64?
SELECT count(*) AS made, COALESCE(sum(CASE WHEN outcome = 'met' THEN 1 ELSE 0 END), 0) AS met,
	max(at) AS last_at
FROM contact WHERE service_case = :service_case;

-- Contacts made before the case was opened join it.
-- name: contact_join_case
-- in: dispatch id, service_case id
UPDATE contact SET service_case = :service_case WHERE dispatch = :dispatch AND service_case IS NULL;

-- name: plan_goal_insert
-- in: id id, service_case id, person id, key id, sealed bytes, responsible text, due_day day?, state text, recorded_at int64, recorded_by id
INSERT INTO plan_goal (id, service_case, person, key, sealed, responsible, due_day, state,
	recorded_at, recorded_by)
VALUES (:id, :service_case, :person, :key, :sealed, :responsible, :due_day, :state, :recorded_at,
	:recorded_by);

-- name: plan_goal_get
-- in: id id
-- one: id id, service_case id, person id, key id, sealed bytes, responsible text, due_day day?, state text, recorded_at int64, recorded_by id
SELECT id, service_case, person, key, sealed, responsible, due_day, state, recorded_at, recorded_by
FROM plan_goal WHERE id = :id AND superseded_at IS NULL;

-- A goal is never overwritten: the old row is superseded, a new one says how it stands.
-- name: plan_goal_supersede
-- in: id id, superseded_at int64
-- changed
UPDATE plan_goal SET superseded_at = :superseded_at WHERE id = :id AND superseded_at IS NULL;

-- name: plan_goals_of_family
-- in: family_case id
-- many: id id, service_case id, unit text, case_side text, person id, key id, sealed bytes, responsible text, due_day day?, state text, recorded_at int64
SELECT g.id, g.service_case, s.unit, s.side AS case_side, g.person, g.key, g.sealed, g.responsible,
	g.due_day, g.state, g.recorded_at
FROM plan_goal g JOIN service_case s ON s.id = g.service_case
WHERE s.family_case = :family_case AND g.superseded_at IS NULL
ORDER BY CASE g.state WHEN 'open' THEN 0 ELSE 1 END, COALESCE(g.due_day, 999999), g.id;

-- The key that a person's cells are sealed under.
-- name: family_person_key
-- in: person id
-- one: key id
SELECT key FROM person WHERE id = :person;

-- The dispatch that a case began with.
-- name: case_dispatch
-- in: service_case id
-- one: dispatch id
SELECT dispatch FROM open_decision WHERE service_case = :service_case
ORDER BY decided_at, id LIMIT 1;

-- name: open_decision_supersede
-- in: id id, superseded_at int64
-- changed
UPDATE open_decision SET superseded_at = :superseded_at WHERE id = :id AND superseded_at IS NULL;

-- Contacts of a dispatch before a case was opened.
-- name: contacts_of_dispatch
-- in: dispatch id
-- many: id id, person id, form text, outcome text, partner_unit text?, at int64, key id, sealed bytes, name text?, title text?
SELECT c.id, c.person, c.form, c.outcome, c.partner_unit, c.at, c.key, c.sealed, a.name, a.title
FROM contact c LEFT JOIN account a ON a.id = c.recorded_by
WHERE c.dispatch = :dispatch ORDER BY c.at DESC, c.id DESC;

-- Decisions about the people of a family: opened or not, and why.
-- name: decisions_of_family
-- in: family_case id
-- many: id id, report_number text, kind text, unit text, outcome text, reason text, decided_at int64, approved_at int64?, subject id, name text?
SELECT o.id, r.number AS report_number, i.kind, d.unit, o.outcome, o.reason, o.decided_at,
	o.approved_at, p.person AS subject, a.name
FROM open_decision o JOIN issue i ON i.id = o.issue JOIN report r ON r.id = i.report
JOIN dispatch d ON d.id = o.dispatch JOIN report_person p ON p.id = i.report_person
LEFT JOIN account a ON a.id = o.decided_by
JOIN family_member m ON m.person = p.person AND m.family_case = :family_case
WHERE o.superseded_at IS NULL ORDER BY o.decided_at DESC, o.id DESC;

-- name: family_of_case
-- in: service_case id
-- one: number text
SELECT f.number FROM service_case s JOIN family_case f ON f.id = s.family_case
WHERE s.id = :service_case;

-- name: family_account_of_login
-- in: login text, today day
-- one: id id, unit text
SELECT id, unit FROM account
WHERE login = :login AND disabled_at IS NULL AND (valid_until IS NULL OR valid_until >= :today);

-- name: family_unit_workers
-- in: unit text, today day
-- many: id id, login text, name text, title text, roles text, open_cases int64
SELECT a.id, a.login, a.name, a.title, a.roles,
	(SELECT count(*) FROM service_case c WHERE c.worker = a.id AND c.closed_at IS NULL) AS open_cases
FROM account a WHERE a.unit = :unit AND a.disabled_at IS NULL
	AND (a.valid_until IS NULL OR a.valid_until >= :today)
ORDER BY a.name, a.id;

-- The level that the dispatch was decided on, for a case whose worker sets none.
-- name: decision_level
-- in: id id
-- one: level text?
SELECT level FROM decision WHERE id = :id;
