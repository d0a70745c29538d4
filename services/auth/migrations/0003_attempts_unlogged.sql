-- Every sign-in writes here twice. Without the write-ahead log it need not wait for the disk for that; what is lost by a
-- crash of the server is a quarter of an hour of counting.
alter table attempt set unlogged;
