-- city/desk - what waits for somebody to say whose it is.

-- Proposed links: behind whom a report waits to be dispatched first, then those somebody is served for,
-- then the rest; those that somebody could not decide after the others; the likeliest first.
-- name: review_queue
-- in: most int64
-- many: id id, record id, register_code text, person id, probability_ppm int64, levels text, decided_at int64, doubts int64, urgency int64
-- case: most = 9
SELECT l.id, l.record, l.register AS register_code, l.person, l.probability_ppm, l.levels, l.decided_at,
	(SELECT count(*) FROM link_doubt d WHERE d.link = l.id) AS doubts,
	CASE WHEN EXISTS (SELECT 1 FROM report_person p JOIN screening s ON s.report = p.report
			WHERE p.person = l.person AND s.state IN ('waiting', 'submitted')) THEN 0
		WHEN EXISTS (SELECT 1 FROM involvement i WHERE i.person = l.person AND i.to_at IS NULL) THEN 1
		ELSE 2 END AS urgency
FROM identity_link l
WHERE l.state = 'proposed' AND l.undone_at IS NULL
ORDER BY urgency, doubts, l.probability_ppm DESC, l.id LIMIT :most;

-- Reports that wait to be dispatched and name somebody.
-- name: review_reports
-- in: person id
-- case: empty
-- many: id id, number text, kind text, received_at int64
SELECT DISTINCT r.id, r.number, r.kind, r.received_at
FROM report_person p JOIN screening s ON s.report = p.report JOIN report r ON r.id = p.report
WHERE p.person = :person AND s.state IN ('waiting', 'submitted')
ORDER BY r.received_at, r.id;

-- People of waiting reports whom the program found but did not dare to name, or named and nobody confirmed.
-- name: review_reported
-- in: most int64
-- case: empty
-- many: number text, kind text, received_at int64, position int64, role text, person id?, probability_ppm int64?
SELECT r.number, r.kind, r.received_at, p.position, p.role,
	COALESCE(p.person, c.person) AS person,
	COALESCE(p.probability_ppm, c.probability_ppm) AS probability_ppm
FROM screening s JOIN report r ON r.id = s.report JOIN report_person p ON p.report = s.report
	LEFT JOIN report_candidate c ON c.report_person = p.id AND c.rank = 1
WHERE s.state = 'waiting' AND (p.link_state = 'proposed' OR (p.link_state = 'none' AND c.person IS NOT NULL))
ORDER BY r.received_at, r.id, p.position LIMIT :most;

-- Pairs that two people judged one after the other, and on how many of them they said the same. What was
-- taken back is no judgement.
-- name: review_agreement
-- one: pairs int64, agreed int64
SELECT count(*) AS pairs, count(CASE WHEN a.state = b.state THEN 1 END) AS agreed
FROM identity_link a JOIN identity_link b ON b.id = a.undone_by_link
WHERE a.decided_by IS NOT NULL AND b.decided_by IS NOT NULL AND a.decided_by <> b.decided_by
	AND a.person = b.person AND b.restores IS NULL
	AND (b.undone_at IS NULL OR b.undone_by_link IS NOT NULL);
