-- Decisions not to open that wait for approval: a few, among all that were ever decided. The index of
-- before held everything that opened as well, for nobody approves an opening.
DROP INDEX open_decision_waiting;
CREATE INDEX open_decision_waiting ON open_decision (decided_at)
	WHERE outcome = 'N' AND approved_at IS NULL AND superseded_at IS NULL;

-- Closings that wait for an answer, likewise.
CREATE INDEX service_case_closing ON service_case (unit, close_asked_at)
	WHERE closed_at IS NULL AND close_asked_at IS NOT NULL;
