-- A password that the program made, for somebody to hand over to the account's holder: real time until
-- which it opens a session, in which nothing can be done but to change it. NULL: the holder's own.
ALTER TABLE account ADD COLUMN password_until int64;
