-- P2-S1-1. A row a vulnerable-family service case (one a family) that was open on at least one day of
-- the period on or after the day three calendar months after its opening. In the numerator when a
-- valid protective issue about somebody who then belonged to the family came in the period, on or
-- after that day and not after closing; its kind is that of the first such issue.

-- name: indicator_vulnerable_then_protective
-- in: from_at int64, to_at int64, as_of int64, from_day day, to_day day
-- many: number text, person text?, position int64?, at int64, day day, district text?, unit text?,
--       kind text, numerator flag, numerator_kind text?, prior text?, value int64?, age int64?
-- case: from_at = 0, to_at = 9999999999999, as_of = 9999999999999, from_day = 18680, to_day = 18700
WITH served AS MATERIALIZED (
	SELECT c.id, c.number, c.family_case, c.unit, c.subject, c.district, c.closed_at, c.months_3_day,
		CASE WHEN c.months_3_day > :from_day THEN c.months_3_day ELSE :from_day END AS day,
		ROW_NUMBER() OVER (PARTITION BY c.family_case ORDER BY c.opened_at, c.id) AS place
	FROM v_service_case c
	WHERE c.kind = 'vulnerable_family' AND c.months_3_day <= :to_day
		AND (c.closed_day IS NULL OR (c.closed_day >= :from_day AND c.closed_day >= c.months_3_day))
), reported AS (
	SELECT s.id, i.kind, i.report_number, i.received_day - s.months_3_day AS days,
		ROW_NUMBER() OVER (PARTITION BY s.id
			ORDER BY i.received_at, i.report_number, i.position, i.kind) AS place
	FROM served s
		JOIN v_family_person m ON m.family_case = s.family_case
		JOIN v_issue i ON i.person = m.person
	WHERE i.received_at >= :from_at AND i.received_at < :to_at
		AND i.received_day >= s.months_3_day
		AND (s.closed_at IS NULL OR i.received_at <= s.closed_at)
		AND m.from_at <= i.received_at AND (m.to_at IS NULL OR m.to_at > i.received_at)
		AND i.screen_result = 'valid' AND (i.screened_at IS NULL OR i.screened_at < :as_of)
		AND i.kind IN ('adult_ipv', 'adult_elder', 'adult_disability', 'adult_family_other', 'child_protection',
		'sexual_assault', 'child_sexual_exploitation')
)
SELECT s.number, p.number AS person, CAST(NULL AS BIGINT) AS position,
	s.day * 86400000 - 28800000 AS at, s.day, s.district, s.unit, 'vulnerable_family' AS kind,
	CASE WHEN r.kind IS NULL THEN 0 ELSE 1 END AS numerator, r.kind AS numerator_kind,
	r.report_number AS prior, r.days AS value, CAST(NULL AS BIGINT) AS age
FROM served s
	LEFT JOIN v_person p ON p.id = s.subject
	LEFT JOIN reported r ON r.id = s.id AND r.place = 1
WHERE s.place = 1
ORDER BY s.day, s.number;
