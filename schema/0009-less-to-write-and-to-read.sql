-- Each report that has a key first forgets the receipts that are older than a day. Without this it read
-- all of the day's to find none.
CREATE INDEX idempotency_at ON idempotency (at, sender, key);

-- What systems, the public and the program itself do has no account, and nobody asks for it by one.
DROP INDEX audit_entry_account;
CREATE INDEX audit_entry_account ON audit_entry (account, leaf) WHERE account IS NOT NULL;
