-- At least a row of every table, for the test that runs each statement on both engines. The first
-- row of a table that a statement's conditions let through gives its parameters their values
-- (tests/db/gen_statements.py), so most ids are 1; rows of id 900 have no children. Only INSERT INTO table (columns) VALUES (...), (...); numbers, 'text', x'bytes', NULL.

INSERT INTO setting (name, value) VALUES ('city', 'C'), ('demo', '1');
INSERT INTO counter (name, day, last) VALUES ('R', 18600, 4), ('R', 18601, 1);
INSERT INTO epoch_key (epoch, wrapped, created_at) VALUES (1, x'0101', 1000), (2, x'0102', 2000);
INSERT INTO data_key (id, holder, epoch, wrapped) VALUES
	(1, 'person', 1, x'0201'),
	(2, 'report', 2, x'0202');
INSERT INTO work_item (id, kind, reference, state, due_at, attempts, last_error, created_at, finished_at) VALUES
	(1, 'screen_report', 1, 'waiting', 1000, 0, NULL, 1000, NULL),
	(2, 'screen_report', 2, 'waiting', 3000, 2, 'no policy', 1000, NULL),
	(3, 'screen_report', 3, 'done', 2000, 1, NULL, 1000, 2500),
	(4, 'screen_report', 4, 'failed', 2000, 8, 'gone', 1000, 9000);

INSERT INTO calendar_month (month, first_day, days) VALUES (30000, 90000, 31);

INSERT INTO release (hash, label, bundle, released_at, released_by, confirmed_by, effective_day) VALUES
	('aa', '基隆 110.1', x'50', 1000, 1, 2, 18500),
	('bb', '基隆 110.2', x'51', 2000, NULL, NULL, 18600),
	('cc', '基隆 110.3', x'52', 2500, 1, NULL, 18700);

INSERT INTO account (id, login, name, title, unit, roles, extension, password, failed_count, locked_until, disabled_at, valid_until, used_at, earlier_1, created_at) VALUES
	(1, 'hsu', '許示涵', '社工', 'dv_center', 'worker', '231', 'pw', 1, 5000, NULL, 18999, 3000, 'pw0', 1000),
	(2, 'lin', '林示範', '督導', 'dv_center', 'supervisor screener', NULL, 'pw', 0, NULL, NULL, NULL, 8000, NULL, 1000),
	(3, 'old', '舊帳號', '社工', 'xinyi', 'worker', NULL, 'pw', 0, NULL, 4000, NULL, NULL, NULL, 1000);
INSERT INTO second_factor (account, key, sealed, version, made_at, confirmed_at, last_counter, failed_count, locked_until) VALUES
	(1, 1, x'b1', 1, 1000, 2000, 33, 1, NULL), (2, 2, x'b2', 1, 1000, NULL, 0, 0, NULL);
INSERT INTO recovery_code (code_hash, account, made_at, used_at) VALUES
	(x'd1', 1, 1000, NULL), (x'd2', 1, 1000, 3000);
INSERT INTO session (token_hash, account, purpose, csrf, created_at, seen_at, ended_at) VALUES
	(x'a1', 1, 'casework', x'c1', 1000, 2000, NULL),
	(x'a2', 2, 'screening', x'c2', 1000, 2000, 3000);
INSERT INTO api_token (token_hash, sender, unit, created_at, disabled_at) VALUES
	(x'b1', 'police-system', 'police_2', 1000, NULL),
	(x'b2', 'school-system', 'education', 1000, 2000);
INSERT INTO relation (id, unit, account, person, side, tie, reference, from_at, to_at) VALUES
	(1, 'dv_center', 1, 1, 'protected', 'lead', 1, 1000, NULL),
	(2, 'dv_center', NULL, 2, 'respondent', 'co', 1, 1000, NULL),
	(3, 'xinyi', 3, 1, 'neutral', 'co', 2, 1000, 2000);
INSERT INTO opposition (id, protected, respondent, reference, from_at, to_at) VALUES
	(1, 1, 2, 1, 1000, NULL),
	(2, 3, 2, 2, 1000, 2000);
