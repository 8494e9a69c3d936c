-- What a session's holder knows their own sessions apart by: the codes that the log keeps of its sign-in
-- (guard/signin.h), which are no address and no word of the browser's own. NULL: from before they were kept.
ALTER TABLE session ADD COLUMN place text;   -- ten bits of a hash of account and network; "-": of no network
ALTER TABLE session ADD COLUMN system text;  -- windows, macos, linux, android, ios, other
ALTER TABLE session ADD COLUMN browser text; -- chrome, edge, firefox, safari, other
