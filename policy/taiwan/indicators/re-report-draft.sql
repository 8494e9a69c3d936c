-- P2-S2-1, draft. As the version in force, but any earlier valid protective issue of the same person
-- within 365 days makes a re-report, whether or not a case was opened or closed between.

-- name: indicator_re_report_draft
-- in: from_at int64, to_at int64, as_of int64
-- many: number text, person text?, position int64?, at int64, day day, district text?, unit text?,
--       kind text, numerator flag, numerator_kind text?, prior text?, value int64?, age int64?
-- case: from_at = 0, to_at = 9999999999999, as_of = 9999999999999
WITH valid AS MATERIALIZED (
	SELECT i.id, i.report, i.report_number, i.person, i.position, i.received_at, i.received_day,
		i.district, i.kind, i.age
	FROM v_issue i
	WHERE i.received_at < :to_at
		AND i.screen_result = 'valid' AND (i.screened_at IS NULL OR i.screened_at < :as_of)
		AND i.kind IN ('adult_ipv', 'adult_elder', 'adult_disability', 'adult_family_other', 'child_protection',
		'sexual_assault', 'child_sexual_exploitation')
), earlier AS (
	SELECT v.id, b.report_number AS number, v.received_day - b.received_day AS days,
		ROW_NUMBER() OVER (PARTITION BY v.id
			ORDER BY b.received_at DESC, b.report_number, b.kind) AS place
	FROM valid v JOIN valid b ON b.person = v.person AND b.report <> v.report
	WHERE v.received_at >= :from_at AND b.received_at < v.received_at
		AND v.received_day - b.received_day <= 365
)
SELECT v.report_number AS number, p.number AS person, v.position, v.received_at AS at,
	v.received_day AS day, v.district, r.unit, v.kind,
	CASE WHEN e.number IS NULL THEN 0 ELSE 1 END AS numerator,
	NULL AS numerator_kind, e.number AS prior, e.days AS value, v.age
FROM valid v JOIN v_report r ON r.id = v.report
	LEFT JOIN v_person p ON p.id = v.person
	LEFT JOIN earlier e ON e.id = v.id AND e.place = 1
WHERE v.received_at >= :from_at
ORDER BY v.received_at, v.report_number, v.position, v.kind;
