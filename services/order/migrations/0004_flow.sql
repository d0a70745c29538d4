-- The trace in which an order was placed, so that what is done about it in the background goes on in that trace.
alter table orders add column traceparent text;

-- The trace of each entry, and the messages that go with it: {"heard": {"id", "type"}, "told": [{"id", "type"}]}.
-- What was heard caused the entry; what was told left with it. Null in what was written before there was this column.
alter table order_event add column trace_id text, add column messages jsonb;
