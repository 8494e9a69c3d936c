-- Why a unit was asked can be a fact of health or of sexual life, and then the unit's name says it. Bits of the
-- field classes that one has to see to be told of the unit; 0: whoever sees the report. NULL: asked before this
-- was kept; then the unit's type says it (units.yaml), and the task is told to whoever sees every class.
ALTER TABLE dispatch ADD COLUMN classes int64;
-- What remains of it for whoever does not see these: the rows that hang on nothing hidden, what they ask and by
-- when. basis NULL: nothing; the unit is not told of.
ALTER TABLE dispatch ADD COLUMN open_basis text;
ALTER TABLE dispatch ADD COLUMN open_task text;
ALTER TABLE dispatch ADD COLUMN open_due_at int64;
