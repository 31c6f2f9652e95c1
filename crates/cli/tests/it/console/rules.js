// What is wrong with the page that is shown, as a list of texts.
const wrong = [];
const shown = (node) => node.outerHTML.slice(0, 160);

for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  if (![...(field.labels || [])].some((label) => label.textContent.trim())) wrong.push("no label: " + shown(field));
}
for (const node of document.querySelectorAll("a, button, summary")) {
  if (!node.textContent.trim()) wrong.push("no words: " + shown(node));
}
for (const table of document.querySelectorAll("table")) {
  if (!table.caption || !table.querySelector("thead th[scope=col]")) wrong.push("no caption or headers: " + shown(table));
}
if (document.querySelectorAll("h1").length !== 1) wrong.push("a page has one title");
if (!document.querySelector("main#main") || !document.querySelector("a.skip[href='#main']")) wrong.push("no way past the navigation");
if (!document.documentElement.lang) wrong.push("no language");
if (document.querySelector("[style], style, script:not([src]), [onclick], [onload]")) wrong.push("something is inline");
const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push("twice: #" + id);
for (const node of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
  const name = node.getAttribute("aria-describedby") || node.getAttribute("aria-labelledby");
  if (!document.getElementById(name)) wrong.push("nothing has the id " + name);
}
for (const entry of performance.getEntriesByType("resource")) {
  if (new URL(entry.name).origin !== location.origin) wrong.push("of another host: " + entry.name);
}

// Contrast of texts (WCAG 2.2, 1.4.3).
const parse = (text) => {
  const numbers = (text.match(/[\d.]+/g) || []).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.alpha === 1) return colour.rgb;
  }
  return [255, 255, 255];
};
for (const node of document.querySelectorAll("body *")) {
  const has_text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  if (!has_text || !node.checkVisibility() || node.closest(".unseen, .skip, :disabled")) continue;
  const style = getComputedStyle(node);
  const [one, other] = [light(parse(style.color).rgb), light(ground(node))].sort((a, b) => b - a);
  const size = parseFloat(style.fontSize);
  const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
  const ratio = (one + 0.05) / (other + 0.05);
  if (ratio < least) wrong.push(`contrast ${ratio.toFixed(2)}: ` + shown(node));
}
if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window: " + document.documentElement.scrollWidth);
return wrong;
