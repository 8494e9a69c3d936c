-- What the log of looks is watched for. Both tables are worked out from the log and can be worked
-- out again: they prove nothing, and nobody's access rests on them.

-- A look that needs an explanation: the page of somebody to whom neither the account nor its unit had a
-- tie, or something that was refused (person NULL).
CREATE TABLE audit_stray (
	leaf int64 NOT NULL PRIMARY KEY,
	at int64 NOT NULL,             -- real time, as in the log
	account id NOT NULL,
	person id
);
CREATE INDEX audit_stray_account ON audit_stray (account, at);
CREATE INDEX audit_stray_person ON audit_stray (person, at);

-- A rule of roles.yaml (unusual) that looks have met, to be looked into by an auditor. Looks that go on
-- are added to it as long as nobody has answered it.
CREATE TABLE notice (
	number int64 NOT NULL PRIMARY KEY,
	rule text NOT NULL,            -- code in roles.yaml
	account id,                    -- who looked; NULL: several did
	person id,                     -- at whom; NULL: at several
	first_leaf int64 NOT NULL,
	last_leaf int64 NOT NULL,
	first_at int64 NOT NULL,
	last_at int64 NOT NULL,
	looks int64 NOT NULL,
	counted int64 NOT NULL,        -- what the rule counts: people, days, accounts, refusals
	raised_at int64 NOT NULL,
	answered_at int64,
	answered_by id,                -- account
	finding text                   -- explained, pursued
);
CREATE INDEX notice_open ON notice (answered_at, number);

-- How far the log goes at an instant, for questions about the last days.
CREATE INDEX audit_checkpoint_at ON audit_checkpoint (at, size);
