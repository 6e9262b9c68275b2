// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sample text contains template syntax
import type { RandomSource } from "./random-source.ts";

const TOOLS = ["npm", "yarn", "pnpm", "cargo", "go", "dotnet", "mvn", "gradle", "make", "poetry"];
const VERBS = ["build", "test", "install", "lint", "publish", "run build", "run test", "clean"];
const NOUNS = [
  "the compiler",
  "each task",
  "a linked package",
  "the generated report",
  "all workspaces",
  "the test runner",
  "an output directory",
  "the current branch",
  "a container image",
  "the deployment",
];
const OPTIONS = ["watch", "verbose", "output", "config", "force", "no-cache", "dry-run", "filter"];
const VARIABLES = ["HOME", "PATH", "VALUE", "CI", "TAG", "BUILD_ID", "GITHUB_TOKEN", "PORT"];
const SCRIPTS = ["setup.sh", "build.ps1", "release.py", "check.js", "deploy.sh", "migrate.rb"];
const INTERPRETERS = ["python3", "python", "node", "bash", "sh", "ruby", "pwsh", "perl"];
const SQL_TYPES = ["int", "varchar(50)", "char(2)", "bigint", "decimal(10,2)", "timestamp", "text"];
const UNITS = ["seconds", "bytes", "a percentage", "a list of names", "an absolute path"];

function pattern(r: RandomSource): string {
  return r.pick([
    `^[a-z][a-z0-9-]*$`,
    `^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)$`,
    `^\\$\\{[A-Z_]+\\}$`,
    `^(?!\\.)[\\w./-]+$`,
    `^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`,
    `^https?://[^\\s/$.?#].[^\\s]*$`,
    `^[^<>:;,?"*|/]+$`,
    `^(${r.name()}|${r.name()}|${r.name()})$`,
    `^v\\d+\\.\\d+(\\.\\d+)?(-\\S*)?$`,
    `/^v\\d+\\.\\d+\\.\\d+$/`,
    `^(\\d+)(ms|s|m|h)?$`,
    `(?i)^${r.name()}[_-]?${r.name()}$`,
    `^\\{\\{.*\\}\\}$`,
    `^\\s*//\\s*${r.name()}`,
    `${r.name()}|${r.name()}`,
    `mcp__${r.name()}__.*`,
    `^(\\$\\(.+\\)|.+)$`,
    `^%[A-Z]+%$`,
  ]);
}

function glob(r: RandomSource): string {
  const a = r.name();
  return r.pick([
    `**/*.{ts,tsx}`,
    `src/**/*.${r.pick(["js", "css", "json"])}`,
    `!${a}/**`,
    `./${a}/*`,
    `../${a}/${r.name()}.json`,
    `../../${a}/tsconfig.json`,
    `../../../node_modules/${a}/index.d.ts`,
    `../../../${a}/${r.name()}/index.${r.pick(["ts", "js", "md", "html"])}`,
    `../../../${a}/${r.name()}.${r.pick(["json", "css", "png", "pdf", "step"])}`,
    `${"../".repeat(r.int(2, 6))}${a}`,
    `import ${a} from "${"../".repeat(r.int(1, 5))}${r.name()}";`,
    `<img src="${"../".repeat(r.int(1, 4))}${a}/${r.name()}.png">`,
    `/${a}/*`,
    `*.{png,jpg}`,
    `~/.${a}/config`,
    `$HOME/.${a}/cache`,
    `$HOME/Library/Caches/${a}`,
    `/usr/local/bin/${a}`,
    `/usr/bin/${a}`,
    `/usr/bin/env ${r.pick(["node", "python3", "bash"])}`,
    `/etc/${a}/${a}.conf`,
    `/etc/${r.pick(["apt", "yum.repos.d", "ssh", "cron.d", "docker", "php"])}/${a}.repo`,
    `/var/lib/${a}`,
    `/opt/${a}/bin/${a}`,
    `/tmp/${a}`,
    `/dev/${r.pick(["null", "ttyUSB0", "sda1", "video0"])}`,
    `C:\\Program Files\\${a}\\${a}.exe`,
    `%${a}dir%\\${r.name()}.ps1`,
    `%APPDATA%`,
    `${a}.exe`,
    `.${a}/hooks/${r.name()}.py`,
  ]);
}

