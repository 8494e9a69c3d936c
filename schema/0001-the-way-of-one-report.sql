-- The way of one report, as rows.
--
-- Types: id int64 text bytes day flag (tools/gen_sql.py turns them into each engine's own).
-- Instants (*_at) are UTC milliseconds; days (*_day) are days since 1970-01-01 in Taipei.
-- Cells named sealed* are sealed under the data key named beside them (src/db/seal.h); what stands
-- in plain is what statistics need: sex, age in years and district at the event, kind, unit, days.
-- Every fact has recorded_at and recorded_by (an account); corrections supersede, nothing a worker
-- wrote is overwritten. Internal ids are given before insert and never leave; people see `number`.

-- -- the house ---------------------------------------------------------------------------------

-- One value a name: city code, deployment id, the demo's clock offset, whether it is a demo.
CREATE TABLE setting (
	name text NOT NULL PRIMARY KEY,
	value text NOT NULL
);

-- Counters behind public numbers: the count of a kind of number on a day.
CREATE TABLE counter (
	name text NOT NULL,
	day day NOT NULL,
	last int64 NOT NULL,
	PRIMARY KEY (name, day)
);

-- Key-wrapping keys, one an epoch, wrapped by the root key. Destroying an old one, once every
-- backup of its time has expired, finishes the erasures of its time.
CREATE TABLE epoch_key (
	epoch int64 NOT NULL PRIMARY KEY,
	wrapped bytes NOT NULL,
	created_at int64 NOT NULL
);

-- Data keys, one a holder, wrapped by an epoch key. No row = erased.
CREATE TABLE data_key (
	id id NOT NULL PRIMARY KEY,
	holder text NOT NULL, -- person, reporter, report, record, account, household
	epoch int64 NOT NULL,
	wrapped bytes NOT NULL
);

-- Durable work: written in the transaction that makes it due, picked up by a worker, retried with
-- growing waits, given up after its last attempt (and then shown to the operator).
CREATE TABLE work_item (
	id id NOT NULL PRIMARY KEY,
	kind text NOT NULL,      -- screen_report, ...
	reference id NOT NULL,   -- what it is about, by kind
	state text NOT NULL,     -- waiting, done, failed
	due_at int64 NOT NULL,
	attempts int64 NOT NULL,
	last_error text,         -- never personal data
	created_at int64 NOT NULL,
	finished_at int64
);
CREATE INDEX work_item_due ON work_item (state, due_at, id);

-- -- policy --------------------------------------------------------------------------------------

-- A policy bundle as released: every file of the folder by the hash of the whole. What decided a
-- case is named by this hash for ever.
CREATE TABLE release (
	hash text NOT NULL PRIMARY KEY, -- sha256 of the bundle, hexadecimal
	label text NOT NULL,            -- city and version as people say it
	bundle bytes NOT NULL,          -- the files, as policy/ packs them
	released_at int64 NOT NULL,
	released_by id,                 -- NULL: by loading into an empty or demo database
	confirmed_by id,
	effective_day day NOT NULL
);

-- -- guard ---------------------------------------------------------------------------------------

CREATE TABLE account (
	id id NOT NULL PRIMARY KEY,
	login text NOT NULL UNIQUE,
	name text NOT NULL,            -- as shown: 許示涵
	title text NOT NULL,           -- 社工, 督導
	unit text NOT NULL,            -- code in units.yaml
	roles text NOT NULL,           -- codes in roles.yaml, separated by spaces
	extension text,                -- telephone extension shown to colleagues
	password text NOT NULL,        -- argon2id, libsodium's string form
	failed_count int64 NOT NULL,   -- since the last success, for back-off
	locked_until int64,            -- real time
	disabled_at int64,
	created_at int64 NOT NULL
);

CREATE TABLE session (
	token_hash bytes NOT NULL PRIMARY KEY, -- BLAKE2b-256 of the cookie's value
	account id NOT NULL REFERENCES account (id),
	purpose text NOT NULL,                 -- code of roles.yaml's purposes
	csrf bytes NOT NULL,                   -- 32 random bytes; shown as hexadecimal in forms
	created_at int64 NOT NULL,             -- real time, as are the two below
	seen_at int64 NOT NULL,
	ended_at int64
);

-- Agencies' tokens for the JSON interface.
CREATE TABLE api_token (
	token_hash bytes NOT NULL PRIMARY KEY,
	sender text NOT NULL,          -- name of the sending system
	unit text NOT NULL,            -- code in units.yaml
	created_at int64 NOT NULL,
	disabled_at int64
);

-- Who serves whom, on which side: what access is decided by. A respondent's worker has side
-- 'respondent' and gets nothing of the protected side.
CREATE TABLE relation (
	id id NOT NULL PRIMARY KEY,
	unit text NOT NULL,            -- the unit that serves
	account id,                    -- the worker, once assigned
	person id NOT NULL,
	side text NOT NULL,            -- protected, respondent, neutral: the side the unit serves on
	tie text NOT NULL,             -- lead, co, context, screening: see src/guard/relation.h
	reference id NOT NULL,         -- report, dispatch or service case it comes from
	from_at int64 NOT NULL,
	to_at int64
);
CREATE INDEX relation_person ON relation (person, to_at);
CREATE INDEX relation_unit ON relation (unit, side, to_at);
CREATE INDEX relation_account ON relation (account, to_at);
CREATE INDEX relation_reference ON relation (reference);

-- Who is protected from whom: from the roles in a report. It outlives the cases, and ends only
-- when the report turns out to be mistaken or the person somebody else.
CREATE TABLE opposition (
	id id NOT NULL PRIMARY KEY,
	protected id NOT NULL,         -- person
	respondent id NOT NULL,        -- person
	reference id NOT NULL,         -- report it comes from
	from_at int64 NOT NULL,
	to_at int64
);
CREATE INDEX opposition_respondent ON opposition (respondent, to_at);
CREATE INDEX opposition_protected ON opposition (protected, to_at);
CREATE INDEX opposition_reference ON opposition (reference);

-- The log: leaves of an RFC 6962 tree, without gaps. The leaf hashes the row, sealed detail
-- as ciphertext, so that erasure does not break the proof.
CREATE TABLE audit_entry (
	leaf int64 NOT NULL PRIMARY KEY,
	at int64 NOT NULL,             -- real time
	account id,                    -- NULL: the public or the program itself
	actor text NOT NULL,           -- login, "public", "worker", "console:root"
	unit text,
	purpose text,
	action text NOT NULL,          -- route or use case: report.view, dispatch.review
	object text,                   -- public number of what was looked at or changed
	outcome text NOT NULL,         -- ok, denied, ...
	detail text,                   -- JSON without personal data
	hash bytes NOT NULL            -- leaf hash
);
CREATE INDEX audit_entry_account ON audit_entry (account, leaf);
CREATE INDEX audit_entry_object ON audit_entry (object, leaf);

-- Whose data an entry touched, and which field classes (comma-separated codes).
CREATE TABLE audit_subject (
	leaf int64 NOT NULL REFERENCES audit_entry (leaf),
	person id NOT NULL,
	classes text NOT NULL,
	PRIMARY KEY (leaf, person)
);
CREATE INDEX audit_subject_person ON audit_subject (person, leaf);

CREATE TABLE audit_checkpoint (
	size int64 NOT NULL PRIMARY KEY, -- leaves covered
	root bytes NOT NULL,
	peaks bytes NOT NULL,            -- roots of the perfect subtrees, largest first, 32 bytes each
	at int64 NOT NULL,
	note text NOT NULL               -- C2SP signed note
);

-- -- person --------------------------------------------------------------------------------------

-- A person as the city knows them. sealed: names, numbers, birth date, phones, addresses (see
-- src/city/person/identity.h). version counts corrections; superseded cells are kept.
CREATE TABLE person (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	key id NOT NULL,
	sealed bytes NOT NULL,
	version int64 NOT NULL,
	sex text,                      -- M, F, X; NULL unknown
	birth_year int64,
	district text,                 -- of residence, code in city.yaml
	source text NOT NULL,          -- household_registration, report, register name
	recorded_at int64 NOT NULL,
	recorded_by id
);

CREATE TABLE person_superseded (
	person id NOT NULL REFERENCES person (id),
	version int64 NOT NULL,
	sealed bytes NOT NULL,
	superseded_at int64 NOT NULL,
	superseded_by id,
	PRIMARY KEY (person, version)
);

CREATE TABLE household (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	district text,
	village text,
	recorded_at int64 NOT NULL
);

CREATE TABLE membership (
	id id NOT NULL PRIMARY KEY,
	household id NOT NULL REFERENCES household (id),
	person id NOT NULL REFERENCES person (id),
	role text NOT NULL,            -- head, spouse, child, parent, sibling, grandchild, other
	from_day day,
	to_day day
);
CREATE INDEX membership_person ON membership (person);
CREATE INDEX membership_household ON membership (household);

CREATE TABLE relationship (
	id id NOT NULL PRIMARY KEY,
	person id NOT NULL REFERENCES person (id),
	other id NOT NULL REFERENCES person (id),
	kind text NOT NULL,            -- person is the <kind> of other: parent, spouse, partner, ...
	source text NOT NULL,
	from_day day,
	to_day day,
	recorded_at int64 NOT NULL,
	recorded_by id
);
CREATE INDEX relationship_person ON relationship (person);
CREATE INDEX relationship_other ON relationship (other);

-- The ledger that rooms to the right write to, so that person can say what is known of somebody
-- without asking them: earlier reports, open cases, flags.
CREATE TABLE involvement (
	id id NOT NULL PRIMARY KEY,
	person id NOT NULL,
	kind text NOT NULL,            -- report, service_case, dispatch, flag
	detail text NOT NULL,          -- kind of report or case; code of the flag
	role text NOT NULL,            -- victim, respondent, subject, member, ...
	unit text,
	account id,                    -- worker
	reference id NOT NULL,
	number text NOT NULL,          -- public number of what it refers to
	from_at int64 NOT NULL,
	to_at int64                    -- NULL: still open; = from_at for events
);
CREATE INDEX involvement_person ON involvement (person, from_at);
CREATE INDEX involvement_reference ON involvement (reference);

-- One loading of one register's extract.
CREATE TABLE extract (
	id id NOT NULL PRIMARY KEY,
	register text NOT NULL,        -- code in registers/*.yaml
	extract_day day NOT NULL,
	file text NOT NULL,
	sha256 text NOT NULL,
	row_count int64 NOT NULL,
	new_count int64 NOT NULL,
	changed_count int64 NOT NULL,
	same_count int64 NOT NULL,
	quarantined_count int64 NOT NULL,
	loaded_at int64 NOT NULL,
	loaded_by id
);
CREATE INDEX extract_register ON extract (register, extract_day);

-- An agency's row as imported.
CREATE TABLE register_record (
	id id NOT NULL PRIMARY KEY,
	register text NOT NULL,
	source_id text NOT NULL,       -- the agency's own id of the row
	extract id NOT NULL REFERENCES extract (id),
	key id NOT NULL,
	sealed bytes NOT NULL,         -- the row by our column names, JSON
	version int64 NOT NULL,
	digest bytes NOT NULL,         -- keyed hash of the row, to see what changed
	status text NOT NULL,          -- open 在案, past 曾在案
	unit text,
	from_day day,
	to_day day,
	UNIQUE (register, source_id)
);

-- Which person a register's record is about: linked, never merged, and undone without loss.
CREATE TABLE identity_link (
	id id NOT NULL PRIMARY KEY,
	record id NOT NULL REFERENCES register_record (id),
	register text NOT NULL,
	person id NOT NULL REFERENCES person (id),
	state text NOT NULL,           -- proposed, confirmed, rejected
	probability_ppm int64 NOT NULL,
	levels text NOT NULL,          -- field=level joined by |
	decided_at int64 NOT NULL,
	decided_by id,                 -- NULL: by the program, above the link threshold
	undone_at int64,
	undone_by id
);
CREATE INDEX identity_link_person ON identity_link (person, register);
CREATE INDEX identity_link_record ON identity_link (record);
CREATE INDEX identity_link_waiting ON identity_link (probability_ppm)
	WHERE state = 'proposed' AND undone_at IS NULL;

-- Rows of an extract that could not be read: kept sealed, with the reason.
CREATE TABLE quarantine (
	id id NOT NULL PRIMARY KEY,
	extract id NOT NULL REFERENCES extract (id),
	line int64 NOT NULL,
	reason text NOT NULL,
	key id NOT NULL,
	sealed bytes NOT NULL
);

-- -- intake --------------------------------------------------------------------------------------

-- A report 通報表 as received. It is never changed: what comes later is an event or a supplement.
CREATE TABLE report (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	lookup_hash bytes,             -- of the code shown once; NULL: internal
	kind text NOT NULL,            -- as reported; an issue may be reclassified
	channel text NOT NULL,         -- public, agency, api, file, console, outreach (主動發掘)
	reporter_role text NOT NULL,   -- police, teacher, ...; code
	reporter_unit text,            -- agency and post, visible to the lead worker
	sender text,                   -- account or token that sent it
	received_at int64 NOT NULL,
	received_day day NOT NULL,
	incident_at int64,
	district text,                 -- of the incident, or of residence when that is unknown
	urgent flag NOT NULL,          -- the reporter says: now
	complete_permille int64 NOT NULL,
	missing text NOT NULL,         -- codes of facts that are missing, separated by spaces
	key id NOT NULL,
	sealed bytes NOT NULL,         -- narrative, place, answers, "only for the centre": JSON
	reporter_key id NOT NULL,
	reporter_sealed bytes NOT NULL, -- name, phone: JSON
	state text NOT NULL,           -- received, screened, dispatched, closed
	recorded_at int64 NOT NULL,
	recorded_by id
);
-- the list's filters stand in the index: rows hold sealed text, and reading them to filter is slow
CREATE INDEX report_received ON report (received_at, state, kind, district, channel);
CREATE INDEX report_state ON report (state, received_at);

-- A person in a report, as the reporter wrote it, and who it was recognised to be.
CREATE TABLE report_person (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	position int64 NOT NULL,       -- from 1, the number in the narrative
	role text NOT NULL,            -- victim, respondent, child, subject, caregiver, witness, ...
	sealed bytes NOT NULL,         -- as reported: JSON, under the report's key
	sex text,
	age int64,                     -- in years at receipt
	person id,                     -- recognised as; NULL: nobody yet
	link_state text NOT NULL,      -- none, proposed, confirmed, rejected, created
	probability_ppm int64,
	levels text,
	recognised_at int64,
	decided_by id
);
CREATE INDEX report_person_report ON report_person (report, position);
CREATE INDEX report_person_person ON report_person (person);

-- Candidates shown for a report's person, best first, kept as they were seen.
CREATE TABLE report_candidate (
	report_person id NOT NULL REFERENCES report_person (id),
	rank int64 NOT NULL,
	person id NOT NULL,
	probability_ppm int64 NOT NULL,
	levels text NOT NULL,
	PRIMARY KEY (report_person, rank)
);

-- "No hit as of DATE" is an answer too: what each register said when the report was screened.
CREATE TABLE register_answer (
	report_person id NOT NULL REFERENCES report_person (id),
	register text NOT NULL,
	extract_day day NOT NULL,
	answer text NOT NULL,          -- none, past, open
	record id,
	answered_at int64 NOT NULL,
	PRIMARY KEY (report_person, register)
);

-- 補件: what was asked back and when it was answered (the answer is a report_supplement).
CREATE TABLE supplement_request (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	items text NOT NULL,           -- codes of facts, separated by spaces
	asked_at int64 NOT NULL,
	asked_by id NOT NULL,
	due_at int64 NOT NULL,
	answered_at int64
);
CREATE INDEX supplement_request_report ON supplement_request (report);
CREATE INDEX supplement_request_asked ON supplement_request (asked_by);

CREATE TABLE report_supplement (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	request id,
	sealed bytes NOT NULL,         -- the answers, JSON, under the report's key
	received_at int64 NOT NULL,
	recorded_by id
);
CREATE INDEX report_supplement_report ON report_supplement (report);

-- A sender's own key for a report, kept 24 hours: the same key gives the same receipt.
CREATE TABLE idempotency (
	sender text NOT NULL,
	key text NOT NULL,
	body_hash bytes NOT NULL,
	report id NOT NULL,
	receipt_key id NOT NULL,       -- data key
	receipt_sealed bytes NOT NULL, -- the receipt as given, with its lookup code
	at int64 NOT NULL,             -- real time
	PRIMARY KEY (sender, key)
);

-- 件: one subject and one kind of a report; kind as after screening.
CREATE TABLE issue (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	report_person id NOT NULL REFERENCES report_person (id), -- the subject
	kind text NOT NULL,
	screen_result text,            -- valid, duplicate, unidentifiable, other_city, reclassified, mistaken, test
	screened_at int64,
	screened_by id,
	duplicate_of id,               -- report it is the same incident as
	recorded_at int64 NOT NULL
);
CREATE INDEX issue_report ON issue (report);
CREATE INDEX issue_report_person ON issue (report_person);

-- -- triage --------------------------------------------------------------------------------------

-- What the policy said of a report, once a run. level, child_class and priority are codes of the
-- policy; the sealed part holds inputs with their source, fired rows, unknowns, as JSON.
CREATE TABLE decision (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	issue id,                      -- NULL: the report's leading issue
	release text NOT NULL REFERENCES release (hash),
	model text NOT NULL,           -- file and decision
	kind text NOT NULL,
	scale text,                    -- child_level, tipvda, vulnerability, suicide, none
	level text,
	child_class text,
	priority text NOT NULL,        -- urgent 優先, ordinary 一般
	immediate flag NOT NULL,       -- 緊急先派 is open to it
	lead_type text NOT NULL,       -- unit type
	sealed bytes NOT NULL,         -- under the report's key
	made_at int64 NOT NULL,
	made_by id,                    -- NULL: the program proposes
	reason text,                   -- code of an override, when a person changed it
	superseded_at int64
);
CREATE INDEX decision_report ON decision (report, made_at);

-- -- dispatch ------------------------------------------------------------------------------------

-- Where a report stands on its way to the units: the board's columns. Moves with each event, in the
-- same transaction; src/city/dispatch/state.c has the table of allowed moves.
CREATE TABLE screening (
	report id NOT NULL PRIMARY KEY REFERENCES report (id),
	state text NOT NULL,           -- waiting, submitted, sent, done, closed
	claimed_by id,                 -- who screens it
	submitted_by id,
	submitted_at int64,
	urgent_at int64,               -- 緊急先派: sent before its review
	urgent_by id,
	review_due_at int64,           -- 補複核, urgent path alone
	reviewed_by id,
	reviewed_at int64,
	dispatched_at int64,           -- first confirmed dispatch: the 24-hour clock stops
	joined_case id,                -- joined to an open service case instead of a new dispatch
	closed_at int64,
	followup_due_at int64,         -- 關懷追蹤 of a report without dispatch
	changed_at int64 NOT NULL
);
CREATE INDEX screening_state ON screening (state, changed_at);

-- 案次: one unit asked to act on a report, as lead or as one of the co-units.
CREATE TABLE dispatch (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	decision id NOT NULL REFERENCES decision (id),
	unit text NOT NULL,
	role text NOT NULL,            -- lead, co
	person id,                     -- whom the unit is to serve; NULL: the subject of the report
	side text NOT NULL,            -- protected, respondent, neutral: the side that person is on
	task text NOT NULL,            -- what the unit is asked to do, from the policy or edited
	basis text NOT NULL,           -- row of the policy, "open_case", or "edited"
	state text NOT NULL,           -- proposed, dispatched, accepted, assigned, returned, disputed, withdrawn, finished
	first_contact_due_at int64,    -- NULL: no clock of its own
	accept_due_at int64,
	dispatched_at int64,
	accepted_at int64,
	worker id,
	assigned_at int64,
	recorded_at int64 NOT NULL,
	recorded_by id
);
CREATE INDEX dispatch_report ON dispatch (report);
CREATE INDEX dispatch_unit ON dispatch (unit, state);
CREATE INDEX dispatch_worker ON dispatch (worker, state);
CREATE INDEX dispatch_accepted ON dispatch (role, accepted_at, report);

-- Everything that happened on the way, in order; clocks are computed from these.
CREATE TABLE dispatch_event (
	id id NOT NULL PRIMARY KEY,
	report id NOT NULL REFERENCES report (id),
	dispatch id,                   -- NULL: of the report as a whole
	kind text NOT NULL,            -- received, recognised, decided, claimed, edited, submitted,
	                               -- urgent_dispatched, reviewed, sent_back, dispatched, accepted, returned,
	                               -- disputed, settled, assigned, joined, contacted, escalated, withdrawn
	at int64 NOT NULL,
	account id,
	unit text,                     -- of the account
	code text,                     -- return code, edit reason, escalation percent
	key id,
	sealed bytes                   -- note, under the report's key
);
CREATE INDEX dispatch_event_report ON dispatch_event (report, at);
CREATE INDEX dispatch_event_kind ON dispatch_event (kind, at);
CREATE INDEX dispatch_event_dispatch ON dispatch_event (dispatch, kind, at, id);

-- -- family --------------------------------------------------------------------------------------

-- 案家: the frame that service cases of one family stand in.
CREATE TABLE family_case (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	household id,
	opened_at int64 NOT NULL,
	recorded_by id
);
CREATE INDEX family_case_household ON family_case (household);

-- Who belongs to the family as its workers see it (not only the registered household).
CREATE TABLE family_member (
	family_case id NOT NULL REFERENCES family_case (id),
	person id NOT NULL,
	role text NOT NULL,
	from_at int64 NOT NULL,
	to_at int64,
	PRIMARY KEY (family_case, person)
);
CREATE INDEX family_member_person ON family_member (person);

-- The decision after assessment: Y 開案, N 不開案, S 短期服務, M 行方不明協尋; one an issue.
CREATE TABLE open_decision (
	id id NOT NULL PRIMARY KEY,
	issue id NOT NULL REFERENCES issue (id),
	dispatch id NOT NULL REFERENCES dispatch (id),
	outcome text NOT NULL,
	reason text NOT NULL,          -- code
	decided_at int64 NOT NULL,
	decided_by id NOT NULL,
	approved_at int64,
	approved_by id,
	service_case id,               -- opened or joined
	superseded_at int64
);
CREATE INDEX open_decision_issue ON open_decision (issue);
CREATE INDEX open_decision_case ON open_decision (service_case);
CREATE INDEX open_decision_waiting ON open_decision (decided_at)
	WHERE approved_at IS NULL AND superseded_at IS NULL;
CREATE INDEX open_decision_dispatch ON open_decision (dispatch);

-- 案: a service by one unit for one subject (vulnerable_family: for the family).
CREATE TABLE service_case (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	family_case id NOT NULL REFERENCES family_case (id),
	unit text NOT NULL,
	kind text NOT NULL,
	subject id NOT NULL,           -- person
	side text NOT NULL,            -- protected, respondent, neutral
	issue id,                      -- it began with; NULL: 主動發掘
	worker id NOT NULL,
	level text,
	opened_at int64 NOT NULL,
	opened_day day NOT NULL,
	closed_at int64,
	closed_day day,
	close_reason text,
	close_asked_at int64,
	close_asked_by id,
	close_approved_by id,
	reopened_from id               -- the closed case it continues
);
CREATE INDEX service_case_family ON service_case (family_case);
CREATE INDEX service_case_subject ON service_case (subject, opened_day);
CREATE INDEX service_case_unit ON service_case (unit, closed_at);
CREATE INDEX service_case_worker ON service_case (worker, closed_at);
CREATE INDEX service_case_kind ON service_case (kind, opened_day);
CREATE INDEX service_case_asked ON service_case (close_asked_by) WHERE closed_at IS NULL;

-- 評估 after acceptance: what was found, sealed under the subject's key.
CREATE TABLE assessment (
	id id NOT NULL PRIMARY KEY,
	dispatch id NOT NULL REFERENCES dispatch (id),
	person id NOT NULL,
	key id NOT NULL,
	sealed bytes NOT NULL,
	made_at int64 NOT NULL,
	made_by id NOT NULL
);
CREATE INDEX assessment_dispatch ON assessment (dispatch);

-- A contact (phone, home visit, joint visit, office). Belongs to the person who was contacted.
CREATE TABLE contact (
	id id NOT NULL PRIMARY KEY,
	service_case id,               -- NULL: before the case was opened
	dispatch id,
	person id NOT NULL,
	form text NOT NULL,            -- phone, home, joint, office, video
	outcome text NOT NULL,         -- met, not_home, refused_now, whereabouts_unknown
	partner_unit text,             -- of a joint visit
	at int64 NOT NULL,
	day day NOT NULL,
	key id NOT NULL,
	sealed bytes NOT NULL,         -- note
	recorded_at int64 NOT NULL,
	recorded_by id NOT NULL
);
CREATE INDEX contact_case ON contact (service_case, at);
CREATE INDEX contact_person ON contact (person, at);
CREATE INDEX contact_dispatch ON contact (dispatch);

-- A simple plan: goals with who does what by when. Belongs to the case's subject.
CREATE TABLE plan_goal (
	id id NOT NULL PRIMARY KEY,
	service_case id NOT NULL REFERENCES service_case (id),
	person id NOT NULL,
	key id NOT NULL,
	sealed bytes NOT NULL,         -- goal, step
	responsible text NOT NULL,     -- unit code
	due_day day,
	state text NOT NULL,           -- open, met, dropped
	recorded_at int64 NOT NULL,
	recorded_by id NOT NULL,
	superseded_at int64
);
CREATE INDEX plan_goal_case ON plan_goal (service_case);
