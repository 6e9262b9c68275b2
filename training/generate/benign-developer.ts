// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sample text contains template syntax
import { FIXED_SNIPPETS, MESSAGES, QUESTION_ENDS, TOPICS } from "./benign-developer-words.ts";
import type { RandomSource } from "./random-source.ts";

const TABLES = ["orders", "parts", "users", "invoices", "stock", "suppliers", "quotes", "t1"];
const COLUMNS = [
  "id",
  "name",
  "date",
  "price",
  "qty",
  "status",
  "email",
  "parent_id",
  "created_at",
  "column",
  "value",
  "field",
];
const TOOLS = ["npm", "git", "docker", "pip", "make", "cargo", "kubectl", "mvn", "yarn", "brew"];
const COMMANDS = [
  "ls",
  "cat",
  "grep",
  "find",
  "sed",
  "awk",
  "curl",
  "wget",
  "ssh",
  "ping",
  "chmod",
];
const CALLS = [
  "alert",
  "eval",
  "exec",
  "system",
  "confirm",
  "sleep",
  "setTimeout",
  "require",
  "open",
];
const HANDLERS = ["onclick", "onchange", "onload", "onerror", "onsubmit", "onfocus"];
const TAGS = [
  "div",
  "span",
  "a",
  "img",
  "p",
  "table",
  "script",
  "iframe",
  "input",
  "select",
  "style",
];
const OPERATORS = ["$in", "$gt", "$set", "$push", "$match", "$lookup", "$exists", "$regex"];
const STARTS = ["How to", "Why does", "When should I", "Is it possible to", "Best way to", "Can I"];

function question(r: RandomSource): string {
  const table = r.pick(TABLES);
  const column = r.pick(COLUMNS);
  const other = r.pick(COLUMNS);
  const end = r.pick(QUESTION_ENDS);
  const start = r.pick(STARTS);
  return r.pick([
    () => `${start} select ${column} from ${table} where ${other} is null${end}`,
    () => `${start} select rows where ${column} = '${r.name()}' or ${other} is null${end}`,
    () => `${start} update ${table} set ${column} from another table${end}`,
    () => `${start} insert into ${table} if ${column} does not exist, else update${end}`,
    () => `${start} use "ORDER BY" with "GROUP BY" on ${column}${end}`,
    () =>
      `${r.pick(["mysql", "sql", "oracle", "postgres"])} - ${r.pick(["count", "delete", "get", "find"])} rows where ${column} = '${r.pick(["value", r.name()])}' ${r.pick(["or", "and"])} ${other} is ${r.pick(["null", "not null", "empty"])}${end}`,
    () => `SQL: count(${column}) per ${other} ${end}`,
    () => `mysql - ${column} in (1, 2) or ${other} = ${r.int(1, 99)}${end}`,
    () => `Unknown column '${column}' in 'where clause'`,
    () => `Table '${table}' doesn't exist in engine${end}`,
    () => `Join ${table} and ${r.pick(TABLES)} on ${column} -- slow query${end}`,
    () => `${start} drop a column or alter table ${table} in ${r.pick(TOPICS)}${end}`,
    () => `What does ${r.pick(OPERATORS)} do in MongoDB${end}`,
    () => `${r.pick(OPERATORS)} vs ${r.pick(OPERATORS)} on a nested field${end}`,
    () => `the ${r.pick(OPERATORS)} operator is slow on ${table}`,
  ])();
}

