-- city/dispatch - screening, dispatches, their events, the board.

-- name: screening_insert
-- in: report id, changed_at int64
INSERT INTO screening (report, state, changed_at) VALUES (:report, 'waiting', :changed_at);

-- name: screening_get
-- in: report id
-- one: report id, state text, claimed_by id?, submitted_by id?, submitted_at int64?, urgent_at int64?, urgent_by id?, review_due_at int64?, reviewed_by id?, reviewed_at int64?, dispatched_at int64?, joined_case id?, closed_at int64?, followup_due_at int64?, changed_at int64
SELECT report, state, claimed_by, submitted_by, submitted_at, urgent_at, urgent_by, review_due_at,
	reviewed_by, reviewed_at, dispatched_at, joined_case, closed_at, followup_due_at, changed_at
FROM screening WHERE report = :report;

-- The whole row, but only from the state the writer saw: 0 rows changed means somebody was faster.
-- name: screening_put
-- in: report id, from_state text, state text, claimed_by id?, submitted_by id?, submitted_at int64?, urgent_at int64?, urgent_by id?, review_due_at int64?, reviewed_by id?, reviewed_at int64?, dispatched_at int64?, joined_case id?, closed_at int64?, followup_due_at int64?, changed_at int64
-- changed
UPDATE screening SET state = :state, claimed_by = :claimed_by, submitted_by = :submitted_by,
	submitted_at = :submitted_at, urgent_at = :urgent_at, urgent_by = :urgent_by,
	review_due_at = :review_due_at, reviewed_by = :reviewed_by, reviewed_at = :reviewed_at,
	dispatched_at = :dispatched_at, joined_case = :joined_case, closed_at = :closed_at,
	followup_due_at = :followup_due_at, changed_at = :changed_at
WHERE report = :report AND state = :from_state;

-- name: report_of_person
-- in: id id
-- one: report id
SELECT report FROM report_person WHERE id = :id;

-- name: dispatch_insert
-- in: id id, report id, decision id, unit text, role text, person id?, side text, task text, basis text, state text, first_contact_due_at int64?, classes int64, open_basis text?, open_task text?, open_due_at int64?, recorded_at int64, recorded_by id?
INSERT INTO dispatch (id, report, decision, unit, role, person, side, task, basis, state,
	first_contact_due_at, classes, open_basis, open_task, open_due_at, recorded_at, recorded_by)
VALUES (:id, :report, :decision, :unit, :role, :person, :side, :task, :basis, :state,
	:first_contact_due_at, :classes, :open_basis, :open_task, :open_due_at, :recorded_at,
	:recorded_by);

-- name: dispatch_get
-- in: id id
-- one: id id, report id, report_number text, kind text, decision id, unit text, role text, person id?, side text, task text, basis text, state text, first_contact_due_at int64?, accept_due_at int64?, dispatched_at int64?, accepted_at int64?, worker id?, assigned_at int64?, classes int64?, open_basis text?, open_task text?, open_due_at int64?
SELECT d.id, d.report, r.number AS report_number, r.kind, d.decision, d.unit, d.role, d.person,
	d.side, d.task, d.basis, d.state, d.first_contact_due_at, d.accept_due_at, d.dispatched_at,
	d.accepted_at, d.worker, d.assigned_at, d.classes, d.open_basis, d.open_task, d.open_due_at
FROM dispatch d JOIN report r ON r.id = d.report WHERE d.id = :id;

-- name: dispatch_of_report
-- in: report id
-- many: rows of dispatch_get
SELECT d.id, d.report, r.number AS report_number, r.kind, d.decision, d.unit, d.role, d.person,
	d.side, d.task, d.basis, d.state, d.first_contact_due_at, d.accept_due_at, d.dispatched_at,
	d.accepted_at, d.worker, d.assigned_at, d.classes, d.open_basis, d.open_task, d.open_due_at
FROM dispatch d JOIN report r ON r.id = d.report WHERE d.report = :report
ORDER BY CASE d.role WHEN 'lead' THEN 0 ELSE 1 END, d.id;

-- name: dispatch_edit
-- in: id id, role text, task text, side text, basis text
UPDATE dispatch SET role = :role, task = :task, side = :side, basis = :basis WHERE id = :id;

-- name: dispatch_put
-- in: id id, from_state text, state text, first_contact_due_at int64?, accept_due_at int64?, dispatched_at int64?, accepted_at int64?, worker id?, assigned_at int64?
-- changed
UPDATE dispatch SET state = :state, first_contact_due_at = :first_contact_due_at,
	accept_due_at = :accept_due_at, dispatched_at = :dispatched_at, accepted_at = :accepted_at,
	worker = :worker, assigned_at = :assigned_at
WHERE id = :id AND state = :from_state;

