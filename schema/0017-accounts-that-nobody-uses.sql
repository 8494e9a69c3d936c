-- When somebody last came in with an account, whole (with the second factor, where there is one); before the first
-- time, when it was made, and after that also when it was enabled or given another password. Real time. NULL: from
-- before this was kept; it counts from when the program first looks.
ALTER TABLE account ADD COLUMN used_at int64;