function webQuestion(r: RandomSource): string {
  const tag = r.pick(TAGS);
  const end = r.pick(QUESTION_ENDS);
  const start = r.pick(STARTS);
  const call = r.pick(CALLS);
  const command = r.pick(COMMANDS);
  return r.pick([
    () => `${start} call ${call}() from ${r.pick(TOPICS)}${end}`,
    () => `What is the difference between ${call}() and ${r.pick(CALLS)}()${end}`,
    () => `${call}() returns undefined in ${r.pick(TOPICS)}${end}`,
    () => `${start} put a <${tag}> inside a <${r.pick(TAGS)}>${end}`,
    () => `${start} include('../../${r.name()}.php') from another folder${end}`,
    () => `require_once("../${r.name()}/${r.name()}.php") ${r.pick(["not found", "fails"])}${end}`,
    () => `file_get_contents($${r.name()}) returns false in ${r.pick(TOPICS)}${end}`,
    () => `${start} array_map('${r.pick(["trim", "intval"])}', $${r.name()}) in PHP${end}`,
    () => `os.system("${r.pick(TOOLS)} ${r.name()}") vs subprocess.call in ${r.pick(TOPICS)}${end}`,
    () => `exec($${r.name()}) returns nothing in ${r.pick(TOPICS)}${end}`,
    () => `${command} > out.txt 2>&1 in ${r.pick(TOPICS)}${end}`,
    () => `Difference between /bin/sh and /bin/bash in ${r.pick(TOPICS)}${end}`,
    () => `What does <${tag} ${r.pick(["async", "hidden", "defer", "open"])}> do${end}`,
    () => `<${tag}> not shown in ${r.pick(TOPICS)}${end}`,
    () => `${r.pick(HANDLERS)} event of <${tag}> fires twice${end}`,
    () => `${r.pick(HANDLERS)} vs addEventListener${end}`,
    () => `${start} read document.cookie or window.location in ${r.pick(TOPICS)}${end}`,
    () =>
      `${start} run \`${command}${r.pick([" -r", " -la", "", " --help", " ."])}\` on ${r.pick(["Linux", "macOS", "a Mac", "Windows", "the server"])}${end}`,
    () => `Using ${command} and ${r.pick(COMMANDS)} together${end}`,
    () =>
      `${start} use ${command} -${r.pick(["r", "v", "n", "la", "i"])} on a ${r.pick(["file", "folder", "list"])}${end}`,
    () =>
      `${start} ${command} ${r.pick(["/tmp", "~/x", "./src", "$HOME"])} in ${r.pick(TOPICS)}${end}`,
    () => `${command} > ${r.name()}.txt writes nothing${end}`,
    () =>
      `${r.pick(["java.util", "java.io", "System.Runtime", "os.path", "process.nextTick", "subprocess.Popen"])} in ${r.pick(TOPICS)}${end}`,
    () =>
      `${r.pick(["$_POST", "$_GET", "$_SESSION", "$_SERVER['PHP_SELF']"])} is empty in ${r.pick(TOPICS)}${end}`,
    () => `${call}('${r.name()}') vs ${call}("${r.name()}")${end}`,
    () => `${r.pick(HANDLERS)} = function in ${r.pick(TOPICS)}${end}`,
    () =>
      `${start} import ${r.pick(["os", "sys", "subprocess", "child_process"])} in ${r.pick(TOPICS)}${end}`,
    () => `path /usr/bin/${r.name()} not found${end}`,
    () =>
      `${command}: ${r.pick(["permission denied", "command not found", "no such file or directory"])}`,
    () =>
      `\`${r.pick(TOOLS)} ${r.pick(["install", "run build", "test", "update", "push"])}\` fails with ${r.pick(["exit code 1", "ENOENT", "a timeout"])}${end}`,
    () =>
      `What does \`${r.pick(["2>&1", "&&", "||", "$?", "$0", "#!/bin/sh", "%~dp0", "$(pwd)"])}\` mean in ${r.pick(["bash", "a shell script", "a Makefile"])}${end}`,
    () =>
      `JavaScript: ${r.pick(["the good parts", "read a file line by line", "how do closures work", "sort an array of objects"])}${end}`,
    () =>
      `[${r.pick(TOPICS)}] ${start} ${r.pick(["parse JSON", "escape quotes", "split a string by comma", "replace all \\n"])}${end}`,
  ])();
}

