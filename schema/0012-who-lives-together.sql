-- Who lives together, as somebody says of two people whose address is the same: the registers tell who is
-- registered together. "Together" is a relationship too (housemate), so that whoever is kept from the one is
-- kept from the other; household registration stays as it is.
CREATE TABLE home_decision (
	id id NOT NULL PRIMARY KEY,
	person id NOT NULL REFERENCES person (id), -- the lower id of the two
	other id NOT NULL REFERENCES person (id),
	state text NOT NULL,           -- together, apart
	place text NOT NULL,           -- what was the same: floor, door
	reason text,                   -- of the policy's reasons "link"
	decided_at int64 NOT NULL,
	decided_by id NOT NULL,
	undone_at int64,
	undone_by id
);
CREATE UNIQUE INDEX home_decision_standing ON home_decision (person, other) WHERE undone_at IS NULL;
CREATE INDEX home_decision_other ON home_decision (other);
