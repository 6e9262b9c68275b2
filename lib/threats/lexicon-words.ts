import type { KindName, Trait } from "./token-kinds.ts";

/**
 * Words that mean something to an interpreter, by the kind of token they become. The first kind
 * that lists a word wins; further meanings are traits below.
 */
export const WORDS_OF_KIND: Partial<Record<KindName, string>> = {
  logic: "or and xor",
  not: "not",
  select: "select",
  union: "union intersect except minus",
  all: "all distinct distinctrow any some",
  from: "from",
  where: "where having",
  orderGroup: "order group partition",
  by: "by",
  limit: "limit offset top fetch rownum",
  join: "join inner outer cross natural",
  change: "insert update delete replace merge upsert",
  define: "drop create alter truncate rename grant revoke",
  object:
    "table tables database databases schema view column columns procedure trigger index tablespace login role",
  into: "into outfile dumpfile",
  values: "values",
  set: "set",
  execute:
    "exec execute call declare shutdown waitfor handler prepare deallocate openrowset opendatasource openquery sp_executesql",
  like: "like rlike ilike regexp between in is sounds similar glob div mod binary collate",
  nil: "null true false unknown",
  caseWord: "case when then else end begin elseif elsif iif",
  as: "as",
  sqlTime:
    "pg_sleep benchmark dbms_lock dbms_pipe dbms_session receive_message randomblob generate_series sleep delay sqlite_sleep heavy_query get_lock user_lock kill_query pg_sleep_for zeroblob",
  sqlFunction:
    "concat concat_ws group_concat char chr nchar ascii ord substr substring substring_index mid left right length len char_length cast convert ifnull isnull nullif coalesce nvl nvl2 decode elt field find_in_set make_set export_set hex unhex rand random floor ceil round abs md5 sha1 sha2 sha crc32 aes_encrypt aes_decrypt load_file extractvalue updatexml xmltype exp count sum avg min max database current_user session_user system_user user_name db_name suser_sname host_name object_id object_name col_name is_srvrolemember is_member has_dbaccess sqlite_version version_compare quote_literal quote_ident string_agg array_agg array_to_string json_extract json_value json_keys xmlagg xmlelement listagg wm_concat to_char to_number to_date instr locate position strpos stuff reverse repeat replicate space concat_null lpad rpad trim ltrim rtrim upper lower ucase lcase bit_length conv inet_aton name_const polygon multipoint linestring geometrycollection multilinestring multipolygon st_latfromgeohash gtid_subset row_count last_insert_id found_rows connection_id uuid now sysdate getdate current_timestamp utl_inaddr ctxsys ordsys regexp_substring regexp_like regexp_replace crypt_key any_value json_arrayagg dblink lo_import lo_export pg_read_file pg_ls_dir query_to_xml database_to_xml analyse fieldlist make_date datediff dateadd power log10 sqrt bitand load_extension likelihood unlikely quote",
  sqlMeta:
    "information_schema sysobjects syscolumns sysdatabases sysusers syslogins sysprocesses pg_catalog pg_tables pg_user pg_shadow pg_class pg_namespace pg_database pg_stat_activity pg_roles sqlite_master sqlite_schema sqlite_temp_master all_tables all_users all_objects all_tab_columns user_tables user_tab_columns user_objects dba_tables dba_users dba_objects v$version v$instance v$session v$parameter dual msysobjects mysaccessobjects master msdb tempdb xp_cmdshell xp_dirtree xp_fileexist xp_regread xp_regwrite xp_subdirs xp_servicecontrol xp_availablemedia sp_oacreate sp_oamethod sp_configure sp_makewebtask sp_password sp_helpdb utl_http utl_file utl_smtp dbms_xmlgen dbms_xmlquery dbms_xslprocessor dbms_utility dbms_export_extension dbms_java dbms_scheduler dbms_ldap httpuritype table_name table_schema column_name schemata schema_name character_sets collations key_column_usage rdb$database rdb$fields rdb$types rdb$functions rdb$relations sysibm systables sysmaster sysdummy1 syscat mysql performance_schema innodb_table_stats datname relname usename db_owner sysadmin serveradmin secure_file_priv general_log",
  sqlType:
    "varchar varchar2 nvarchar int integer bigint smallint signed unsigned datetime timestamp blob clob",
  scriptScheme: "javascript vbscript livescript jscript mocha",
  sink: "alert prompt confirm eval settimeout setinterval setimmediate execscript showmodaldialog msgbox requestanimationframe createcontextualfragment",
  browserObject:
    "document window self top parent frames globalthis navigator location localstorage sessionstorage xmlhttprequest websocket history opener $event console reflect",
  browserProperty:
    "cookie innerhtml outerhtml insertadjacenthtml write writeln referrer fromcharcode fromcodepoint atob btoa unescape decodeuricomponent encodeuricomponent createelement appendchild getelementbyid queryselector sendbeacon pushstate postmessage baseuri defaultview contentwindow contentdocument ownerdocument documenturi useragent currentscript",
  codeWord:
    "function return var let const new typeof throw try catch while for foreach if async await void class import export require print println printf puts echo",
  mongo:
    "$ne $gt $gte $lt $lte $eq $in $nin $regex $options $where $exists $or $and $nor $not $all $size $type $mod $elemmatch $expr $function $accumulator $lookup $match $project $group $unwind $facet $out $merge $unionwith $graphlookup $search $jsonschema $near $nearsphere $geowithin $geointersects $slice $set $unset $inc $push $pull $addtoset $rename $currentdate $setonInsert $cond $ifnull $switch $tojs $iselement",
  prototype: "__proto__ prototype constructor __definegetter__ __definesetter__ __lookupgetter__",
  codeExecution:
    "system passthru shell_exec popen popen2 popen3 pcntl_exec proc_open assert create_function call_user_func call_user_func_array array_map array_filter usort preg_replace base64_decode gzinflate gzuncompress str_rot13 phpinfo phpcredits file_get_contents file_put_contents fopen readfile highlight_file show_source include include_once require_once move_uploaded_file check_output check_call execsync execfile execfilesync spawn spawnsync spawnl posix_spawn invoke_expression iex invoke downloadstring downloadfile start_process shellexecute wscript activexobject register_shutdown_function ob_start unserialize putenv ini_set dl mb_ereg_replace eregi_replace import_module ctypes fork execve execl execlp execvp syscall irb kernel open3 instance_eval class_eval module_eval send_file",
  runtime:
    "getruntime processbuilder runtime java javax scriptenginemanager getenginebyname forname getclass getdeclaredmethod getmethod newinstance classloader getclassloader toclass subprocess os child_process mainmodule processimpl process webclient getprotectiondomain commons ioutils objectfactory",
  templateObject:
    "cycler lipsum joiner config get_flashed_messages url_for _self twig registerundefinedfiltercallback getfilter freemarker velocity velocitycount struts ognl opensymphony memberaccess spring springframework thymeleaf smarty jinja mako handlebars lookupproperty nunjucks pug pebble groovy undefined_function",
  dunder:
    "__class__ __mro__ __base__ __bases__ __subclasses__ __globals__ __builtins__ __builtin__ __init__ __import__ __getitem__ __getattribute__ __dict__ __code__ __func__ __reduce__ __call__ __name__ func_globals mro im_func gi_frame f_globals f_back tb_frame",
  interpreter:
    "bash sh zsh ksh dash csh tcsh ash fish python python2 python3 perl ruby php node nodejs lua awk gawk mawk nawk powershell pwsh cmd cscript mshta rundll32 regsvr32 msbuild wmic certutil bitsadmin busybox socat ncat tclsh expect gdb jshell jrunscript osascript xargs nohup setsid strace docker kubectl rlwrap comspec",
  command:
    "whoami wget curl nc netcat telnet uname ifconfig ipconfig chmod chown chgrp nslookup traceroute tracert systeminfo tasklist taskkill netstat mkfifo mknod crontab sudo su useradd adduser usermod groupadd iptables nmap tcpdump ssh scp sftp rsync tftp dig base32 base64 xxd printenv uptime lsof lsb_release pwd ls dir cp mv rm rmdir mkdir ps df du umount dd apt yum apk pip gem tar gzip gunzip bunzip2 unzip rev tac nl od hexdump strings sed grep egrep zcat openssl vim vi nano ed emacs ftp finger id getent chpasswd visudo pkill killall poweroff systemctl journalctl dmesg sysctl lsmod insmod modprobe arp iwconfig icacls cacls attrib schtasks netsh vssadmin wevtutil quser findstr powercfg ping dirb burpcollaborator inurl",
  weakCommand:
    "cat time sort find more head tail cut watch touch test type net who date env export host hostname file stat read tee uniq wc diff less split paste make kill jobs last users look man locate whereis which script mail batch yes seq factor expr basename dirname realpath link unlink install nice timeout mount service ver query route tree copy move del erase start reg sc ren format reboot halt init logout exit ip w",
  sensitivePath:
    "etc passwd shadow proc environ bin sbin usr dev tcp udp tmp system32 windows winnt hosts htpasswd htaccess sudoers id_dsa id_ecdsa id_ed25519 ini inetpub id_rsa authorized_keys bash_history access_log error_log cmdline phpunit cgi wwwroot",
  socket:
    "af_inet sock_stream tcpsocket tcpserver tcpclient tcplistener udpclient fsockopen wsasocket wsasocketa wsastartup wsaconnect sockaddr_in inetsocketaddress socketchannel serversocket ztcp networkstream",
  jndi: "jndi ldap ldaps rmi iiop corba nis nds",
  superglobal: "$_get $_post $_request $_server $_cookie $_files $_session $globals $_env",
  databaseObject: "db",
  binarySuffix: "exe dll bat ps1 vbs hta sct msi scr",
  urlAttribute:
    "href src action poster background xlink lowsrc dynsrc classid codebase cite longdesc manifest usemap",
  riskyAttribute:
    "srcdoc formaction autofocus allowscriptaccess contenteditable attributename dataformatas datasrc",
};