function code(r: RandomSource): string {
  const a = r.name();
  const b = r.name();
  const n = r.int(1, 99);
  return r.pick([
    () => `const ${a} = ${b}.map((x) => x.${r.pick(COLUMNS)}).filter(Boolean);`,
    () => `if (${a} == ${n} || ${b} != ${n}) return false;`,
    () => `for (let i = 0; i < ${a}.length; i++) { ${b} += ${a}[i]; }`,
    () => `${a}.${b}(${n}, "${r.name()}");`,
    () => `def ${a}(self, ${b}=None):`,
    () => `import ${a} from "./${b}";`,
    () => `const ${a} = require('${b}');`,
    () => `from ${a}.${b} import ${r.name()} as ${r.name()}`,
    () => `public ${a} get${b}(int ${r.name()}) { return ${n}; }`,
    () => `std::map<std::string, ${a}> ${b};`,
    () => `List<${a}> ${b} = new ArrayList<>();`,
    () => `process.env.${a.toUpperCase()} || '${b}'`,
    () => `os.path.join(${a}, "${b}")`,
    () => `time.sleep(${n})`,
    () => `console.log(\`${a}: \${${b}.${r.name()}}\`)`,
    () => `printf("%d %s\\n", ${a}, ${b});`,
    () => `#define ${a.toUpperCase()}(x) ((x) * ${n})`,
    () => `.${a} { margin: 0 ${n}px; color: #${r.int(100, 999)} }`,
    () => `{% ${r.pick(["if", "for x in", "include", "block", "extends"])} ${a} %}`,
    () =>
      `{{${r.pick(["", " ", "#if ", "> ", "/", "^"])}${a}${r.pick(["", " ", ".name", "_id", "-text"])}}}`,
    () => `Hello {{${a}_name}}, your order {{ order_id }} has shipped.`,
    () => `Dear \${${a}Name}, thank you for order \${orderNumber}`,
    () => `$${a} = $${b}->get('${r.name()}');`,
    () => `at ${a}.${b}(${a}.js:${n}:${r.int(1, 99)})`,
    () => `at java.util.${b}.get(${b}.java:${n})`,
    () =>
      `java.lang.${r.pick(["NullPointerException", "IllegalStateException", "Exception"])}: ${a} at com.${a}.${b}.main(${b}.java:${n})`,
    () => `<?xml version="1.0" encoding="${r.pick(["UTF-8", "utf-8", "ISO-8859-1"])}"?>`,
    () => `<?xml version="1.0"?><${a}><${b}>${n}</${b}></${a}>`,
    () => `<${a}:${b} xmlns:${a}="http://www.${a}.org/${b}/">`,
    () => `<!DOCTYPE html><html lang="en"><head><title>${a}</title></head>`,
    () => `data:image/${r.pick(["png", "jpeg", "gif"])};base64,iVBORw0KGgoAAAANSUhEUgAA${a}`,
    () => `ldap://${a}.${b}.com:389/dc=${a},dc=com`,
    () => `cn=${a} ${b},ou=people,dc=example,dc=com`,
    () => `(&(objectClass=user)(cn=${a}))`,
    () => `postgres://${a}:${b}@localhost:5432/${r.pick(TABLES)}`,
    () => `${a}@${b}:~$ cd ${a}`,
    () => `/^${a}(\\.${b})?-\\d{${n}}$/i`,
    () => `s/${a}/${b}/g`,
  ])();
}

function logLine(r: RandomSource): string {
  const time = `20${r.int(10, 29)}-0${r.int(1, 9)}-${r.int(10, 28)} ${r.int(10, 23)}:${r.int(10, 59)}:${r.int(10, 59)}`;
  const message = r.pick(MESSAGES);
  return r.pick([
    `${time} ${r.pick(["INFO", "WARN", "ERROR"])} [${r.name()}] ${message}`,
    `[${time}] ${r.name()}.${r.name()}: ${message} (code=${r.int(1, 999)})`,
    `${r.name()}[${r.int(1, 9999)}]: ${message}`,
    `10.0.${r.int(0, 254)}.${r.int(1, 254)} - - [${time}] "GET /${r.name()}/${r.int(1, 99)} HTTP/1.1" ${r.pick([200, 304, 404])} ${r.int(1, 99999)}`,
    `{"level":"${r.pick(["info", "error"])}","msg":"${message}","port":${r.int(80, 9999)}}`,
    `level=${r.pick(["info", "warn"])} msg="${message}" id=${r.int(1, 999)}`,
    `Mozilla/5.0 (X11; Linux x86_64; rv:${r.int(60, 140)}.0) Gecko/20100101 Firefox/${r.int(60, 140)}.0`,
    `Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8`,
    `Set-Cookie: ${r.name()}=${r.int(1, 99999)}; Path=/; Secure; HttpOnly`,
  ]);
}

function markdown(r: RandomSource): string {
  const a = r.name();
  return r.pick([
    `- **${a}**: ${r.pick(MESSAGES)}; see \`${r.name()}.md\``,
    `# ${a}\n\n${r.pick(MESSAGES)}\n\n* ${r.name()}\n* ${r.name()}`,
    `| ${a} | ${r.name()} |\n|---|---|\n| ${r.int(1, 99)} | \`${r.name()}\` |`,
    `[${a}](https://${a}.com "${r.name()}") & ![${a}](${a}.png)`,
    `> ${r.pick(MESSAGES)}\n\n-- ${a}`,
    `Set \`${a}\` to \`true\` or \`false\`; default: \`${r.name()}\`.`,
    `Run \`${r.pick(TOOLS)} ${r.pick(["install", "start", "init"])}\`; then open \`${a}.json\`.`,
    `The file is in /etc/${a}/${a}.conf`,
    `\`\`\`${r.pick(["js", "sh", "json", ""])}\n${code(r)}\n\`\`\``,
    `---\ntitle: ${a}\ntags: [${a}, ${r.name()}]\n---`,
  ]);
}

/** What developers and support staff write: questions, snippets, log lines, Markdown. */
export function developerText(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.24) return question(r);
  if (kind < 0.48) return webQuestion(r);
  if (kind < 0.7) return code(r);
  if (kind < 0.8) return logLine(r);
  return kind < 0.9 ? markdown(r) : r.pick(FIXED_SNIPPETS);
}
