"use strict";
/* Search, and the choice between dark and light. The pages can be read without any of it. */
(() => {
  const root = document.documentElement;
  const base = root.dataset.root;
  const MOST = 30;

  const themes = ["system", "light", "dark"];
  const button = document.querySelector(".theme");
  const kept = () => { try { return localStorage.getItem("lambda-validate-theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("lambda-validate-theme", theme); } catch { /* not allowed to */ } };
  const show = (theme) => {
    if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  let theme = themes.includes(kept()) ? kept() : "system";
  show(theme);
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    show(theme);
    keep(theme);
  });

  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("count");
  let loading = null;
  let chosen = -1;

  const index = () => {
    loading ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${base}static/index.js`;
      script.onload = () => resolve(window.lambdaValidateIndex.map((entry) => [...entry, entry[0].toLowerCase(), entry[1].toLowerCase()]));
      document.head.append(script);
    });
    return loading;
  };

  const rank = ([, , , name, about], words) => {
    if (!words.every((word) => name.includes(word) || about.includes(word))) return -1;
    const whole = words.join(" ");
    if (name === whole) return 4;
    if (name.startsWith(words[0])) return 3;
    return name.includes(words[0]) ? 2 : 1;
  };

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };

  const go = (option) => { close(); location.href = option.dataset.href; };

  const search = async () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { close(); count.textContent = ""; return; }
    const all = await index();
    const found = all.map((entry) => [rank(entry, words), entry]).filter(([score]) => score > 0)
      .sort((one, other) => other[0] - one[0] || one[1][0].length - other[1][0].length);
    list.replaceChildren(...found.slice(0, MOST).map(([, [name, about, href]], at) => {
      const option = document.createElement("li");
      const small = document.createElement("small");
      small.textContent = about;
      option.append(name, small);
      option.id = `found-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.href = base + href;
      option.addEventListener("mousedown", (event) => { event.preventDefault(); go(option); });
      return option;
    }));
    count.textContent = `${found.length.toLocaleString("en-US")} found`;
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
  };

  input.addEventListener("focus", () => { index(); });
  input.addEventListener("input", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen < 0 ? -1 : chosen - 1), Escape: close,
      Enter: () => { const option = list.children[Math.max(chosen, 0)]; if (option && !list.hidden) go(option); } };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); input.focus(); }
  });
  document.querySelector(".search").hidden = false;
  if (matchMedia("(max-width: 36rem), (pointer: coarse)").matches) input.placeholder = "Search"; // no key to press

  const filter = document.getElementById("filter");
  if (filter) {
    const rules = [...document.querySelectorAll("article.member")].map((article) => [article, article.textContent.toLowerCase()]);
    const shown = document.getElementById("shown");
    filter.parentElement.hidden = false;
    filter.addEventListener("input", () => {
      const words = filter.value.trim().toLowerCase().split(/\s+/);
      let number = 0;
      for (const [rule, text] of rules) {
        rule.hidden = !words.every((word) => text.includes(word));
        number += !rule.hidden;
      }
      shown.textContent = `${number} of ${rules.length} shown`;
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.try");
    const example = link?.previousElementSibling;
    if (example && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      location.href = `${link.href}:${encodeURIComponent(example.textContent)}`;
    }
  });

  const decoded = (words) => { try { return decodeURIComponent(words); } catch { return words; } };

  const open = () => {
    const target = document.getElementById(decoded(location.hash.slice(1)));
    if (target?.hidden) { filter.value = ""; filter.dispatchEvent(new Event("input")); } // a link leads to what is filtered away
    for (let element = target; element; element = element.parentElement) if (element.tagName === "DETAILS") element.open = true;
    target?.scrollIntoView();
  };
  if (location.hash.length > 1 && !document.getElementById("text")) open();
  window.addEventListener("hashchange", () => { if (!document.getElementById("text")) open(); });
})();