/** Further meanings of words, besides their kind. */
export const WORDS_WITH_TRAIT: Partial<Record<keyof typeof Trait, string>> = {
  stop: "the a an of with for to your our this that these those it its at be are was were will can could should would may must has have had do does did you we they he she i me my his her their there here than also but if so no yes how what why when which who whom whose using use used per via about into over under between within without only each every both more most other such any please new best high low good very und der die das den dem des ein eine einer mit von zu fur et le la les un une du de avec pour dans sur el los las del con para por y o en una uno da dos com e em il lo gli della di",
  connective:
    "or and in by as is not on at to all if then when else end any some table for like set top from order group case find more view data link index new",
  activeTag:
    "script iframe object embed applet svg math base link frameset frame xml xss isindex layer ilayer bgsound animate set animatetransform animatemotion foreignobject import noscript portal fencedframe",
  plainTag:
    "p b i u s em strong span div br hr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 a img table thead tbody tfoot tr td th caption col colgroup blockquote pre code sub sup small big font center figure figcaption section article header footer nav main aside abbr cite q ins del mark time address label input button select option textarea form fieldset legend video audio source picture details summary dialog wbr tt kbd samp var strike bdo html body head title area map",
  command:
    "sleep id test exec sort find cat time kill echo print printf export read env host ping ls dir history script format install type more head tail join less query",
  strongCommand:
    "whoami wget curl nc netcat telnet uname ifconfig ipconfig chmod nslookup systeminfo tasklist netstat mkfifo sudo bash sh powershell certutil busybox socat ncat mshta rundll32 regsvr32 bitsadmin wmic cscript tftp printenv xxd base64 phpinfo passwd id ping sleep cat ls dir env perl python python3 ruby php",
  functionName:
    "iif user version database if ascii system exec sleep left right mid count max min sum table values hash fetch import require print echo",
  trigger:
    "select union insert update delete drop truncate alter exec execute declare waitfor shutdown whoami wget curl netcat uname ifconfig ipconfig chmod nslookup systeminfo mkfifo sudo bash powershell certutil busybox socat mshta rundll32 regsvr32 bitsadmin wmic cscript javascript vbscript benchmark pg_sleep information_schema sysobjects xp_cmdshell __proto__ __class__ __import__ outfile dumpfile jndi having sleep etc passwd or and order nc netstat sh ls ping id env cat net dir exe ruby python db this alert eval prompt confirm constructor system",
};
