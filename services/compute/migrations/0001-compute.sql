-- Tables of `compute`.
select 1;
