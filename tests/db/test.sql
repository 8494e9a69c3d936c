-- Statements that only tests of db/ need.

-- name: test_counters
-- in: name text
-- many: day day, last int64
SELECT day, last FROM counter WHERE name = :name ORDER BY day;

-- name: test_cell_put
-- in: record id, register text, sealed bytes
-- Any table with free bytes will do.
INSERT INTO audit_checkpoint (size, root, at, note) VALUES (:record, :sealed, 0, :register);

-- name: test_cells
-- many: size int64, root bytes
SELECT size, root FROM audit_checkpoint ORDER BY size;

-- name: test_cells_each
-- each: size int64, root bytes
SELECT size, root FROM audit_checkpoint ORDER BY size;

-- name: test_data_key_swap
-- changed
-- in: a id, b id
UPDATE data_key SET wrapped = (SELECT o.wrapped FROM data_key AS o WHERE o.id = :b) WHERE id = :a;
