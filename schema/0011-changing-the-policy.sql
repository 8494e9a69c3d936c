-- Changing the policy by two persons (policy/proposal.h), and the drafts that people write in the browser.

-- From when which release counts: a line each time one is put in force, an older one again too. In force
-- on a day is the line of the latest first day that is not later; of several, the last.
CREATE TABLE release_turn (
	number int64 NOT NULL PRIMARY KEY, -- in the order in which they were put in force
	release text NOT NULL REFERENCES release (hash),
	from_day day NOT NULL,         -- first day; never before the day on which it was put in force
	at int64 NOT NULL              -- when it was put in force
);

-- What was released before: the last released counted, whatever its first day.
INSERT INTO release_turn (number, release, from_day, at)
SELECT (SELECT count(*) FROM release o
		WHERE (o.released_by IS NULL OR o.confirmed_by IS NOT NULL)
			AND (o.released_at < r.released_at
				OR (o.released_at = r.released_at AND o.hash >= r.hash))),
	r.hash,
	(SELECT max(o.effective_day) FROM release o
		WHERE (o.released_by IS NULL OR o.confirmed_by IS NOT NULL)
			AND (o.released_at < r.released_at
				OR (o.released_at = r.released_at AND o.hash >= r.hash))),
	r.released_at
FROM release r
WHERE r.released_by IS NULL OR r.confirmed_by IS NOT NULL;

-- What one person wants to be the policy, until another answers. A row stays; its bundle goes with the
-- answer, for a confirmed one is a release.
CREATE TABLE release_proposal (
	number int64 NOT NULL PRIMARY KEY,
	hash text NOT NULL,            -- of the policy that is proposed
	label text NOT NULL,
	bundle bytes,                  -- as release.bundle; NULL: answered, or released before
	base text NOT NULL REFERENCES release (hash), -- in force then: with another in force it is stale
	draft int64,                   -- policy_draft it comes from; NULL: a folder, or a former release
	from_day day NOT NULL,         -- first day asked for
	words text NOT NULL,           -- what is changed and why
	proposed_by id,                -- account; NULL: at the console
	proposer text NOT NULL,        -- login, or console:<user>
	proposed_at int64 NOT NULL,
	answer text,                   -- confirmed, refused, withdrawn; NULL: waits
	answered_by id,
	answerer text,
	answered_at int64,
	answer_words text              -- why it was refused
);

-- A version of the decision tables that somebody works on.
CREATE TABLE policy_draft (
	number int64 NOT NULL PRIMARY KEY,
	name text NOT NULL,            -- as people call it
	base text NOT NULL REFERENCES release (hash), -- every other file is that release's
	path text NOT NULL,            -- of the decision model in the bundle: triage.dmn
	made_by id NOT NULL REFERENCES account (id),
	made_at int64 NOT NULL,
	closed_at int64                -- put away; NULL: open
);

-- Each time it is saved; none is changed afterwards.
CREATE TABLE policy_draft_version (
	draft int64 NOT NULL REFERENCES policy_draft (number),
	version int64 NOT NULL,        -- from 1
	model bytes NOT NULL,          -- the DMN file
	saved_by id NOT NULL REFERENCES account (id),
	saved_at int64 NOT NULL,
	PRIMARY KEY (draft, version)
);
