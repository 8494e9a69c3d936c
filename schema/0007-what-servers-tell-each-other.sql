-- What the servers of one database tell each other (db/change.h). Only PostgreSQL has several; on SQLite
-- the table stays empty.

-- A note that something which servers keep in memory is another one now. Numbers have no gaps. Old
-- notes are deleted, the newest never: it says how far the others must have followed.
CREATE TABLE change (
	number int64 NOT NULL PRIMARY KEY,
	kind text NOT NULL,            -- person, epoch_key, facts (anything that an indicator may count)
	reference id NOT NULL,         -- the person, the epoch; 0
	at int64 NOT NULL              -- real time
);
