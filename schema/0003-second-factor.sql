-- A second factor beside the password, and when a session last proved who it is. All instants are
-- real time.

-- A shared secret of RFC 6238 (TOTP), one an account. It counts once a code of it was given.
CREATE TABLE second_factor (
	account id NOT NULL PRIMARY KEY REFERENCES account (id),
	key id NOT NULL,               -- data key of holder "account"
	sealed bytes NOT NULL,         -- the secret, in hexadecimal
	version int64 NOT NULL,
	made_at int64 NOT NULL,
	confirmed_at int64,            -- NULL: shown, and not yet answered with a code
	last_counter int64 NOT NULL,   -- of the last code taken: it and all before it count no more
	failed_count int64 NOT NULL,   -- since the last success, for back-off
	locked_until int64
);

-- Codes for the day the telephone is lost; each is good once.
CREATE TABLE recovery_code (
	code_hash bytes NOT NULL PRIMARY KEY, -- BLAKE2b-256 of account and code (80 random bits)
	account id NOT NULL REFERENCES account (id),
	made_at int64 NOT NULL,
	used_at int64
);
CREATE INDEX recovery_code_account ON recovery_code (account);

-- When the session's holder last gave a password or a code; NULL: when it began.
ALTER TABLE session ADD COLUMN proved_at int64;
-- When it gave the second factor; NULL: not in this session.
ALTER TABLE session ADD COLUMN factor_at int64;