INSERT INTO audit_entry (leaf, at, account, actor, unit, purpose, action, object, outcome, detail, hash) VALUES
	(0, 1000, NULL, 'public', NULL, NULL, 'report.receive', 'RC1091201-0001-1', 'ok', NULL, x'd0'),
	(1, 2000, 1, 'hsu', 'dv_center', 'casework', 'report.view', 'RC1091201-0001-1', 'ok', '{}', x'd1'),
	(2, 3000, 2, 'lin', 'dv_center', 'screening', 'dispatch.review', 'RC1091201-0002-2', 'denied', NULL, x'd2'),
	(3, 4000, 1, 'hsu', 'dv_center', NULL, 'login.ok', 'hsu', 'ok', '{"why":"right"}', x'd3'),
	(4, 4100, NULL, 'public', NULL, NULL, 'login.failed', 'hsu', 'denied', NULL, x'd4'),
	(5, 4200, 1, 'hsu', 'dv_center', 'casework', 'factor.codes', 'hsu', 'ok', NULL, x'd5');
INSERT INTO audit_subject (leaf, person, classes) VALUES (1, 1, 'identity,contact'), (2, 2, 'identity');
INSERT INTO audit_checkpoint (size, root, peaks, at, note) VALUES (1, x'e1', x'f1', 1000, 'note'), (3, x'e3', x'f3', 3000, 'note');
INSERT INTO audit_stray (leaf, at, account, person) VALUES (1, 1000, 1, 1), (2, 2000, 1, NULL);
INSERT INTO notice (number, rule, account, person, first_leaf, last_leaf, first_at, last_at, looks, counted, raised_at, answered_at, answered_by, finding) VALUES
	(1, 'many_strangers', 1, 1, 1, 2, 1000, 2000, 2, 2, 3000, NULL, NULL, NULL),
	(2, 'again', 1, 1, 1, 1, 1000, 1000, 1, 1, 2000, 3000, 1, 'explained');

INSERT INTO person (id, number, key, sealed, version, sex, birth_year, district, source, recorded_at, recorded_by) VALUES
	(1, 'PC1090101-0001-1', 1, x'11', 1, 'F', 1985, 'xinyi', 'household_registration', 1000, NULL),
	(2, 'PC1090101-0002-2', 2, x'12', 2, 'M', 1980, 'xinyi', 'report', 1000, 1),
	(3, 'PC1090101-0003-3', 3, x'13', 1, NULL, NULL, NULL, 'welfare', 1500, 1);
INSERT INTO break_glass (id, number, account, unit, person, reason, key, sealed, opened_at, until_at, review_due_at, reviewed_at, reviewed_by, justified, review_sealed) VALUES
	(1, 'BC1101206-0001-1', 1, 'dv_center', 1, 'night_duty', 1, x'f1', 1000, 5000, 9000, NULL, NULL, NULL, NULL),
	(2, 'BC1101206-0002-2', 1, 'dv_center', 1, 'hospital', 1, x'f2', 1000, 2000, 9000, 8000, 2, 1, x'f3');
INSERT INTO person_superseded (person, version, sealed, superseded_at, superseded_by) VALUES
	(2, 1, x'10', 1500, 1);
INSERT INTO household (id, number, district, village, recorded_at) VALUES
	(1, 'HC1090101-0001-1', 'xinyi', '東明里', 1000),
	(2, 'HC1090101-0002-2', NULL, NULL, 1000);
INSERT INTO membership (id, household, person, role, from_day, to_day) VALUES
	(1, 1, 1, 'head', 15000, NULL),
	(2, 1, 2, 'spouse', 15000, NULL),
	(3, 2, 3, 'head', NULL, 18000);
INSERT INTO relationship (id, person, other, kind, source, from_day, to_day, recorded_at, recorded_by) VALUES
	(1, 1, 2, 'spouse', 'household_registration', 15000, NULL, 1000, NULL),
	(2, 3, 1, 'child', 'household_registration', NULL, NULL, 1000, 1),
	(3, 1, 3, 'housemate', 'decided', 18600, NULL, 1000, 1);
INSERT INTO home_decision (id, person, other, state, place, reason, decided_at, decided_by, undone_at, undone_by) VALUES
	(1, 1, 2, 'together', 'floor', 'documents', 1000, 1, NULL, NULL),
	(2, 1, 3, 'apart', 'door', NULL, 900, 2, 1000, 1);
