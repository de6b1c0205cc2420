-- closed: nobody may work in it and nothing of it runs, but everything is kept; it can be opened again or deleted for good.
alter table control.tenant drop constraint tenant_state_check;
alter table control.tenant add constraint tenant_state_check check (state in ('active', 'closed', 'deleting'));

-- Who had which role when the tenant was closed, so that opening it again gives everybody back what they had.
create table control.closed_member (
  tenant text not null references control.tenant (name) on delete cascade,
  subject text not null,
  role text not null check (role in ('viewer', 'editor', 'admin')),
  primary key (tenant, subject)
);

-- What the last look at a tenant's place on the cluster found, and what was put right there lately.
create table control.place (
  tenant text primary key references control.tenant (name) on delete cascade,
  checked_at timestamptz not null default now(),
  problem text,
  repairs jsonb not null default '[]',
  foreign_objects jsonb not null default '[]'
);

do $$
declare
  name text;
begin
  foreach name in array array['closed_member', 'place'] loop
    execute format('alter table control.%I enable row level security', name);
    execute format('alter table control.%I force row level security', name);
    execute format('create policy tenant on control.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
