-- Row-level security of every service: a transaction sees the tenant it set, or everything when it runs for the platform itself.
create function kernel.sees(tenant text) returns boolean
  language sql stable parallel safe
  return tenant = current_setting('app.tenant', true) or current_setting('app.tenant', true) = '*';
