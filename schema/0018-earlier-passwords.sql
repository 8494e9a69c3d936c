-- The account's passwords before the present one, hashed as that is, the latest first; NULL: there was none, or it was
-- before this was kept. Only those that their holder chose: one that was handed over is nobody's to choose again.
ALTER TABLE account ADD COLUMN earlier_1 text;
ALTER TABLE account ADD COLUMN earlier_2 text;
ALTER TABLE account ADD COLUMN earlier_3 text;
