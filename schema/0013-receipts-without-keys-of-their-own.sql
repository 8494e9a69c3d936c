-- A receipt lives a day, and had a data key to itself, one row in three of what a report keeps of keys. It
-- is sealed under a key that is derived from the epoch key now (db/seal.h, aw_key_derive): no row, and gone
-- with its epoch like any other. NULL: an older one, under its receipt_key; else receipt_key is 0.
ALTER TABLE idempotency ADD COLUMN receipt_epoch int64;
