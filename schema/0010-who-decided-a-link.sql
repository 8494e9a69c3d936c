-- A link between a record and a person says why it stands and what it took the place of, so that taking
-- a decision back restores what was there. Words are sealed under the person's key.
ALTER TABLE identity_link ADD COLUMN reason text;       -- of the policy's reasons "link"; NULL: the program's
ALTER TABLE identity_link ADD COLUMN key id;            -- of the words
ALTER TABLE identity_link ADD COLUMN words bytes;       -- in the decider's own words; NULL: none
ALTER TABLE identity_link ADD COLUMN undone_by_link id; -- the decision that took this row's place; NULL: none did
ALTER TABLE identity_link ADD COLUMN restores id;       -- the row that this one stands for again
CREATE INDEX identity_link_decided ON identity_link (decided_by, decided_at) WHERE decided_by IS NOT NULL;

-- Somebody looked at a proposed link and could not tell yet: it stays in the queue, behind the others.
CREATE TABLE link_doubt (
	id id NOT NULL PRIMARY KEY,
	link id NOT NULL REFERENCES identity_link (id),
	account id NOT NULL,
	at int64 NOT NULL,
	key id NOT NULL,
	words bytes                    -- what is to be found out
);
CREATE INDEX link_doubt_link ON link_doubt (link, at);
