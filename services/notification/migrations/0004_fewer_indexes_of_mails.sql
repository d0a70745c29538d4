-- Each index of `mail` is written three times for each mail: when it is stored, claimed and sent.
-- Ids are UUIDv7, so the primary key finds old mails.
drop index mail_created;
-- Of the usual statuses there is one in nearly every row, so the newest are found without an index; `mail_due` has those to send.
drop index mail_status, mail_failed;
create index mail_unusual on mail (status, id) where status not in ('due', 'sending', 'sent', 'kept');
