-- city/intake - reports, their persons, issues, supplements, receipts.

-- name: report_insert
-- in: id id, number text, lookup_hash bytes?, kind text, channel text, reporter_role text, reporter_unit text?, sender text?, received_at int64, received_day day, incident_at int64?, district text?, urgent flag, complete_permille int64, missing text, key id, sealed bytes, reporter_key id, reporter_sealed bytes, state text, recorded_at int64, recorded_by id?
INSERT INTO report (id, number, lookup_hash, kind, channel, reporter_role, reporter_unit, sender,
	received_at, received_day, incident_at, district, urgent, complete_permille, missing, key,
	sealed, reporter_key, reporter_sealed, state, recorded_at, recorded_by)
VALUES (:id, :number, :lookup_hash, :kind, :channel, :reporter_role, :reporter_unit, :sender,
	:received_at, :received_day, :incident_at, :district, :urgent, :complete_permille, :missing,
	:key, :sealed, :reporter_key, :reporter_sealed, :state, :recorded_at, :recorded_by);

-- name: report_by_id
-- in: id id
-- one: id id, number text, kind text, channel text, reporter_role text, reporter_unit text?, sender text?, received_at int64, received_day day, incident_at int64?, district text?, urgent flag, complete_permille int64, missing text, key id, sealed bytes, reporter_key id, reporter_sealed bytes, state text
SELECT id, number, kind, channel, reporter_role, reporter_unit, sender, received_at, received_day,
	incident_at, district, urgent, complete_permille, missing, key, sealed, reporter_key,
	reporter_sealed, state
FROM report WHERE id = :id;

-- name: report_by_number
-- in: number text
-- one: rows of report_by_id
SELECT id, number, kind, channel, reporter_role, reporter_unit, sender, received_at, received_day,
	incident_at, district, urgent, complete_permille, missing, key, sealed, reporter_key,
	reporter_sealed, state
FROM report WHERE number = :number;

-- name: report_lookup
-- in: number text
-- one: lookup_hash bytes?, state text
SELECT lookup_hash, state FROM report WHERE number = :number;

-- name: report_state_set
-- in: id id, state text, from_state text
-- changed
UPDATE report SET state = :state WHERE id = :id AND state = :from_state;

-- name: report_complete_set
-- in: id id, complete_permille int64, missing text
UPDATE report SET complete_permille = :complete_permille, missing = :missing WHERE id = :id;

-- The list, newest first: received in [from_at, to_at], at to_at only ids before before_id. An
-- empty text is any.
-- name: report_list
-- plan: each time
-- in: state text, kind text, district text, channel text, from_at int64, to_at int64, before_id id, at_most int64
-- many: id id, number text, kind text, channel text, district text?, state text, reporter_role text, received_at int64, urgent flag, complete_permille int64, issue_count int64, person_count int64
-- case: state = '', kind = 'adult_ipv', district = '', channel = 'public', from_at = 0, to_at = 1606953600000, before_id = 1, at_most = 10
SELECT r.id, r.number, r.kind, r.channel, r.district, r.state, r.reporter_role, r.received_at,
	r.urgent, r.complete_permille,
	(SELECT count(*) FROM issue i WHERE i.report = r.id) AS issue_count,
	(SELECT count(*) FROM report_person p WHERE p.report = r.id) AS person_count
FROM report r
WHERE r.received_at >= :from_at AND r.received_at <= :to_at
	AND (r.received_at < :to_at OR r.id < :before_id)
	AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
	AND (:district = '' OR r.district = :district) AND (:channel = '' OR r.channel = :channel)
ORDER BY r.received_at DESC, r.id DESC LIMIT :at_most;

-- The same among the numbers in [number, number_end): the few that begin alike.
-- name: report_list_numbered
-- plan: each time
-- in: number text, number_end text, state text, kind text, district text, channel text, from_at int64, to_at int64, before_id id, at_most int64
-- many: rows of report_list
-- case: number = 'RC1091201', number_end = 'RC1091202', state = '', kind = '', district = '', channel = '', from_at = 0, to_at = 1606953600000, before_id = 1, at_most = 10
SELECT r.id, r.number, r.kind, r.channel, r.district, r.state, r.reporter_role, r.received_at,
	r.urgent, r.complete_permille,
	(SELECT count(*) FROM issue i WHERE i.report = r.id) AS issue_count,
	(SELECT count(*) FROM report_person p WHERE p.report = r.id) AS person_count
