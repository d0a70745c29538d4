-- What the handlers of the tests do: one row each time an event takes effect, so that a second time is seen.
create table effect (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  subject text not null
);
