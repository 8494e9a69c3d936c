-- city/indicator - whose rows they are, for access and the log. Counting itself is by the policy's SQL.

-- name: indicator_people_of_report
-- in: number text
-- many: person id
SELECT DISTINCT p.person FROM report_person p JOIN report r ON r.id = p.report
WHERE r.number = :number AND p.person IS NOT NULL ORDER BY p.person;

-- name: indicator_people_of_case
-- in: number text
-- many: person id
SELECT m.person FROM family_member m JOIN service_case c ON c.family_case = m.family_case
WHERE c.number = :number
UNION
SELECT c.subject AS person FROM service_case c WHERE c.number = :number
ORDER BY person;

-- Units that have to do with a report, or with the cases of a family, and on which side.
-- name: indicator_ties_of_report
-- in: number text
-- many: unit text, worker id?, side text, role text
SELECT d.unit, d.worker, d.side, d.role FROM dispatch d JOIN report r ON r.id = d.report
WHERE r.number = :number AND d.state NOT IN ('proposed', 'withdrawn') ORDER BY d.id;

-- name: indicator_ties_of_case
-- in: number text
-- many: unit text, worker id, side text
SELECT o.unit, o.worker, o.side
FROM service_case c JOIN service_case o ON o.family_case = c.family_case
WHERE c.number = :number ORDER BY o.id;
