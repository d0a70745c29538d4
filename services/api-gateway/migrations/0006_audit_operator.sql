-- The operator who acted as the account of an entry. Most entries have none.
alter table audit_entry add column operator_id uuid;
create index audit_entry_operator_id_idx on audit_entry (operator_id, id) where operator_id is not null;