function dottedName(r: RandomSource): string {
  const a = r.name();
  return r.pick([
    `Microsoft.${r.pick(["Net", "VisualStudio", "AspNetCore"])}.Component.${a}`,
    `System.${r.pick(["Runtime", "IO", "Diagnostics", "Net.Http", "Data"])}.${a}`,
    `java.${r.pick(["util.List", "lang.String", "time.Duration", "io.File"])}`,
    `javax.${r.pick(["persistence", "servlet", "inject"])}.${a}`,
    `org.springframework.${r.pick(["boot", "web", "data"])}.${a}`,
    `org.apache.${r.pick(["commons", "kafka", "maven"])}.${a}`,
    `com.${a}.${r.name()}.${r.pick(["Process", "Runtime", "Config"])}`,
    `process.env.${r.pick(VARIABLES)}`,
    `node:${r.pick(["process", "fs", "os", "path"])}`,
    `$config.${a}`,
    `file:///${a}/${r.name()}`,
    `ldap://${a}:389`,
    `file:../${a}`,
  ]);
}

/** A condition of a workflow. */
function expression(r: RandomSource): string {
  const a = `${r.pick(["github", "matrix", "inputs", "env", "needs", "steps"])}.${r.name()}`;
  return r.pick([
    `${a} == '${r.pick(["refs/heads/main", "push", "pull_request", "true", r.name()])}'`,
    `${a} != '${r.name()}'`,
    `${a} == ${r.int(1, 30)}`,
    `${a}`,
    `!${a}`,
    `startsWith(${a}, 'refs/tags/')`,
    `contains(${a}, '${r.name()}')`,
    `${a}.${r.name()}.outputs.${r.name()}`,
    `success()`,
  ]);
}

function placeholder(r: RandomSource): string {
  const a = r.name();
  return r.pick([
    `\${workspaceFolder}/${a}`,
    `\${env:${r.pick(VARIABLES)}}`,
    `\${${r.pick(VARIABLES)}}`,
    `\${{ secrets.${r.pick(VARIABLES)} }}`,
    `\${{ matrix.os }}`,
    `\${{ ${expression(r)} }}`,
    `\${{ ${expression(r)} ${r.pick(["&&", "||"])} ${expression(r)} }}`,
    `${expression(r)} ${r.pick(["&&", "||"])} ${expression(r)}`,
    `always() && ${expression(r)}`,
    `\${{ github.event_name == 'push' && github.ref == 'refs/heads/main' }}`,
    `\${{ runner.os }}-${a}-\${{ hashFiles('**/package-lock.json') }}`,
    `\${file:./${a}.yml}`,
    `\${self:provider.stage}`,
    `$(Build.SourcesDirectory)/${a}`,
    `$(${a})`,
    `$\${${a}}`,
    `{{ ${a}.version }}`,
    `{{ .Values.${a} }}`,
    `{{${a}}}`,
    `{{ ${a} | default("${r.name()}") }}`,
    `<${a}>`,
    `#{${a}}#`,
    `%(${a})s`,
    `%${a.toUpperCase()}%`,
    `$${r.pick(VARIABLES)}`,
    `@${a}/${r.name()}`,
    `\${${a}:-${r.name()}}`,
    `\${{ always() }}`,
    `[${a}].[hash].js`,
  ]);
}

