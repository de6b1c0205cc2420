-- A tenant that comes from another installation: what arrived lies on the data volume, this row says that it is wanted and when it became the tenant.
-- It has no foreign key: the tenant exists only when the promotion is finished.
create table control.promotion (
  tenant text primary key,
  id text not null,
  source text not null,
  state text not null default 'receiving' check (state in ('receiving', 'promoted')),
  manifest_sha256 text not null,
  manifest_bytes bigint not null,
  file_count integer not null,
  size_bytes bigint not null,
  tables jsonb not null default '[]',
  begun_by text not null,
  begun_at timestamptz not null default now(),
  promoted_at timestamptz
);
alter table control.promotion enable row level security;
alter table control.promotion force row level security;
create policy tenant on control.promotion using (kernel.sees(tenant)) with check (kernel.sees(tenant));
