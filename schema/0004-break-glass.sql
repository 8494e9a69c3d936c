-- Emergency access: who opened a person without having to do with them, why, until when, and what
-- somebody else said of it afterwards. Instants are real time.
CREATE TABLE break_glass (
	id id NOT NULL PRIMARY KEY,
	number text NOT NULL UNIQUE,
	account id NOT NULL REFERENCES account (id),
	unit text NOT NULL,            -- of the account, then
	person id NOT NULL REFERENCES person (id),
	reason text NOT NULL,          -- code of reasons.yaml's break_glass
	key id NOT NULL,               -- the person's
	sealed bytes NOT NULL,         -- the reason in words
	opened_at int64 NOT NULL,
	until_at int64 NOT NULL,       -- it opens nothing from then on
	review_due_at int64 NOT NULL,
	reviewed_at int64,
	reviewed_by id,                -- an account, never the same
	justified flag,
	review_sealed bytes            -- what the reviewer said, under the person's key
);
CREATE INDEX break_glass_account ON break_glass (account, until_at);
CREATE INDEX break_glass_review ON break_glass (reviewed_at, review_due_at);
