-- Tables of `agents`.
select 1;