INSERT INTO involvement (id, person, kind, detail, role, unit, account, reference, number, from_at, to_at) VALUES
	(1, 1, 'report', 'adult_ipv', 'victim', NULL, NULL, 1, 'RC1091201-0001-1', 1606780800000, 1606780800000),
	(2, 1, 'service_case', 'adult_ipv', 'subject', 'dv_center', 1, 1, 'SC1091202-0001-1', 1606867200000, NULL),
	(3, 2, 'flag', 'high_risk', 'respondent', NULL, NULL, 1, 'RC1091201-0001-1', 1606780800000, NULL);
INSERT INTO extract (id, register, extract_day, file, sha256, row_count, new_count, changed_count, same_count, quarantined_count, loaded_at, loaded_by) VALUES
	(1, 'welfare', 18600, 'welfare-109.csv', 'ab', 3, 1, 1, 0, 1, 1000, NULL),
	(2, 'welfare', 18500, 'welfare-108.csv', 'cd', 2, 2, 0, 0, 0, 900, 1);
INSERT INTO register_record (id, register, source_id, extract, key, sealed, version, digest, status, unit, from_day, to_day) VALUES
	(1, 'welfare', 'W-1', 1, 1, x'21', 1, x'31', 'open', 'assistance', 18000, NULL),
	(2, 'drug', 'D-1', 1, 2, x'22', 1, x'32', 'past', NULL, 17000, 18000);
INSERT INTO identity_link (id, record, register, person, state, probability_ppm, levels, decided_at, decided_by, undone_at, undone_by, reason, key, words, undone_by_link, restores) VALUES
	(1, 1, 'welfare', 1, 'confirmed', 999000, 'name=exact|birth=exact', 1000, 1, NULL, NULL, 'compared', 1, x'71', NULL, NULL),
	(2, 2, 'drug', 2, 'proposed', 700000, 'name=exact', 1000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 3),
	(3, 2, 'drug', 3, 'confirmed', 950000, 'name=exact', 900, 1, 1000, 2, NULL, NULL, NULL, 1, NULL);
INSERT INTO link_doubt (id, link, account, at, key, words) VALUES (1, 2, 1, 1000, 1, x'72'), (2, 1, 2, 1100, 1, NULL);
INSERT INTO quarantine (id, extract, line, reason, key, sealed) VALUES (1, 1, 3, 'birth_date', 1, x'41');

INSERT INTO report (id, number, lookup_hash, kind, channel, reporter_role, reporter_unit, sender, received_at, received_day, incident_at, district, urgent, complete_permille, missing, key, sealed, reporter_key, reporter_sealed, state, recorded_at, recorded_by) VALUES
	(1, 'RC1091201-0001-1', x'51', 'adult_ipv', 'public', 'police', '第二分局', 'police-system', 1606780800000, 18597, 1606770000000, 'xinyi', 1, 800, 'phone', 1, x'52', 1, x'53', 'dispatched', 1606780800000, 1),
	(2, 'RC1091201-0002-2', NULL, 'child_protection', 'agency', 'teacher', NULL, NULL, 1606781800000, 18597, NULL, NULL, 0, 500, '', 2, x'54', 2, x'55', 'received', 1606781800000, NULL),
	(3, 'RC1091202-0001-3', x'56', 'vulnerable_family', 'outreach', 'worker', NULL, NULL, 1606867200000, 18598, NULL, 'anle', 0, 1000, '', 2, x'57', 2, x'58', 'closed', 1606867200000, 2),
	(900, 'RC1091203-0001-9', NULL, 'suicide', 'public', 'neighbour', NULL, NULL, 1606953600000, 18599, NULL, 'anle', 0, 100, 'name', 2, x'59', 2, x'5a', 'received', 1606953600000, NULL);
