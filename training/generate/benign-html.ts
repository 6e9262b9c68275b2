import type { RandomSource } from "./random-source.ts";

const PHRASES = [
  "High quality &amp; long life",
  "Fast shipping &ndash; order today",
  "Caf&eacute; style",
  "Hochwertige Verarbeitung für den Dauereinsatz",
  "Auswahl aus 3 Größen &amp; Farben",
  "Idéal pour l'industrie",
  "Sélection d'outils de précision",
  "Acero inoxidable &ndash; resistente",
  "Alta qualità e lunga durata",
  "Wysoka jakość wykonania",
  "高品質な部品",
  "Высокое качество",
  "5&nbsp;kg&nbsp;max.",
  "&copy; 2024 Company",
  "Temp. &lt; 80&deg;C",
  "Size: 1/2&quot; &times; 3&quot;",
  "Select your model below.",
  "Drop-forged; union ends",
  "&bull; Machine wash &bull; Tumble dry",
  "Don't miss it!",
  "&euro;&nbsp;5,00",
  "Retrieved 2 May 2012.",
  "See also: list of parts",
  "(in German)",
  "ISBN 0-13-103805-2",
  "Cambridge University Press, pp.&#160;408&ndash;417",
  "Archived from the original",
  "^",
  "[edit]",
];
const STYLES = [
  "color:red",
  "color: #333; font-size: 12px;",
  "text-align:center",
  "width:100%;height:auto",
  "margin:0 auto; padding: 5px",
  "font-family: Arial, Helvetica, sans-serif",
  "background-color:#fff",
  "border: 1px solid #ccc",
  "float:left;display:inline-block",
  "background-image:url(/images/bg.png)",
  "background: url('https://cdn.example.com/a.jpg') no-repeat",
  "line-height:1.5em",
  "mso-fareast-language:EN-US",
  "max-width:600px",
];
const CLASSES = [
  "product",
  "desc",
  "btn btn-primary",
  "mw-headline",
  "row",
  "col-md-6",
  "MsoNormal",
  "reference",
  "external text",
  "a-list-item",
  "image",
  "mw-redirect",
  "toc",
  "citation web",
  "internal",
  "nowrap",
  "thumbinner",
  "navbox",
  "plainlinks",
];

function link(r: RandomSource): string {
  return r.pick([
    `/privacy-policy/`,
    `https://www.${r.name()}.com/products/${r.name()}`,
    `#${r.name()}`,
    `mailto:sales@${r.name()}.com`,
    `tel:+15551234567`,
    `/wiki/${r.name()}_(${r.name()})`,
    `http://${r.name()}.org/a.pdf?x=1&amp;y=2`,
    `//${r.name()}.com/x`,
    `../images/${r.name()}.jpg`,
    `/index.php?title=${r.name()}&amp;action=edit&amp;section=${r.int(1, 9)}`,
    `#cite_note-${r.int(1, 99)}`,
    `#CITEREF${r.name()}2004`,
    `/w/index.php?title=${r.name()}&amp;oldid=${r.int(1000, 99999)}`,
    `https://doi.org/10.1000%2F${r.name()}`,
    `/catalog/select/${r.name()}`,
    `?page=2`,
  ]);
}

function attributes(r: RandomSource): string {
  return r.several(
    [
      ` class="${r.pick(CLASSES)}"`,
      ` style="${r.pick(STYLES)}"`,
      ` id="${r.name()}"`,
      ` title="${r.pick(["Enlarge", "Edit section: History", "View &quot;large&quot;", "Artificial intelligence", r.name()])}"`,
      ` data-id="${r.int(1, 999)}"`,
      ` lang="de"`,
      ` align=center`,
      ` width="100" height=50`,
      ` dir="ltr"`,
      ` role="presentation"`,
      ` aria-label="Select size"`,
      ` rel="nofollow noopener"`,
      ` target=_blank`,
      ` itemprop="name"`,
      ` cellpadding=0`,
      ` valign='top'`,
      ` border="0"`,
      ` srcset="/a.jpg 1.5x, /b.jpg 2x"`,
      ` alt="1/2&quot; union"`,
      ` colspan="2"`,
    ],
    0,
    3,
    "",
  );
}

