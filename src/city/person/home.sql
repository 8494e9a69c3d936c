-- city/person/home - who lives together, as people said.

-- name: home_decision_insert
-- in: id id, person id, other id, state text, place text, reason text?, decided_at int64, decided_by id
-- case: person = 2, other = 3
INSERT INTO home_decision (id, person, other, state, place, reason, decided_at, decided_by)
VALUES (:id, :person, :other, :state, :place, :reason, :decided_at, :decided_by);

-- name: home_decisions_of
-- in: person id
-- many: id id, person id, other id, state text, place text, reason text?, decided_at int64, decider text?
-- case: person = 1
-- What stands of a person, newest first.
SELECT h.id, h.person, h.other, h.state, h.place, h.reason, h.decided_at, a.name AS decider
FROM home_decision h LEFT JOIN account a ON a.id = h.decided_by
WHERE (h.person = :person OR h.other = :person) AND h.undone_at IS NULL ORDER BY h.id DESC;

-- name: home_decision_undo
-- changed
-- in: id id, undone_at int64, undone_by id
UPDATE home_decision SET undone_at = :undone_at, undone_by = :undone_by
WHERE id = :id AND undone_at IS NULL;

-- name: housemate_end
-- changed
-- in: person id, other id, to_day day
-- case: person = 1, other = 3, to_day = 18900
UPDATE relationship SET to_day = :to_day
WHERE person = :person AND other = :other AND kind = 'housemate' AND to_day IS NULL;