INSERT INTO report_person (id, report, position, role, sealed, sex, age, person, link_state, probability_ppm, levels, recognised_at, decided_by) VALUES
	(1, 1, 1, 'victim', x'61', 'F', 35, 1, 'confirmed', 999000, 'name=exact', 1606780900000, 1),
	(2, 1, 2, 'respondent', x'62', 'M', NULL, 2, 'proposed', 800000, 'name=exact', 1606780900000, NULL),
	(3, 2, 1, 'child', x'63', NULL, 8, NULL, 'none', NULL, NULL, NULL, NULL),
	(4, 3, 1, 'subject', x'64', 'F', 40, 3, 'confirmed', NULL, NULL, 1606867300000, 2),
	(5, 3, 2, 'member', x'65', 'F', 35, 1, 'confirmed', NULL, NULL, 1606867300000, 2);
INSERT INTO report_candidate (report_person, rank, person, probability_ppm, levels) VALUES
	(1, 1, 1, 999000, 'name=exact'),
	(1, 2, 3, 120000, 'name=similar');
INSERT INTO register_answer (report_person, register, extract_day, answer, record, answered_at) VALUES
	(1, 'welfare', 18600, 'open', 1, 1606780900000),
	(1, 'drug', 18600, 'none', NULL, 1606780900000);
INSERT INTO supplement_request (id, report, items, asked_at, asked_by, due_at, answered_at) VALUES
	(1, 1, 'phone address', 1606781000000, 2, 1606867400000, NULL),
	(2, 1, 'weapon', 1606781000000, 2, 1606867400000, 1606781500000);
INSERT INTO report_supplement (id, report, request, sealed, received_at, recorded_by) VALUES
	(1, 1, 2, x'71', 1606781500000, NULL);
INSERT INTO idempotency (sender, key, body_hash, report, receipt_key, receipt_sealed, at) VALUES
	('police-system', 'k1', x'81', 1, 1, x'82', 1000);
INSERT INTO issue (id, report, report_person, kind, screen_result, screened_at, screened_by, duplicate_of, recorded_at) VALUES
	(1, 1, 1, 'adult_ipv', 'valid', 1606781000000, 2, NULL, 1606780800000),
	(2, 2, 3, 'child_protection', NULL, NULL, NULL, NULL, 1606781800000),
	(4, 2, 3, 'child_protection', 'valid', 1606782000000, 2, NULL, 1606781900000),
	(3, 3, 4, 'vulnerable_family', 'valid', 1606867300000, 2, NULL, 1606867200000);

INSERT INTO decision (id, report, issue, release, model, kind, scale, level, child_class, priority, immediate, lead_type, sealed, made_at, made_by, reason, superseded_at) VALUES
	(1, 1, NULL, 'aa', 'triage.dmn#proposal', 'adult_ipv', 'tipvda', 'high', NULL, 'urgent', 1, 'dv_center', x'91', 1606780950000, NULL, NULL, NULL),
	(2, 1, 1, 'aa', 'triage.dmn#proposal', 'adult_ipv', 'tipvda', 'watch', NULL, 'ordinary', 0, 'dv_center', x'92', 1606780940000, 1, 'new_fact', 1606780950000),
	(3, 2, NULL, 'aa', 'triage.dmn#proposal', 'child_protection', 'child_level', '2', '1', 'ordinary', 0, 'dv_center', x'93', 1606781900000, NULL, NULL, NULL),
	(5, 1, 1, 'aa', 'triage.dmn#proposal', 'adult_ipv', 'tipvda', 'high', NULL, 'urgent', 1, 'dv_center', x'95', 1606780955000, 1, 'new_fact', NULL),
	(4, 3, NULL, 'bb', 'triage.dmn#proposal', 'vulnerable_family', 'vulnerability', 'low', NULL, 'ordinary', 0, 'family_center', x'94', 1606867300000, NULL, NULL, NULL);
INSERT INTO screening (report, state, claimed_by, submitted_by, submitted_at, urgent_at, urgent_by, review_due_at, reviewed_by, reviewed_at, dispatched_at, joined_case, closed_at, followup_due_at, changed_at) VALUES
	(1, 'sent', 2, 2, 1606781000000, 1606781100000, 2, 1606790000000, 3, 1606782000000, 1606781100000, NULL, NULL, NULL, 1606782000000),
	(2, 'waiting', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1606781900000),
	(3, 'done', 2, 2, 1606867300000, NULL, NULL, NULL, 3, 1606867400000, 1606867400000, 1, 1606870000000, 1607000000000, 1606870000000);