function commandLine(r: RandomSource): string {
  const a = r.name();
  const tool = r.pick(TOOLS);
  const verb = r.pick(VERBS);
  const interpreter = r.pick(INTERPRETERS);
  const script = r.pick(SCRIPTS);
  return r.pick([
    `${tool} ${verb}`,
    `${tool} ${verb} && ${tool} ${r.pick(VERBS)}`,
    `${tool} ${verb} --${r.pick(OPTIONS)} ${a}`,
    `cd ${a} && ${tool} ${verb}`,
    `cd .${a} && ${tool} ${verb} -o .. && cd ..`,
    `echo $${r.pick(VARIABLES)}`,
    `echo "${a}"`,
    `echo Hello, ${a}!`,
    `export ${r.pick(VARIABLES)}=${a}`,
    `${interpreter} ${script}`,
    `${interpreter} ./${a}/${script}`,
    `${interpreter} .${a}/hooks/${script}`,
    `${interpreter} -m ${r.pick(["venv", "pip", "pytest", "http.server", "unittest"])} ./${a}`,
    `${interpreter} --version`,
    `bash scripts/${script} --${r.pick(OPTIONS)}`,
    `. ./${a}/bin/activate`,
    `source ${a}/bin/activate`,
    `pwsh -File ${script}`,
    `powershell -NoProfile -ExecutionPolicy Bypass -File ${script}`,
    `pip install ${a} ${r.name()}`,
    `sudo apt-get install -y ${a}`,
    `sudo apt-get update`,
    `apt-get -qq update`,
    `brew update`,
    `brew tap ${a}/${r.name()}`,
    `docker build -t ${a}:${r.pick(VARIABLES)} .`,
    `docker-compose up -d`,
    `docker run --rm -v $PWD:/src ${a}`,
    `chmod +x ${script}`,
    `chmod 600 ${a}.key`,
    `mkdir -p ${a}/${r.name()}`,
    `rm -rf ${r.pick(["dist", "build", "coverage", "node_modules"])}`,
    `cp -r ${a} ${r.name()}`,
    `mv ${a}.json dist/${a}.json`,
    `git clone --depth=1 https://github.com/${a}/${r.name()}.git`,
    `git diff --exit-code`,
    `curl -fsSL https://${a}.io/install.sh -o install.sh`,
    `curl -sS https://${a}.com/health`,
    `wget https://${a}.org/${r.name()}.tar.gz`,
    `tar -xzf ${a}.tar.gz`,
    `bash <(curl -s https://${a}.io/bash)`,
    `curl -s https://${a}.io/install | bash`,
    `make -j4 ${a}`,
    `node --max-old-space-size=4096 ${a}.js`,
    `node_modules/.bin/${a} --${r.pick(OPTIONS)}`,
    `NODE_ENV=production node server.js`,
    `cat ${a}.log | grep -c ${r.name()}`,
    `ls -la`,
    `echo '${a}' | sudo -S shutdown -P now`,
    `shutdown -h now`,
    `sleep ${r.int(1, 60)}`,
    `exit 1`,
    `/bin/sh`,
    `/bin/bash`,
    `["/bin/sh", "-c"]`,
    `test -f ${a} || exit 0`,
    `if [ -z "$${r.pick(VARIABLES)}" ]; then exit 1; fi`,
    `{command: ${tool}, args: [${verb}]}`,
    `${a} --${r.pick(OPTIONS)}=${r.name()} -- ${r.name()}`,
  ]);
}

/** One sentence of a schema's or a manual's description. */
function description(r: RandomSource): string {
  const a = r.name();
  const option = r.pick(OPTIONS);
  const noun = r.pick(NOUNS);
  const q = r.pick(["`", "`", "'", '"']);
  const code = () => `${q}${r.pick([glob, placeholder, pattern, commandLine])(r)}${q}`;
  return r.pick([
    () => `The ${a} that ${noun} uses. Defaults to ${code()}.`,
    () => `Whether to ${r.pick(VERBS)} ${noun}; see --${option}.`,
    () => `A glob such as ${code()} or ${code()}. Use ${q}!${a}${q} to exclude files from ${noun}.`,
    () => `Runs ${code()} before ${noun} starts.`,
    () => `Command to run, e.g. ${code()}`,
    () => `Equivalent to ${q}--${option}${q} on the command line. Type: ${r.pick(UNITS)}.`,
    () => `Sets ${q}${a}.${r.name()}${q} for ${noun} (https://${a}.dev/docs/${r.name()}#${option})`,
    () => `Environment variables are expanded: ${code()}, ${code()}.`,
    () => `If ${q}true${q}, ${noun} is updated; if ${q}false${q} or ${q}null${q}, nothing is.`,
    () =>
      `-${a.charAt(0)}, --${option} <${a}>  ${r.pick(["limit", "select", "set", "drop"])} ${noun}`,
    () => `Matches ${code()}; must not contain ${q}..${q}, ${q};${q} or ${q}|${q}.`,
    () =>
      `One of ${q}${a}${q}, ${q}${r.name()}${q}, ${q}exec${q}, ${q}system${q} and ${q}script${q}.`,
    () => `[DEPRECATED] use ${q}${a}${q} instead; ${noun} ignores this.`,
    () =>
      `The script (${q}scripts.${a}${q}) that ${q}${r.pick(TOOLS)} ${r.pick(VERBS)}${q} executes`,
    () =>
      `Path to the ${r.pick(["python", "node", "bash", "php", "git"])} executable. Example: ${code()}`,
    () => `Specifies the ${a} (in ${r.pick(UNITS)}) after which ${noun} is killed`,
    () => `A reference to ${q}#/$defs/${a}${q} or ${q}#/definitions/${r.name()}${q}.`,
    () => `Select the columns to order by: ${q}id${q} or ${q}-name${q}, and the table to join.`,
    () => `HTML such as ${q}<b>${q} and ${q}<a href="#">${q} is allowed in the ${a}.`,
    () => `Interpolates ${q}{{${a}}}${q} and ${q}\${${a}}${q}; escape with ${q}\\${q}`,
    () => `Do not ${r.pick(["rm", "mv", "cp", "cat", "kill", "exec"])} ${noun} -- ${a} does that.`,
    () => `Safer than ${q}${r.pick(["rm", "eval", "exec", "sudo", "curl"])}${q} for ${noun}.`,
    () => `Alternative to ${q}${r.pick(["rm", "ls", "cat", "ps", "top", "find", "sed"])}${q}.`,
  ])();
}