-- The unit is asked for a reason too that may be told to whoever sees the report.
-- name: dispatch_open
-- in: id id, open_basis text, open_task text, open_due_at int64?
UPDATE dispatch SET open_basis = :open_basis, open_task = :open_task, open_due_at = :open_due_at
WHERE id = :id;

-- Proposals that nobody touched go when the policy proposes anew.
-- name: dispatch_drop_proposed
-- in: report id
DELETE FROM dispatch WHERE report = :report AND state = 'proposed' AND basis <> 'edited';

-- name: dispatch_drop
-- in: id id
DELETE FROM dispatch WHERE id = :id AND state = 'proposed';

-- name: dispatch_event_insert
-- in: id id, report id, dispatch id?, kind text, at int64, account id?, unit text?, code text?, key id?, sealed bytes?
INSERT INTO dispatch_event (id, report, dispatch, kind, at, account, unit, code, key, sealed)
VALUES (:id, :report, :dispatch, :kind, :at, :account, :unit, :code, :key, :sealed);

-- name: dispatch_events
-- in: report id
-- many: id id, dispatch id?, kind text, at int64, account id?, name text?, title text?, unit text?, code text?, key id?, sealed bytes?
SELECT e.id, e.dispatch, e.kind, e.at, e.account, a.name, a.title, e.unit, e.code, e.key, e.sealed
FROM dispatch_event e LEFT JOIN account a ON a.id = e.account
WHERE e.report = :report ORDER BY e.at, e.id;

-- Whoever already acted on a report in one of these ways may not settle its dispute.
-- name: dispatch_event_by
-- in: report id, account id
-- one: acted int64
SELECT count(*) AS acted FROM dispatch_event
WHERE report = :report AND account = :account
	AND kind IN ('submitted', 'urgent_dispatched', 'reviewed', 'accepted', 'returned', 'redirected');

-- name: dispatch_event_last
-- in: dispatch id, kind text
-- one: id id, at int64, account id?, unit text?, code text?, key id?, sealed bytes?
SELECT id, at, account, unit, code, key, sealed FROM dispatch_event
WHERE dispatch = :dispatch AND kind = :kind ORDER BY at DESC, id DESC LIMIT 1;

-- name: dispatch_escalated
-- in: report id, dispatch id, code text
-- one: there int64
SELECT count(*) AS there FROM dispatch_event
WHERE report = :report AND kind = 'escalated' AND code = :code
	AND (dispatch = :dispatch OR (dispatch IS NULL AND :dispatch = 0));

-- Reports on the board: those that still wait for somebody.
-- name: board_reports
-- many: report id, number text, kind text, received_at int64, district text?, urgent flag, complete_permille int64, missing text, reporter_unit text?, channel text, state text, claimed_by id?, submitted_by id?, submitted_at int64?, urgent_at int64?, review_due_at int64?, reviewed_at int64?, dispatched_at int64?
SELECT s.report, r.number, r.kind, r.received_at, r.district, r.urgent, r.complete_permille,
	r.missing, r.reporter_unit, r.channel, s.state, s.claimed_by, s.submitted_by, s.submitted_at,
	s.urgent_at, s.review_due_at, s.reviewed_at, s.dispatched_at
FROM screening s JOIN report r ON r.id = s.report
WHERE s.state IN ('waiting', 'submitted', 'sent')
ORDER BY r.received_at, r.id;

-- name: board_report
-- in: report id
-- one: rows of board_reports
SELECT s.report, r.number, r.kind, r.received_at, r.district, r.urgent, r.complete_permille,
	r.missing, r.reporter_unit, r.channel, s.state, s.claimed_by, s.submitted_by, s.submitted_at,
	s.urgent_at, s.review_due_at, s.reviewed_at, s.dispatched_at
FROM screening s JOIN report r ON r.id = s.report WHERE s.report = :report;

-- Reports that a lead accepted since an instant (今日已接案).
-- name: board_accepted
-- in: since int64
-- many: report id
SELECT DISTINCT d.report FROM dispatch d JOIN screening s ON s.report = d.report
WHERE d.role = 'lead' AND d.accepted_at >= :since AND s.state IN ('done', 'closed')
ORDER BY d.report;

-- name: board_dispatches
-- many: rows of dispatch_get
SELECT d.id, d.report, r.number AS report_number, r.kind, d.decision, d.unit, d.role, d.person,
	d.side, d.task, d.basis, d.state, d.first_contact_due_at, d.accept_due_at, d.dispatched_at,
	d.accepted_at, d.worker, d.assigned_at, d.classes, d.open_basis, d.open_task, d.open_due_at
