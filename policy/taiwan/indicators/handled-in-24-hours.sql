-- P1-S2-1. A row a report: received in the period, with at least one valid issue of child protection
-- or vulnerable family (reading R1). In the numerator when it was first sent to a unit, or joined to
-- an open case whose worker was told, within 24 hours to the millisecond; not yet sent = not in it.

-- name: indicator_handled_in_24_hours
-- in: from_at int64, to_at int64, as_of int64
-- many: number text, person text?, position int64?, at int64, day day, district text?, unit text?,
--       kind text, numerator flag, numerator_kind text?, prior text?, value int64?, age int64?
-- case: from_at = 0, to_at = 9999999999999, as_of = 9999999999999
WITH accepted AS MATERIALIZED (
	SELECT i.report, MIN(CASE WHEN i.kind = 'child_protection' THEN 1 ELSE 2 END) AS stream
	FROM v_issue i
	WHERE i.received_at >= :from_at AND i.received_at < :to_at
		AND i.screen_result = 'valid' AND (i.screened_at IS NULL OR i.screened_at < :as_of)
		AND i.kind IN ('child_protection', 'vulnerable_family')
	GROUP BY i.report
)
SELECT r.number, NULL AS person, CAST(NULL AS BIGINT) AS position, r.received_at AS at,
	r.received_day AS day, r.district, r.unit,
	CASE WHEN a.stream = 1 THEN 'child_protection' ELSE 'vulnerable_family' END AS kind,
	CASE WHEN r.dispatched_at < :as_of AND r.dispatched_at - r.received_at <= 86400000
		THEN 1 ELSE 0 END AS numerator,
	NULL AS numerator_kind, NULL AS prior,
	CASE WHEN r.dispatched_at < :as_of THEN r.dispatched_at - r.received_at END AS value,
	CAST(NULL AS BIGINT) AS age
FROM accepted a JOIN v_report r ON r.id = a.report
ORDER BY r.received_at, r.number;