INSERT INTO dispatch (id, report, decision, unit, role, person, side, task, basis, state, first_contact_due_at, accept_due_at, dispatched_at, accepted_at, worker, assigned_at, recorded_at, recorded_by) VALUES
	(1, 1, 1, 'dv_center', 'lead', 1, 'protected', '訪視', 'row-1', 'dispatched', 1606867200000, 1606790000000, 1606781100000, NULL, NULL, NULL, 1606780960000, NULL),
	(2, 1, 1, 'mental_health', 'co', 2, 'respondent', '評估', 'row-2', 'accepted', NULL, NULL, 1606781100000, 1606784000000, 3, 1606785000000, 1606780960000, 2),
	(3, 2, 3, 'dv_center', 'lead', NULL, 'protected', '訪視', 'row-3', 'proposed', NULL, NULL, NULL, NULL, NULL, NULL, 1606781900000, NULL),
	(4, 3, 4, 'xinyi', 'lead', 3, 'neutral', '訪視', 'edited', 'assigned', NULL, NULL, 1606867400000, 1606868000000, 1, 1606869000000, 1606867300000, 2),
	(5, 1, 1, 'xinyi', 'co', 1, 'protected', '訪視', 'row-4', 'returned', NULL, NULL, 1606781100000, NULL, NULL, NULL, 1606780960000, 2);
INSERT INTO dispatch_event (id, report, dispatch, kind, at, account, unit, code, key, sealed) VALUES
	(1, 1, 1, 'dispatched', 1606781100000, 2, 'dv_center', '75', 1, x'a1'),
	(2, 1, NULL, 'received', 1606780800000, NULL, NULL, NULL, NULL, NULL),
	(3, 1, 1, 'escalated', 1606790000000, NULL, NULL, '75', NULL, NULL),
	(4, 1, 1, 'submitted', 1606781000000, 1, 'dv_center', NULL, NULL, NULL),
	(5, 3, 4, 'returned', 1606868500000, 1, 'xinyi', 'out_of_area', 2, x'a2'),
	(7, 1, 5, 'returned', 1606785000000, 3, 'xinyi', 'not_ours', 1, x'a7'),
	(6, 3, 4, 'reviewed', 1606867400000, 3, 'xinyi', NULL, NULL, NULL);

INSERT INTO family_case (id, number, household, opened_at, recorded_by) VALUES
	(1, 'FC1091202-0001-1', 1, 1606867200000, 1),
	(2, 'FC1091203-0001-2', NULL, 1606953600000, 1);
INSERT INTO family_member (family_case, person, role, from_at, to_at) VALUES
	(1, 1, 'head', 1606867200000, NULL),
	(1, 2, 'spouse', 1606867200000, NULL),
	(2, 3, 'head', 1606953600000, 1607000000000);
INSERT INTO service_case (id, number, family_case, unit, kind, subject, side, issue, worker, level, opened_at, opened_day, closed_at, closed_day, close_reason, close_asked_at, close_asked_by, close_approved_by, reopened_from) VALUES
	(1, 'SC1091202-0001-1', 1, 'dv_center', 'adult_ipv', 1, 'protected', 1, 1, 'high', 1606867200000, 18598, NULL, NULL, 'goals_met', 1607000000000, 1, NULL, NULL),
	(2, 'SC1091203-0001-2', 2, 'xinyi', 'vulnerable_family', 3, 'neutral', NULL, 3, NULL, 1606953600000, 18599, 1607100000000, 18601, 'moved_away', 1607000000000, 3, 2, NULL),
	(3, 'SC1091204-0001-3', 1, 'mental_health', 'mental_health', 2, 'respondent', NULL, 3, NULL, 1607040000000, 18600, NULL, NULL, NULL, NULL, NULL, NULL, 2);
