-- Statements of the second factor and its recovery codes.

-- name: factor_find
-- in: account id
-- one: key id, sealed bytes, version int64, made_at int64, confirmed_at int64?, last_counter int64,
--     failed_count int64, locked_until int64?
SELECT key, sealed, version, made_at, confirmed_at, last_counter, failed_count, locked_until
FROM second_factor WHERE account = :account;

-- name: factor_add
-- in: account id, key id, sealed bytes, made_at int64
-- case: account = 3
INSERT INTO second_factor (account, key, sealed, version, made_at, confirmed_at, last_counter,
	failed_count, locked_until)
VALUES (:account, :key, :sealed, 1, :made_at, NULL, 0, 0, NULL);

-- name: factor_confirm
-- in: account id, confirmed_at int64
UPDATE second_factor SET confirmed_at = :confirmed_at WHERE account = :account;

-- name: factor_took
-- in: account id, counter int64
-- changed
-- A code's counter counts once: nothing changes when it or a later one was taken already.
-- case: counter = 9000
UPDATE second_factor SET last_counter = :counter, failed_count = 0, locked_until = NULL
WHERE account = :account AND last_counter < :counter;

-- name: factor_tried
-- in: account id, failed_count int64, locked_until int64?
UPDATE second_factor SET failed_count = :failed_count, locked_until = :locked_until
WHERE account = :account;

-- name: factor_remove
-- in: account id
-- changed
DELETE FROM second_factor WHERE account = :account;

-- name: factor_accounts
-- many: account id
-- Who has one.
SELECT account FROM second_factor WHERE confirmed_at IS NOT NULL ORDER BY account;

-- name: factor_code_add
-- in: code_hash bytes, account id, made_at int64
INSERT INTO recovery_code (code_hash, account, made_at, used_at)
VALUES (:code_hash, :account, :made_at, NULL);

-- name: factor_code_use
-- in: code_hash bytes, account id, used_at int64
-- changed
UPDATE recovery_code SET used_at = :used_at
WHERE code_hash = :code_hash AND account = :account AND used_at IS NULL;

-- name: factor_codes_left
-- in: account id
-- one: codes int64
SELECT COUNT(*) AS codes FROM recovery_code WHERE account = :account AND used_at IS NULL;

-- name: factor_codes_remove
-- in: account id
DELETE FROM recovery_code WHERE account = :account;
