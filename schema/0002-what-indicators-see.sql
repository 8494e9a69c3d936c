-- What indicators see: views without names, numbers of identity, addresses or texts. A definition of
-- policy/<city>/indicators/ runs on a connection that reads these and nothing else (db/published.h),
-- so what is added here is published to whoever may write a definition.

-- Calendar months since 1970, for definitions that count in months: month = year * 12 + month - 1.
CREATE TABLE calendar_month (
	month int64 NOT NULL PRIMARY KEY,
	first_day day NOT NULL UNIQUE,
	days int64 NOT NULL
);
INSERT INTO calendar_month (month, first_day, days)
WITH RECURSIVE months (month, first_day, days) AS (
	SELECT 23640, 0, 31
	UNION ALL
	SELECT month + 1, first_day + days,
		CASE WHEN (month + 1) % 12 IN (3, 5, 8, 10) THEN 30
			WHEN (month + 1) % 12 <> 1 THEN 31
			WHEN (month + 1) / 12 % 400 = 0 THEN 29
			WHEN (month + 1) / 12 % 100 = 0 THEN 28
			WHEN (month + 1) / 12 % 4 = 0 THEN 29
			ELSE 28 END
	FROM months WHERE month < 25211
)
SELECT month, first_day, days FROM months;

-- People, by number and statistics alone.
CREATE VIEW v_person AS
SELECT id, number, sex, birth_year, district FROM person;

-- A report: when it came, when it was first sent to a unit or joined to an open case, and the unit
-- that leads (the last lead that was not withdrawn; the unit of the case it was joined to).
CREATE VIEW v_report AS
SELECT r.id, r.number, r.kind, r.channel, r.received_at, r.received_day, r.district,
	s.dispatched_at,
	COALESCE(
		(SELECT d.unit FROM dispatch d
			WHERE d.report = r.id AND d.role = 'lead' AND d.state NOT IN ('proposed', 'withdrawn')
			ORDER BY COALESCE(d.dispatched_at, 0) DESC, d.id DESC LIMIT 1),
		(SELECT c.unit FROM service_case c WHERE c.id = s.joined_case)) AS unit
FROM report r LEFT JOIN screening s ON s.report = r.id;

-- An issue: kind as after screening; person only where a person confirmed who it is.
CREATE VIEW v_issue AS
SELECT i.id, i.report, r.number AS report_number, p.position, i.kind, r.kind AS reported_kind,
	i.screen_result, i.screened_at, r.received_at, r.received_day, r.district, p.sex, p.age,
	CASE WHEN p.link_state IN ('confirmed', 'created') THEN p.person END AS person
FROM issue i JOIN report r ON r.id = i.report JOIN report_person p ON p.id = i.report_person;

-- Decisions of lead units after assessment.
CREATE VIEW v_open_decision AS
SELECT o.issue, o.outcome, o.decided_at, o.superseded_at, d.unit, c.number AS service_case_number
FROM open_decision o JOIN dispatch d ON d.id = o.dispatch
	LEFT JOIN service_case c ON c.id = o.service_case
WHERE d.role = 'lead';

-- Issues that were joined to their own subject's open case, and when its worker was told. (Apart from
-- the decisions: a definition asks both by issue, and neither engine looks into a UNION by key.)
CREATE VIEW v_joined_issue AS
SELECT i.id AS issue, s.dispatched_at AS joined_at, c.unit, c.number AS service_case_number
FROM issue i
	JOIN report_person p ON p.id = i.report_person AND p.link_state IN ('confirmed', 'created')
	JOIN screening s ON s.report = i.report
	JOIN service_case c ON c.id = s.joined_case AND c.subject = p.person
WHERE s.dispatched_at IS NOT NULL;

-- Service cases; months_3_day is three calendar months after opening (a day that the month lacks
-- becomes its last).
CREATE VIEW v_service_case AS
SELECT c.id, c.number, c.family_case, c.unit, c.kind, c.subject, c.side, c.issue, c.opened_at,
	c.opened_day, c.closed_at, c.closed_day, p.district,
	CASE WHEN c.opened_day - m.first_day < later.days
		THEN later.first_day + (c.opened_day - m.first_day)
		ELSE later.first_day + later.days - 1 END AS months_3_day
FROM service_case c
	JOIN calendar_month m ON m.first_day <= c.opened_day AND c.opened_day < m.first_day + m.days
	JOIN calendar_month later ON later.month = m.month + 3
	LEFT JOIN person p ON p.id = c.subject;

-- Who belongs to a family, and when: as its workers say, and as the family's registered household says
-- of everybody whom the workers do not know to have left. A child born into the household belongs to
-- it from that day, whenever a worker writes it down.
CREATE VIEW v_family_person AS
SELECT family_case, person, from_at, to_at FROM family_member
UNION ALL
SELECT f.id, m.person, COALESCE(m.from_day * 86400000 - 28800000, 0),
	m.to_day * 86400000 - 28800000
FROM family_case f JOIN membership m ON m.household = f.household
WHERE NOT EXISTS (SELECT 1 FROM family_member w
	WHERE w.family_case = f.id AND w.person = m.person AND w.to_at IS NOT NULL);
