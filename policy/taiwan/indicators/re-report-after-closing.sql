-- P1-S2-2 and P2-S2-1. A row a valid protective issue received in the period. In the numerator when
-- the same recognised person had a protective service case closed within the 365 days before (the
-- closing day and day 365 count) and none open when this report came: a report during an open case
-- is news of that case, not a re-report.

-- name: indicator_re_report_after_closing
-- in: from_at int64, to_at int64, as_of int64
-- many: number text, person text?, position int64?, at int64, day day, district text?, unit text?,
--       kind text, numerator flag, numerator_kind text?, prior text?, value int64?, age int64?
-- case: from_at = 0, to_at = 9999999999999, as_of = 9999999999999
WITH valid AS MATERIALIZED (
	SELECT i.report, i.report_number, i.person, i.position, i.received_at, i.received_day,
		i.district, i.kind, i.age
	FROM v_issue i
	WHERE i.received_at >= :from_at AND i.received_at < :to_at
		AND i.screen_result = 'valid' AND (i.screened_at IS NULL OR i.screened_at < :as_of)
		AND i.kind IN ('adult_ipv', 'adult_elder', 'adult_disability', 'adult_family_other', 'child_protection',
		'sexual_assault', 'child_sexual_exploitation')
), protective AS (
	SELECT c.subject, c.number, c.opened_at, c.closed_at, c.closed_day
	FROM v_service_case c
	WHERE c.side <> 'respondent'
		AND c.kind IN ('adult_ipv', 'adult_elder', 'adult_disability', 'adult_family_other', 'child_protection',
		'sexual_assault', 'child_sexual_exploitation')
), earlier AS (
	SELECT v.report, v.position, v.kind, c.number, v.received_day - c.closed_day AS days,
		ROW_NUMBER() OVER (PARTITION BY v.report, v.position, v.kind
			ORDER BY c.closed_at DESC, c.number) AS place
	FROM valid v JOIN protective c ON c.subject = v.person
	WHERE c.closed_at <= v.received_at AND v.received_day - c.closed_day <= 365
		AND NOT EXISTS (SELECT 1 FROM protective o
			WHERE o.subject = v.person AND o.opened_at <= v.received_at
				AND (o.closed_at IS NULL OR o.closed_at > v.received_at))
)
SELECT v.report_number AS number, p.number AS person, v.position, v.received_at AS at,
	v.received_day AS day, v.district, r.unit, v.kind,
	CASE WHEN e.number IS NULL THEN 0 ELSE 1 END AS numerator,
	NULL AS numerator_kind, e.number AS prior, e.days AS value, v.age
FROM valid v JOIN v_report r ON r.id = v.report
	LEFT JOIN v_person p ON p.id = v.person
	LEFT JOIN earlier e ON e.report = v.report AND e.position = v.position AND e.kind = v.kind
		AND e.place = 1
ORDER BY v.received_at, v.report_number, v.position, v.kind;
