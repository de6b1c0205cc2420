create table notes.note (
  id text primary key,
  tenant text not null,
  text text not null,
  secret text not null default 'for nobody'
);
alter table notes.note enable row level security;
alter table notes.note force row level security;
create policy tenant on notes.note using (kernel.sees(tenant)) with check (kernel.sees(tenant));