FROM report r
WHERE r.received_at >= :from_at AND r.received_at <= :to_at
	AND (r.received_at < :to_at OR r.id < :before_id)
	AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
	AND (:district = '' OR r.district = :district) AND (:channel = '' OR r.channel = :channel)
	AND r.number >= :number AND r.number < :number_end
ORDER BY r.received_at DESC, r.id DESC LIMIT :at_most;

-- name: report_list_count
-- plan: each time
-- in: state text, kind text, district text, channel text, from_at int64, to_at int64, at_most int64
-- one: n int64
-- case: state = '', kind = 'adult_ipv', district = '', channel = 'public', from_at = 0, to_at = 1606953600000, at_most = 10
SELECT count(*) AS n FROM (
	SELECT 1 AS one FROM report r
	WHERE r.received_at >= :from_at AND r.received_at <= :to_at
		AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
		AND (:district = '' OR r.district = :district)
		AND (:channel = '' OR r.channel = :channel)
	LIMIT :at_most
) AS found_reports;

-- The same of what was sent to a unit and goes on there (dispatch.sql: dispatch_goes_on). It begins with
-- what goes on: its dispatches that are not finished, its open cases (a case has its dispatch's unit) and
-- the refusals that nobody approved, few beside all that the unit was ever sent. CROSS JOIN keeps the order.
-- name: report_list_unit
-- plan: each time
-- in: unit text, number text, number_end text, state text, kind text, district text, channel text, from_at int64, to_at int64, before_id id, at_most int64
-- many: rows of report_list
-- case: unit = 'dv_center', number = '', number_end = '', state = '', kind = '', district = '', channel = '', from_at = 0, to_at = 1606953600000, before_id = 900, at_most = 10
SELECT r.id, r.number, r.kind, r.channel, r.district, r.state, r.reporter_role, r.received_at,
	r.urgent, r.complete_permille,
	(SELECT count(*) FROM issue i WHERE i.report = r.id) AS issue_count,
	(SELECT count(*) FROM report_person p WHERE p.report = r.id) AS person_count
FROM (SELECT report FROM dispatch WHERE unit = :unit
			AND state IN ('dispatched', 'accepted', 'assigned', 'returned', 'disputed')
		UNION SELECT d.report
		FROM service_case c CROSS JOIN open_decision o CROSS JOIN dispatch d
		WHERE c.unit = :unit AND c.closed_at IS NULL AND o.service_case = c.id
			AND o.superseded_at IS NULL AND d.id = o.dispatch AND d.unit = :unit
			AND d.state = 'finished'
		UNION SELECT d.report FROM open_decision o CROSS JOIN dispatch d
		WHERE o.outcome = 'N' AND o.approved_at IS NULL AND o.superseded_at IS NULL
			AND d.id = o.dispatch AND d.unit = :unit AND d.state = 'finished') u
	JOIN report r ON r.id = u.report
WHERE r.received_at >= :from_at AND r.received_at <= :to_at
	AND (r.received_at < :to_at OR r.id < :before_id)
	AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
	AND (:district = '' OR r.district = :district) AND (:channel = '' OR r.channel = :channel)
	AND (:number = '' OR (r.number >= :number AND r.number < :number_end))
ORDER BY r.received_at DESC, r.id DESC LIMIT :at_most;

-- The same where much goes on: through all reports from the newest, until the page is full.
-- name: report_list_unit_newest
-- plan: each time
-- in: unit text, number text, number_end text, state text, kind text, district text, channel text, from_at int64, to_at int64, before_id id, at_most int64
-- many: rows of report_list
-- case: unit = 'dv_center', number = '', number_end = '', state = '', kind = '', district = '', channel = '', from_at = 0, to_at = 1606953600000, before_id = 900, at_most = 10
SELECT r.id, r.number, r.kind, r.channel, r.district, r.state, r.reporter_role, r.received_at,
	r.urgent, r.complete_permille,
	(SELECT count(*) FROM issue i WHERE i.report = r.id) AS issue_count,
	(SELECT count(*) FROM report_person p WHERE p.report = r.id) AS person_count
FROM report r
WHERE r.received_at >= :from_at AND r.received_at <= :to_at
	AND (r.received_at < :to_at OR r.id < :before_id)
	AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
	AND (:district = '' OR r.district = :district) AND (:channel = '' OR r.channel = :channel)
	AND (:number = '' OR (r.number >= :number AND r.number < :number_end))
	AND EXISTS (SELECT 1 FROM dispatch d
		WHERE d.report = r.id AND d.unit = :unit AND d.state <> 'proposed'
			AND d.state <> 'withdrawn'
			AND (d.state <> 'finished' OR EXISTS (SELECT 1 FROM open_decision o
				LEFT JOIN service_case c ON c.id = o.service_case
				WHERE o.dispatch = d.id AND o.superseded_at IS NULL
					AND ((c.id IS NOT NULL AND c.closed_at IS NULL)
						OR (o.outcome = 'N' AND o.approved_at IS NULL)))))
ORDER BY r.received_at DESC, r.id DESC LIMIT :at_most;

-- How many those are, up to at_most.
-- name: report_list_unit_count
-- plan: each time
-- in: unit text, number text, number_end text, state text, kind text, district text, channel text, from_at int64, to_at int64, at_most int64
-- one: n int64
-- case: unit = 'dv_center', number = '', number_end = '', state = '', kind = '', district = '', channel = '', from_at = 0, to_at = 1606953600000, at_most = 10
SELECT count(*) AS n
FROM (SELECT DISTINCT r.id
	FROM (SELECT report FROM dispatch WHERE unit = :unit
				AND state IN ('dispatched', 'accepted', 'assigned', 'returned', 'disputed')
			UNION ALL SELECT d.report
			FROM service_case c CROSS JOIN open_decision o CROSS JOIN dispatch d
			WHERE c.unit = :unit AND c.closed_at IS NULL AND o.service_case = c.id
				AND o.superseded_at IS NULL AND d.id = o.dispatch AND d.unit = :unit
				AND d.state = 'finished'
			UNION ALL SELECT d.report FROM open_decision o CROSS JOIN dispatch d
			WHERE o.outcome = 'N' AND o.approved_at IS NULL AND o.superseded_at IS NULL
				AND d.id = o.dispatch AND d.unit = :unit AND d.state = 'finished') u
		CROSS JOIN report r
	WHERE r.id = u.report AND r.received_at >= :from_at AND r.received_at <= :to_at
		AND (:state = '' OR r.state = :state) AND (:kind = '' OR r.kind = :kind)
		AND (:district = '' OR r.district = :district)
		AND (:channel = '' OR r.channel = :channel)
		AND (:number = '' OR (r.number >= :number AND r.number < :number_end))
	LIMIT :at_most
) AS found_reports;

-- -- persons ---------------------------------------------------------------------------------

-- name: report_person_insert
-- in: id id, report id, position int64, role text, sealed bytes, sex text?, age int64?
INSERT INTO report_person (id, report, position, role, sealed, sex, age, person, link_state,
	probability_ppm, levels, recognised_at, decided_by)
VALUES (:id, :report, :position, :role, :sealed, :sex, :age, NULL, 'none', NULL, NULL, NULL, NULL);

-- name: report_person_list
-- in: report id
-- many: id id, report id, position int64, role text, sealed bytes, sex text?, age int64?, person id?, link_state text, probability_ppm int64?, levels text?, recognised_at int64?
SELECT id, report, position, role, sealed, sex, age, person, link_state, probability_ppm, levels,
	recognised_at
FROM report_person WHERE report = :report ORDER BY position, id;

-- name: report_person_of
-- in: person id
-- many: id id, report id, position int64, key id, has_key id?, others int64
-- Where a person stands in reports, for erasing: has_key is NULL when the report was erased; others
-- counts the rows of the report that are somebody else's, and not erased with them.
SELECT p.id, p.report, p.position, r.key, k.id AS has_key,
	(SELECT COUNT(*) FROM report_person o
		WHERE o.report = p.report AND (o.person IS NULL OR (o.person <> p.person AND EXISTS (
			SELECT 1 FROM person q JOIN data_key d ON d.id = q.key WHERE q.id = o.person)))
	) AS others
FROM report_person p JOIN report r ON r.id = p.report LEFT JOIN data_key k ON k.id = r.key
WHERE p.person = :person AND p.link_state IN ('confirmed', 'created')
ORDER BY p.report, p.position, p.id;

-- name: report_person_replace
-- in: id id, sealed bytes
UPDATE report_person SET sealed = :sealed WHERE id = :id;

-- name: report_person_link
-- in: id id, person id?, link_state text, probability_ppm int64?, levels text?, recognised_at int64, decided_by id?
-- changed
UPDATE report_person SET person = :person, link_state = :link_state,
	probability_ppm = :probability_ppm, levels = :levels, recognised_at = :recognised_at,
	decided_by = :decided_by
WHERE id = :id;

-- name: report_person_report
-- in: id id
-- one: report id, kind text, received_at int64
SELECT p.report, r.kind, r.received_at FROM report_person p JOIN report r ON r.id = p.report
WHERE p.id = :id;

-- name: report_candidate_clear
-- in: report_person id
DELETE FROM report_candidate WHERE report_person = :report_person;

-- name: report_candidate_insert
-- in: report_person id, rank int64, person id, probability_ppm int64, levels text
INSERT INTO report_candidate (report_person, rank, person, probability_ppm, levels)
VALUES (:report_person, :rank, :person, :probability_ppm, :levels);

-- name: report_candidate_list
-- in: report_person id
-- many: person id, probability_ppm int64, levels text
SELECT person, probability_ppm, levels FROM report_candidate
WHERE report_person = :report_person ORDER BY rank;

-- name: register_answer_clear
-- in: report_person id
DELETE FROM register_answer WHERE report_person = :report_person;

-- name: register_answer_insert
-- in: report_person id, register text, extract_day day, answer text, record id?, answered_at int64
INSERT INTO register_answer (report_person, register, extract_day, answer, record, answered_at)
VALUES (:report_person, :register, :extract_day, :answer, :record, :answered_at);

-- name: register_answer_list
-- in: report_person id
-- many: register_code text, extract_day day, answer text, record id?, answered_at int64
SELECT register AS register_code, extract_day, answer, record, answered_at FROM register_answer
WHERE report_person = :report_person ORDER BY register;

-- -- issues ----------------------------------------------------------------------------------

-- name: issue_insert
-- in: id id, report id, report_person id, kind text, recorded_at int64
INSERT INTO issue (id, report, report_person, kind, screen_result, screened_at, screened_by,
	duplicate_of, recorded_at)
VALUES (:id, :report, :report_person, :kind, NULL, NULL, NULL, NULL, :recorded_at);

-- name: issue_list
-- in: report id
-- many: id id, report id, report_person id, kind text, screen_result text?, screened_at int64?, screened_by id?, duplicate_of id?
SELECT id, report, report_person, kind, screen_result, screened_at, screened_by, duplicate_of
FROM issue WHERE report = :report ORDER BY recorded_at, id;

-- name: issue_get
-- in: id id
-- one: rows of issue_list
SELECT id, report, report_person, kind, screen_result, screened_at, screened_by, duplicate_of
FROM issue WHERE id = :id;

-- name: issue_screen_set
-- in: id id, screen_result text, screened_at int64, screened_by id?, duplicate_of id?
-- changed
UPDATE issue SET screen_result = :screen_result, screened_at = :screened_at,
	screened_by = :screened_by, duplicate_of = :duplicate_of
WHERE id = :id;

-- name: issue_same
-- in: report_person id, kind text
-- one: id id
SELECT id FROM issue
WHERE report_person = :report_person AND kind = :kind
	AND (screen_result IS NULL OR screen_result <> 'reclassified')
ORDER BY id LIMIT 1;

-- -- events, repeats -------------------------------------------------------------------------

-- name: report_event_insert
-- in: id id, report id, kind text, at int64, account id?, unit text?, code text?
INSERT INTO dispatch_event (id, report, dispatch, kind, at, account, unit, code, key, sealed)
VALUES (:id, :report, NULL, :kind, :at, :account, :unit, :code, NULL, NULL);

-- Reports received before this one that share a recognised person with it.
-- name: report_repeats
-- in: report id, from_at int64, to_at int64
-- many: report id, number text, kind text, state text, received_at int64, incident_at int64?, shared_persons int64
-- case: report = 3, from_at = 0, to_at = 1606867200000
SELECT o.id AS report, o.number, o.kind, o.state, o.received_at, o.incident_at,
	count(DISTINCT q.person) AS shared_persons
FROM report_person p
JOIN report_person q ON q.person = p.person AND q.report <> p.report
JOIN report o ON o.id = q.report
WHERE p.report = :report AND p.person IS NOT NULL AND o.received_at >= :from_at
	AND o.received_at <= :to_at
GROUP BY o.id, o.number, o.kind, o.state, o.received_at, o.incident_at
ORDER BY o.received_at DESC, o.id DESC LIMIT 50;

-- -- supplements -----------------------------------------------------------------------------

-- name: supplement_request_insert
-- in: id id, report id, items text, asked_at int64, asked_by id, due_at int64
INSERT INTO supplement_request (id, report, items, asked_at, asked_by, due_at, answered_at)
VALUES (:id, :report, :items, :asked_at, :asked_by, :due_at, NULL);

-- name: supplement_request_answered
-- in: id id, report id, answered_at int64
-- changed
UPDATE supplement_request SET answered_at = :answered_at
WHERE id = :id AND report = :report AND answered_at IS NULL;

-- name: supplement_request_list
-- in: report id
-- many: id id, items text, asked_at int64, due_at int64, answered_at int64?
SELECT id, items, asked_at, due_at, answered_at FROM supplement_request
WHERE report = :report ORDER BY asked_at, id;

-- name: report_supplement_insert
-- in: id id, report id, request id?, sealed bytes, received_at int64, recorded_by id?
INSERT INTO report_supplement (id, report, request, sealed, received_at, recorded_by)
VALUES (:id, :report, :request, :sealed, :received_at, :recorded_by);

-- name: report_supplement_replace
-- in: id id, sealed bytes
UPDATE report_supplement SET sealed = :sealed WHERE id = :id;

-- name: report_supplement_list
-- in: report id
-- many: id id, request id?, sealed bytes, received_at int64
SELECT id, request, sealed, received_at FROM report_supplement
WHERE report = :report ORDER BY received_at, id;

-- -- held back -------------------------------------------------------------------------------

-- name: report_hold_insert
-- in: report id, source text, held_at int64
-- case: report = 1
INSERT INTO report_hold (report, source, held_at, state, ended_at, ended_by, reason)
VALUES (:report, :source, :held_at, 'held', NULL, NULL, NULL);

-- Urgent ones first, then the longest held.
-- name: report_hold_list
-- in: state text, at_most int64
-- many: report id, number text, kind text, district text?, received_at int64, urgent flag, complete_permille int64, source text, ended_at int64?, reason text?, name text?
-- case: state = 'held', at_most = 10
SELECT h.report, r.number, r.kind, r.district, r.received_at, r.urgent, r.complete_permille,
	h.source, h.ended_at, h.reason, a.name
FROM report_hold h JOIN report r ON r.id = h.report LEFT JOIN account a ON a.id = h.ended_by
WHERE h.state = :state
ORDER BY r.urgent DESC, h.held_at, h.report LIMIT :at_most;

-- name: report_hold_count
-- one: held int64, urgent int64
SELECT count(*) AS held, COALESCE(sum(CASE WHEN r.urgent = 1 THEN 1 ELSE 0 END), 0) AS urgent
FROM report_hold h JOIN report r ON r.id = h.report WHERE h.state = 'held';

-- name: report_hold_end
-- in: report id, state text, ended_at int64, ended_by id?, reason text?
-- changed
-- case: report = 2, state = 'released'
UPDATE report_hold SET state = :state, ended_at = :ended_at, ended_by = :ended_by, reason = :reason
WHERE report = :report AND state <> 'released' AND state <> :state;

-- -- receipts --------------------------------------------------------------------------------

-- name: idempotency_get
-- in: sender text, key text
-- one: body_hash bytes, report id, number text, receipt_key id, receipt_epoch int64?,
--      receipt_sealed bytes, at int64
SELECT i.body_hash, i.report, r.number, i.receipt_key, i.receipt_epoch, i.receipt_sealed, i.at
FROM idempotency i JOIN report r ON r.id = i.report
WHERE i.sender = :sender AND i.key = :key;

-- name: idempotency_insert
-- in: sender text, key text, body_hash bytes, report id, receipt_epoch int64, receipt_sealed bytes,
--     at int64
INSERT INTO idempotency (sender, key, body_hash, report, receipt_key, receipt_epoch, receipt_sealed, at)
VALUES (:sender, :key, :body_hash, :report, 0, :receipt_epoch, :receipt_sealed, :at);

-- name: idempotency_old
-- in: before_at int64, at_most int64
-- many: sender text, key text, receipt_key id
-- case: before_at = 2000, at_most = 10
SELECT sender, key, receipt_key FROM idempotency WHERE at < :before_at
ORDER BY at, sender, key LIMIT :at_most;

-- name: idempotency_delete
-- in: sender text, key text
DELETE FROM idempotency WHERE sender = :sender AND key = :key;
