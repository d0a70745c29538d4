-- How many codes of the account were accepted, of the app and recovery codes. What a sign-in is finished with names the number that it was
-- begun with, so that it finishes one sign-in: no code was accepted in between.
alter table totp add column uses integer not null default 0;
