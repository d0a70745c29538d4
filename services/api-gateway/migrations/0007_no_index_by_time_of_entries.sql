-- Ids are UUIDv7, made together with `at`: the primary key finds entries by their time.
drop index audit_entry_at;
