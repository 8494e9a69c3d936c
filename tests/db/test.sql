-- Statements that only tests of db/ need.

-- name: test_counters
-- in: name text
-- many: day day, last int64
SELECT day, last FROM counter WHERE name = :name ORDER BY day;

-- name: test_cell_put
-- in: id id, holder text, wrapped bytes
INSERT INTO data_key (id, holder, epoch, wrapped) VALUES (:id, :holder, 0, :wrapped);

-- name: test_cells_each
-- each: id id, wrapped bytes
SELECT id, wrapped FROM data_key ORDER BY id;

-- name: test_data_key_swap
-- changed
-- in: a id, b id
UPDATE data_key SET wrapped = (SELECT o.wrapped FROM data_key AS o WHERE o.id = :b) WHERE id = :a;

-- name: test_months
-- many: month int64, first_day day, days int64
SELECT month, first_day, days FROM calendar_month ORDER BY month;

-- name: test_cells
-- many: id id
SELECT id FROM data_key ORDER BY id;

-- name: test_epoch
-- in: epoch int64
-- one: wrapped bytes
SELECT wrapped FROM epoch_key WHERE epoch = :epoch;
