-- P1-S2-4. A row a valid child protection issue received in the period. The numerator counts
-- children, not issues: a child's first issue of the period that was decided Y carries the child.

-- name: indicator_child_opening
-- in: from_at int64, to_at int64, as_of int64
-- many: number text, person text?, position int64?, at int64, day day, district text?, unit text?,
--       kind text, numerator flag, numerator_kind text?, prior text?, value int64?, age int64?
-- case: from_at = 0, to_at = 9999999999999, as_of = 9999999999999
WITH valid AS MATERIALIZED (
	SELECT i.id, i.report, i.report_number, i.person, i.position, i.received_at, i.received_day,
		i.district, i.kind, i.age,
		COALESCE(
			(SELECT MIN(COALESCE(o.service_case_number, '')) FROM v_open_decision o
				WHERE o.issue = i.id AND o.outcome = 'Y' AND o.decided_at < :as_of
					AND (o.superseded_at IS NULL OR o.superseded_at >= :as_of)),
			(SELECT MIN(j.service_case_number) FROM v_joined_issue j
				WHERE j.issue = i.id AND j.joined_at < :as_of)) AS opened
	FROM v_issue i
	WHERE i.received_at >= :from_at AND i.received_at < :to_at
		AND i.screen_result = 'valid' AND (i.screened_at IS NULL OR i.screened_at < :as_of)
		AND i.kind = 'child_protection'
), counted AS (
	SELECT v.id, ROW_NUMBER() OVER (PARTITION BY COALESCE(v.person, -v.id)
		ORDER BY v.received_at, v.id) AS place
	FROM valid v WHERE v.opened IS NOT NULL
)
SELECT v.report_number AS number, p.number AS person, v.position, v.received_at AS at,
	v.received_day AS day, v.district, r.unit, v.kind,
	CASE WHEN c.place = 1 THEN 1 ELSE 0 END AS numerator,
	NULL AS numerator_kind, NULLIF(v.opened, '') AS prior, CAST(NULL AS BIGINT) AS value, v.age
FROM valid v JOIN v_report r ON r.id = v.report
	LEFT JOIN v_person p ON p.id = v.person
	LEFT JOIN counted c ON c.id = v.id
ORDER BY v.received_at, v.report_number, v.position;