FROM dispatch d JOIN report r ON r.id = d.report JOIN screening s ON s.report = d.report
WHERE s.state IN ('waiting', 'submitted', 'sent') AND d.state <> 'withdrawn'
ORDER BY d.report, CASE d.role WHEN 'lead' THEN 0 ELSE 1 END, d.id;

-- Recognition so far, a row a report that waits.
-- name: board_recognised
-- many: report id, people int64, known int64, doubtful int64
SELECT p.report, count(*) AS people,
	sum(CASE WHEN p.person IS NOT NULL AND p.link_state <> 'rejected' THEN 1 ELSE 0 END) AS known,
	sum(CASE WHEN p.person IS NULL AND p.link_state = 'none'
		AND EXISTS (SELECT 1 FROM report_candidate c WHERE c.report_person = p.id)
		THEN 1 ELSE 0 END) AS doubtful
FROM report_person p JOIN screening s ON s.report = p.report
WHERE s.state IN ('waiting', 'submitted', 'sent')
GROUP BY p.report ORDER BY p.report;

-- name: board_levels
-- many: report id, scale text?, level text?, child_class text?, priority text, immediate flag
SELECT d.report, d.scale, d.level, d.child_class, d.priority, d.immediate
FROM decision d JOIN screening s ON s.report = d.report
WHERE s.state IN ('waiting', 'submitted', 'sent') AND d.superseded_at IS NULL AND d.issue IS NULL
ORDER BY d.report, d.made_at;

-- The numbers above the board.
-- name: board_received
-- in: from_at int64, to_at int64
-- one: received int64
SELECT count(*) AS received FROM report WHERE received_at >= :from_at AND received_at < :to_at;

-- name: board_sent_of_received
-- in: from_at int64, to_at int64, within_ms int64
-- one: sent int64, late int64
SELECT count(*) AS sent,
	COALESCE(sum(CASE WHEN s.dispatched_at - r.received_at > :within_ms THEN 1 ELSE 0 END), 0) AS late
FROM report r JOIN screening s ON s.report = r.id
WHERE r.received_at >= :from_at AND r.received_at < :to_at AND s.dispatched_at IS NOT NULL;

-- Subjects and others of the reports on the board, as statistics see them.
-- name: board_people
-- many: report id, role text, sex text?, age int64?
SELECT p.report, p.role, p.sex, p.age
FROM report_person p JOIN screening s ON s.report = p.report
WHERE s.state IN ('waiting', 'submitted', 'sent')
ORDER BY p.report, p.position;

-- name: report_people
-- in: report id
-- many: rows of board_people
SELECT p.report, p.role, p.sex, p.age FROM report_person p WHERE p.report = :report
ORDER BY p.position;

-- When the cases on the board that came back were returned, or disputed.
-- name: board_answers
-- many: report id, dispatch id, kind text, at int64
SELECT e.report, d.id AS dispatch, e.kind, e.at
FROM dispatch_event e JOIN dispatch d ON d.id = e.dispatch
WHERE e.kind IN ('returned', 'disputed') AND d.state IN ('returned', 'disputed')
ORDER BY e.report, e.at, e.id;

-- Whether something of a finished dispatch goes on: its case, or a refusal that nobody approved yet.
-- name: dispatch_goes_on
-- in: dispatch id
-- one: n int64
SELECT count(*) AS n
FROM open_decision o LEFT JOIN service_case c ON c.id = o.service_case
WHERE o.dispatch = :dispatch AND o.superseded_at IS NULL
	AND ((c.id IS NOT NULL AND c.closed_at IS NULL) OR (o.outcome = 'N' AND o.approved_at IS NULL));

-- name: account_name
-- in: id id
-- one: name text, title text, unit text, extension text?
SELECT name, title, unit, extension FROM account WHERE id = :id;

-- People of a unit who could take a case, with what they carry now.
-- name: unit_workers
-- in: unit text, today day
-- many: id id, login text, name text, title text, roles text, open_cases int64
SELECT a.id, a.login, a.name, a.title, a.roles,
	(SELECT count(*) FROM service_case c WHERE c.worker = a.id AND c.closed_at IS NULL) AS open_cases
FROM account a WHERE a.unit = :unit AND a.disabled_at IS NULL
	AND (a.valid_until IS NULL OR a.valid_until >= :today)
ORDER BY a.name, a.id;

-- Who could review: whoever holds the role, of whatever unit; the bar is checked for each.
-- name: reviewers
-- in: role text
-- many: id id, name text, unit text
SELECT id, name, unit FROM account
WHERE disabled_at IS NULL AND (' ' || roles || ' ') LIKE ('% ' || :role || ' %')
ORDER BY name, id;

-- name: account_of_login
-- in: login text, today day
-- one: id id, unit text
SELECT id, unit FROM account
WHERE login = :login AND disabled_at IS NULL AND (valid_until IS NULL OR valid_until >= :today);