INSERT INTO service_case (id, number, family_case, unit, kind, subject, side, issue, worker, level, opened_at, opened_day, closed_at, closed_day, close_reason, close_asked_at, close_asked_by, close_approved_by, reopened_from) VALUES
	(4, 'SC1090601-0001-4', 2, 'xinyi', 'vulnerable_family', 3, 'neutral', NULL, 3, NULL, 1590969600000, 18414, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(5, 'SC1090930-0001-5', 1, 'xinyi', 'vulnerable_family', 1, 'neutral', NULL, 3, NULL, 1601424000000, 18597, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO open_decision (id, issue, dispatch, outcome, reason, decided_at, decided_by, approved_at, approved_by, service_case, superseded_at) VALUES
	(1, 1, 1, 'Y', 'danger', 1606867200000, 1, NULL, NULL, 1, NULL),
	(3, 4, 1, 'N', 'no_need', 1606880000000, 1, NULL, NULL, NULL, NULL),
	(2, 3, 4, 'N', 'no_need', 1606870000000, 1, 1606871000000, 2, NULL, 1606872000000);
INSERT INTO assessment (id, dispatch, person, key, sealed, made_at, made_by) VALUES
	(1, 1, 1, 1, x'b1', 1606867100000, 1);
INSERT INTO contact (id, service_case, dispatch, person, form, outcome, partner_unit, at, day, key, sealed, recorded_at, recorded_by) VALUES
	(1, 1, 1, 1, 'home', 'met', NULL, 1606870000000, 18598, 1, x'c1', 1606871000000, 1),
	(2, 1, NULL, 1, 'joint', 'not_home', 'mental_health', 1606960000000, 18599, 1, x'c2', 1606961000000, 3),
	(3, NULL, 1, 1, 'phone', 'met', NULL, 1606866000000, 18598, 1, x'c3', 1606866500000, 1);
INSERT INTO plan_goal (id, service_case, person, key, sealed, responsible, due_day, state, recorded_at, recorded_by, superseded_at) VALUES
	(1, 1, 1, 1, x'd1', 'dv_center', 18630, 'open', 1606871000000, 1, NULL),
	(2, 1, 1, 1, x'd2', 'education', NULL, 'met', 1606871000000, 1, NULL),
	(3, 1, 1, 1, x'd3', 'dv_center', 18620, 'open', 1606870000000, 1, 1606871000000);
INSERT INTO report_hold (report, source, held_at, state, ended_at, ended_by, reason) VALUES
	(2, 'W4XJ', 1606781800000, 'held', NULL, NULL, NULL),
	(3, 'W4XJ', 1606867200000, 'released', 1606868200000, 1, NULL),
	(900, '7K3M', 1606953600000, 'refused', 1606953700000, 1, 'flood');
INSERT INTO change (number, kind, reference, at) VALUES (1, 'person', 1, 1000), (2, 'facts', 0, 2000);
INSERT INTO release_turn (number, release, from_day, at) VALUES
	(1, 'aa', 18500, 1000), (2, 'bb', 18600, 2000), (3, 'aa', 18600, 3000);
INSERT INTO release_proposal (number, hash, label, bundle, base, draft, from_day, words, proposed_by, proposer, proposed_at, answer, answered_by, answerer, answered_at, answer_words) VALUES
	(1, 'dd', '基隆 110.4', x'53', 'aa', 1, 18600, '門檻改為九分', 1, 'hsu', 3000, NULL, NULL, NULL, NULL, NULL),
	(2, 'bb', '基隆 110.2', NULL, 'aa', NULL, 18600, '回到前版', NULL, 'console:root', 1500, 'confirmed', 2, 'lin', 2000, NULL),
	(3, 'ee', '基隆 110.5', NULL, 'bb', NULL, 18700, '改派單位', 2, 'lin', 2500, 'refused', 1, 'hsu', 2600, '依據不足');
INSERT INTO policy_draft (number, name, base, path, made_by, made_at, closed_at) VALUES
	(1, '110下半年', 'aa', 'triage.dmn', 1, 2000, NULL),
	(2, '舊稿', 'aa', 'triage.dmn', 2, 1000, 3000),
	(900, '新稿', 'bb', 'triage.dmn', 1, 4000, NULL);
INSERT INTO policy_draft_version (draft, version, model, saved_by, saved_at) VALUES
	(1, 1, x'3c612f3e', 1, 2000), (1, 2, x'3c622f3e', 2, 2500), (2, 1, x'3c632f3e', 2, 1000);
