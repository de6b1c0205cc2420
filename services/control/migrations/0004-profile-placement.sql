-- Where the pods of a profile run and what they may run, where workspaces are pods.
alter table control.profile
  add column gpu_resource text,
  add column node_selector jsonb not null default '{}',
  add column tolerations jsonb not null default '[]',
  add column images jsonb not null default '[]';
