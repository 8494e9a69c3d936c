-- An account that was made for a time (a substitute, a student, somebody from outside in an emergency) has a last
-- day: Taipei's, by the real clock. From the day after nobody comes in with it. NULL: it has none.
ALTER TABLE account ADD COLUMN valid_until day;
