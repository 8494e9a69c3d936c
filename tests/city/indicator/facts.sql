-- Facts put straight into the tables: what definitions count, without the rooms that make it.

-- name: fact_release
INSERT INTO release (hash, label, bundle, released_at, effective_day) VALUES ('h', 'test', x'00', 0, 0);

-- name: fact_person
-- in: id id, number text, district text
INSERT INTO person (id, number, key, sealed, version, district, source, recorded_at)
VALUES (:id, :number, 0, x'00', 1, :district, 'test', 0);

-- name: fact_report
-- in: id id, number text, kind text, received_at int64, received_day day, district text?
INSERT INTO report (id, number, kind, channel, reporter_role, received_at, received_day, district,
	urgent, complete_permille, missing, key, sealed, reporter_key, reporter_sealed, state, recorded_at)
VALUES (:id, :number, :kind, 'api', 'police', :received_at, :received_day, :district, 0, 1000, '', 0,
	x'00', 0, x'00', 'received', :received_at);

-- name: fact_report_person
-- in: id id, report id, position int64, person id?, link_state text
INSERT INTO report_person (id, report, position, role, sealed, person, link_state)
VALUES (:id, :report, :position, 'victim', x'00', :person, :link_state);

-- name: fact_issue
-- in: id id, report id, report_person id, kind text, screen_result text, screened_at int64
INSERT INTO issue (id, report, report_person, kind, screen_result, screened_at, recorded_at)
VALUES (:id, :report, :report_person, :kind, :screen_result, :screened_at, 0);

-- name: fact_screening
-- in: report id, dispatched_at int64?, joined_case id?
INSERT INTO screening (report, state, dispatched_at, joined_case, changed_at)
VALUES (:report, 'sent', :dispatched_at, :joined_case, 0);

-- name: fact_decision
-- in: id id, report id, kind text
INSERT INTO decision (id, report, release, model, kind, priority, immediate, lead_type, sealed, made_at)
VALUES (:id, :report, 'h', 'm', :kind, 'ordinary', 0, 'x', x'00', 0);

-- name: fact_dispatch
-- in: id id, report id, decision id, unit text, role text, state text, dispatched_at int64?
INSERT INTO dispatch (id, report, decision, unit, role, side, task, basis, state, dispatched_at, recorded_at)
VALUES (:id, :report, :decision, :unit, :role, 'protected', '', '', :state, :dispatched_at, 0);

-- name: fact_open_decision
-- in: id id, issue id, dispatch id, outcome text, decided_at int64, superseded_at int64?
INSERT INTO open_decision (id, issue, dispatch, outcome, reason, decided_at, decided_by, superseded_at)
VALUES (:id, :issue, :dispatch, :outcome, 'r', :decided_at, 0, :superseded_at);

-- name: fact_household
-- in: id id, number text
INSERT INTO household (id, number, recorded_at) VALUES (:id, :number, 0);

-- name: fact_membership
-- in: id id, household id, person id, to_day day?
INSERT INTO membership (id, household, person, role, to_day)
VALUES (:id, :household, :person, 'member', :to_day);

-- name: fact_family_case
-- in: id id, number text, household id?
INSERT INTO family_case (id, number, household, opened_at) VALUES (:id, :number, :household, 0);

-- name: fact_family_member
-- in: family_case id, person id, from_at int64, to_at int64?
INSERT INTO family_member (family_case, person, role, from_at, to_at)
VALUES (:family_case, :person, 'member', :from_at, :to_at);

-- name: fact_service_case
-- in: id id, number text, family_case id, unit text, kind text, subject id, side text,
--     opened_at int64, opened_day day, closed_at int64?, closed_day day?
INSERT INTO service_case (id, number, family_case, unit, kind, subject, side, worker, opened_at,
	opened_day, closed_at, closed_day)
VALUES (:id, :number, :family_case, :unit, :kind, :subject, :side, 0, :opened_at, :opened_day,
	:closed_at, :closed_day);
