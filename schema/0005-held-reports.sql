-- Reports from the public that came in faster than anybody may send them. None is refused for being
-- one too many: it is a report like any other, with its receipt and its clock, in state 'held' until a
-- screener releases it to screening, or refuses it, with a reason, as no report. What was refused can
-- still be released.
CREATE TABLE report_hold (
	report id NOT NULL PRIMARY KEY REFERENCES report (id),
	source text NOT NULL,          -- short code of where it came from; says nothing but "the same"
	held_at int64 NOT NULL,
	state text NOT NULL,           -- held, released, refused
	ended_at int64,
	ended_by id,
	reason text                    -- of the policy's reasons "held"; refused alone
);
CREATE INDEX report_hold_state ON report_hold (state, held_at);

-- What is held back or refused is counted by nobody.
DROP VIEW v_report;
CREATE VIEW v_report AS
SELECT r.id, r.number, r.kind, r.channel, r.received_at, r.received_day, r.district,
	s.dispatched_at,
	COALESCE(
		(SELECT d.unit FROM dispatch d
			WHERE d.report = r.id AND d.role = 'lead' AND d.state NOT IN ('proposed', 'withdrawn')
			ORDER BY COALESCE(d.dispatched_at, 0) DESC, d.id DESC LIMIT 1),
		(SELECT c.unit FROM service_case c WHERE c.id = s.joined_case)) AS unit
FROM report r LEFT JOIN screening s ON s.report = r.id
WHERE r.state NOT IN ('held', 'refused');

DROP VIEW v_issue;
CREATE VIEW v_issue AS
SELECT i.id, i.report, r.number AS report_number, p.position, i.kind, r.kind AS reported_kind,
	i.screen_result, i.screened_at, r.received_at, r.received_day, r.district, p.sex, p.age,
	CASE WHEN p.link_state IN ('confirmed', 'created') THEN p.person END AS person
FROM issue i JOIN report r ON r.id = i.report JOIN report_person p ON p.id = i.report_person
WHERE r.state NOT IN ('held', 'refused');