function statement(r: RandomSource): string {
  const table = `${r.pick(["", "dbo.", "public."])}${r.name()}`;
  return r.pick([
    `SELECT * FROM ${table}`,
    `select * from ${table}`,
    `SELECT id, name FROM ${table} ORDER BY name`,
    `SELECT COUNT(*) FROM ${table}`,
    `SELECT 1`,
    `SELECT ${r.name()} FROM ${table} WHERE id = @id`,
    `select ${r.name()} from ${table} where ${r.name()} = :${r.name()}`,
    `INSERT INTO ${table} (id, name) VALUES (?, ?)`,
    `UPDATE ${table} SET status = ? WHERE id = ?`,
    `CREATE TABLE ${table} (id ${r.pick(SQL_TYPES)}, name ${r.pick(SQL_TYPES)})`,
    `CREATE INDEX ix_${r.name()} ON ${table} (id)`,
    `ALTER TABLE ${table} ADD COLUMN ${r.name()} ${r.pick(SQL_TYPES)}`,
    `@Cost={cost},@Name={name}`,
    `${r.name()} in ('a', 'b') and ${r.name()} is not null`,
    `${r.name()} > ${r.int(1, 99)} AND ${r.name()} = '${r.name()}'`,
    `CREATE OR REPLACE PROCEDURE ${r.name()}\nIS\nBEGIN\n  DBMS_OUTPUT.PUT_LINE('${r.name()}');\nEND;`,
    `BEGIN; UPDATE ${table} SET ${r.name()} = 1; COMMIT;`,
    r.pick(SQL_TYPES),
    `h2, !oracle, mysql`,
  ]);
}

/** A value of a configuration file, of whatever kind. */
function leaf(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.16) return pattern(r);
  if (kind < 0.3) return glob(r);
  if (kind < 0.34) return dottedName(r);
  if (kind < 0.5) return placeholder(r);
  if (kind < 0.74) return commandLine(r);
  return kind < 0.9 ? description(r) : statement(r);
}

function schema(r: RandomSource): unknown {
  const a = r.name();
  const property = () => ({
    type: r.pick(["string", "array", "boolean", "object"]),
    description: description(r),
    ...(r.chance(0.4) ? { pattern: pattern(r) } : {}),
    ...(r.chance(0.4) ? { default: leaf(r) } : {}),
    ...(r.chance(0.3) ? { $ref: `#/$defs/${r.name()}` } : {}),
  });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `https://${a}.dev/schema.json`,
    $defs: { [a]: property() },
    properties: { [r.name()]: property(), [r.name()]: property() },
  };
}

function pipeline(r: RandomSource): unknown {
  const commands = () => Array.from({ length: r.int(1, 4) }, () => commandLine(r));
  return r.pick<() => unknown>([
    () => ({
      scripts: { build: commandLine(r), test: commandLine(r), [r.name()]: commandLine(r) },
    }),
    () => ({ language: "node_js", before_install: commands(), script: commands() }),
    () => ({ jobs: { build: { "runs-on": "ubuntu-latest", steps: [{ run: commandLine(r) }] } } }),
    () => ({ tasks: { [r.name()]: { cmds: commands(), env: { [r.pick(VARIABLES)]: leaf(r) } } } }),
    () => ({
      version: "2.0.0",
      tasks: [{ label: r.name(), command: commandLine(r), args: ["-c"] }],
    }),
    () => ({ hooks: { [r.name()]: [{ type: "command", command: commandLine(r) }] } }),
    () => ({ bindings: [{ commandText: statement(r), commandType: "text", name: r.name() }] }),
    () => ({ changes: [{ sql: statement(r), column: { type: r.pick(SQL_TYPES) } }] }),
    () => ({ deny: [{ pattern: commandLine(r), reason: description(r) }] }),
  ])();
}

/** What configuration files, schemas and manuals of tools hold, whole or value by value. */
export function configurationText(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.5) return leaf(r);
  if (kind < 0.62) return description(r);
  if (kind < 0.72) return `${description(r)}\n\n${description(r)} ${description(r)}`;
  const space = r.pick([0, 2]);
  if (kind < 0.86) return JSON.stringify(schema(r), null, space);
  return JSON.stringify(pipeline(r), null, space);
}
