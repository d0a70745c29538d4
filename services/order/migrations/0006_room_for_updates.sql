-- An order is updated twice within a second of being placed. With room on its page for that, the update to `reserved`, which
-- changes no indexed column, touches no index. It holds for pages that are filled from now on.
alter table orders set (fillfactor = 75);