function inline(r: RandomSource, text: () => string): string {
  const inner = r.chance(0.5) ? r.pick(PHRASES) : text();
  const tag = r.pick([
    "b",
    "strong",
    "em",
    "i",
    "u",
    "span",
    "small",
    "sup",
    "font",
    "code",
    "q",
    "abbr",
    "mark",
    "cite",
  ]);
  return r.pick([
    inner,
    inner,
    `<${tag}${attributes(r)}>${inner}</${tag}>`,
    `<a href="${link(r)}"${attributes(r)}>${inner}</a>`,
    `<a${attributes(r)} href='${link(r)}'>${inner}</a>`,
    `<img src="${link(r)}"${attributes(r)} />`,
    `<img${attributes(r)} src="https://cdn.${r.name()}.com/${r.int(1, 999)}.png">`,
    `${inner}<br>`,
    `${inner}<br />`,
    `<sup id="cite_ref-${r.int(1, 99)}" class="reference"><a href="#cite_note-${r.int(1, 99)}">&#91;${r.int(1, 99)}&#93;</a></sup>`,
    `<span class="mw-editsection-bracket">[</span>`,
    `&nbsp;`,
    `<!-- ${r.name()} -->${inner}`,
    `<input type="checkbox" disabled> ${inner}`,
  ]);
}

function block(r: RandomSource, text: () => string): string {
  const content = () => Array.from({ length: r.int(1, 4) }, () => inline(r, text)).join(" ");
  const tag = r.pick([
    "p",
    "div",
    "h2",
    "h3",
    "li",
    "td",
    "section",
    "blockquote",
    "dd",
    "center",
    "pre",
  ]);
  return r.pick([
    () => `<${tag}${attributes(r)}>${content()}</${tag}>`,
    () => `<${tag}${attributes(r)}>${content()}</${tag}>`,
    () => `<ul${attributes(r)}>\n<li>${content()}</li>\n<li>${content()}</li>\n</ul>`,
    () => `<table${attributes(r)}><tr><th>Size</th><td>${content()}</td></tr></table>`,
    () => `<tr${attributes(r)}>\n<td>${content()}</td><td>${r.int(1, 99)}</td></tr>`,
    () => `<ol><li${attributes(r)}>${content()}</li></ol>`,
    () => `<dl><dt>Material</dt><dd>${content()}</dd></dl>`,
    () => `<p>${content()}`,
    () => `${content()}</p>`,
    () => `</li> <li>${content()}</li> </ul>`,
    () => `<hr/>${content()}`,
    () => `<figure><img src="${link(r)}" alt=""><figcaption>${content()}</figcaption></figure>`,
    () => `</div> </div>${content()}`,
    () => `<video src="${link(r)}" controls width="320"></video>`,
    () => `<h2><span class="mw-headline" id="${r.name()}">${content()}</span></h2>`,
    () => `<td style="${r.pick(STYLES)}">${content()}</td></tr>`,
    () => `<label for="${r.name()}">${content()}</label>`,
  ])();
}

