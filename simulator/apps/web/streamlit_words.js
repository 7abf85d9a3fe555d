// Streamlit's own words are English in every language, and its labels carry the signs of Markdown (\\( for a bracket).
// A reader of screens says both. WORDS: language, then Streamlit's word, then ours.
(() => {
  const words = WORDS[document.documentElement.lang] ?? {};
  const names = ["aria-label", "aria-roledescription", "placeholder", "title"];
  const theirs = "button, nav, section, [role=button], input[type=file]";
  const said = (text) => {
    if (Object.hasOwn(words, text)) return words[text];
    const [, own, about] = /^([^:]+): (.*)$/s.exec(text) ?? [];
    if (Object.hasOwn(words, own ?? "")) return `${words[own]}\u00a0: ${about}`;
    for (const [theirs, ours] of Object.entries(words)) {
      const start = theirs.split("{what}")[0];
      if (start !== theirs && text.startsWith(start)) return ours.replace("{what}", () => text.slice(start.length));
    }
    return text;
  };
  const mend = (element) => {
    for (const name of names) {
      const found = element.getAttribute(name);
      if (!found) continue;
      const plain = found.replace(/\\([!-/:-@[-`{-~])/g, "$1");
      const better = name !== "aria-label" || element.matches(theirs) ? said(plain) : plain;
      if (better !== found) element.setAttribute(name, better);
    }
  };
  const mendTip = (line) => {
    const found = line.textContent;
    if (line.closest("[role=tooltip]") && Object.hasOwn(words, found)) line.firstChild.nodeValue = words[found];
  };
  const mendAll = (root) => {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    mend(root);
    root.querySelectorAll(names.map((name) => `[${name}]`).join()).forEach(mend);
    root.querySelectorAll("p").forEach(mendTip);
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") mend(target);
      else addedNodes.forEach(mendAll);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: names });
})();
