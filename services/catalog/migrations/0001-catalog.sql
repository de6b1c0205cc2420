-- Tables of `catalog`.
select 1;