/** A lone tag or the torn end of a block, as line-by-line exports contain them. */
function fragment(r: RandomSource, text: () => string): string {
  const tag = r.pick([
    "div",
    "span",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "h1",
    "h2",
    "h3",
    "td",
    "tr",
    "table",
    "tbody",
    "form",
    "input",
    "section",
    "nav",
    "html",
    "body",
    "label",
    "a",
    "footer",
    "header",
    "main",
    "select",
    "option",
    "center",
    "code",
    "pre",
    "img",
    "br",
    "hr",
  ]);
  const gap = r.pick(["", "", " "]);
  return r.pick([
    `<${tag}${attributes(r)}${gap}>`,
    `<${tag}${attributes(r)}${attributes(r)}${gap}>`,
    `</${tag}>`,
    `</${tag}></${r.pick(["div", "td", "li", "p"])}>`,
    `</div>  <${tag}${attributes(r)}>`,
    `<${tag}${attributes(r)}>${r.pick(PHRASES)} </${tag}>`,
    `<a href="${link(r)}"${attributes(r)}>${r.name()} </a>:`,
    `<a href="${link(r)}"${attributes(r)}>${r.name()}</a>`,
    `<form action="/w/index.php"${attributes(r)}>`,
    `<input type="${r.pick(["hidden", "text", "submit", "checkbox"])}" name="${r.name()}" value="${r.name()}" />`,
    `<dd><a href="${link(r)}">${r.name()}</a></dd>`,
    `${r.pick(PHRASES)}</${tag}> ${text()}`,
    `<${tag}>`,
    `<div role="${r.pick(["main", "search", "navigation"])}"${attributes(r)}>`,
    `</${tag}>". <i>${r.name()} </i> (37): 28–29.`,
    `<span title="ctx_ver=Z39.88-2004&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&amp;rft.btitle=${r.name()}+${r.name()}%2C+${r.name()}&amp;rft.place=${r.name()}&amp;rft.date=2006&amp;rft_id=http%3A%2F%2F${r.name()}.org%2F" class="Z3988"> </span>`,
    `<li><cite id="CITEREF${r.name()}2003" class="citation book"><a href="${link(r)}" title="${r.name()}">${r.name()}, ${r.name()} </a>; ${r.name()}, P. (2003). <i>${r.name()} </i>. ${r.pick(PHRASES)}. <a href="/wiki/Special:BookSources/0-13-${r.int(100, 999)}">0-13-${r.int(100, 999)} </a>.</cite></li>`,
    `<div data-options='{"a":1,"b":"${r.name()}"}' class="${r.pick(CLASSES)}">`,
    `<!DOCTYPE html>`,
    `<div style="${r.pick(STYLES)}"> </div>`,
    `<div style="${r.pick(["padding", "margin", "width", "clear", "min-height", "display"])}:${r.pick(["0px", "0em 0.25em", "52px", " both;", "31px;", " inline-block;"])}">`,
    `<p>${r.name()} "<a href="${link(r)}" title="${r.name()}">${r.name()} </a>"; ${r.pick(PHRASES)} ("<i>${r.name()}</i>")`,
    `<a href="//${r.name()}.org/${r.name()}/?from=${r.name()}">${r.name()}</a>`,
    `<a href="#">${r.name()}</a>`,
    `&copy; Copyright 2008–2020, ${r.name()} developers`,
    `<li style="min-height: 31px;"><span style="display: inline-block; width: 31px; vertical-align: middle;"><img alt="" src="//upload.${r.name()}.org/a/28px-x.svg.png" width="28" height="28" /></span></li>`,
    `<br/>`,
    `<hr>`,
    `<<${tag}>`,
    `</${tag}`,
    `<i data-toggle="${r.name()}" class="fa fa-bars"></i>`,
    `<i class="icon"></i> ${text()}`,
    `<p class="${r.pick(CLASSES)}">`,
    `<td>${r.int(1, 99)}</td>`,
  ]);
}

function rule(r: RandomSource): string {
  const selector = r.pick(["p", "p, li", "body", "td", ".spec", "#main", "h1, h2", "a:hover"]);
  const declaration = r.pick([
    "white-space: pre-wrap;",
    "color: #333; margin: 0 }",
    "font-family: Arial, sans-serif;",
    "border-collapse: collapse;",
    "font-size: 9pt;",
  ]);
  return `${selector} { ${declaration}${declaration.endsWith("}") ? "" : " }"}`;
}

/** A whole page, as desktop editors and mail programs save a description. */
function wholeDocument(r: RandomSource, text: () => string): string {
  const gap = r.pick(["", "\n"]);
  const kind = r.pick([
    "<!DOCTYPE html>",
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0//EN" "http://www.w3.org/TR/REC-html40/strict.dtd">',
    '<?xml version="1.0" encoding="utf-8"?>',
    "",
  ]);
  const about = r.pick([
    '<meta name="qrichtext" content="1" />',
    '<meta charset="utf-8">',
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    `<meta name="description" content="${r.name()} ${r.name()}">`,
    `<title>${r.name()} ${r.name()}</title>`,
  ]);
  const style = `<style type="text/css">${gap}${rule(r)}${gap}${r.chance(0.4) ? rule(r) : ""}</style>`;
  const head = `<html><head>${about}${gap}${r.chance(0.7) ? style : ""}</head>`;
  const body = `<body style=" font-family:'${r.name()}'; font-size:${r.int(7, 14)}pt; font-weight:400;">`;
  return [kind, head + body, `<p${attributes(r)}>${text()}</p>`, "</body></html>"].join(gap);
}

/** A product description or article fragment in ordinary, sometimes unbalanced, HTML. */
export function htmlDescription(r: RandomSource, text: () => string): string {
  if (r.chance(0.3)) return fragment(r, text);
  if (r.chance(0.06)) return wholeDocument(r, text);
  return Array.from({ length: r.int(1, 4) }, () => block(r, text)).join(r.pick(["", "\n", " "]));
}
