"use strict";
/* The editor: sends its input to the process that serves this page, and marks the findings in it. */
(() => {
  const WAIT = 60; // milliseconds of silence after which a text is checked
  const text = document.getElementById("text");
  const marks = document.getElementById("marks");
  const kind = document.getElementById("kind");
  const state = document.getElementById("state");
  const list = document.getElementById("findings");
  const fixAll = document.getElementById("fix-all");
  const LARGEST = Number(text.dataset.largest); // bytes
  let findings = [];
  let checked = ""; // the text that the findings are of
  let current = -1;
  let timer = 0;
  let asking = null;

  const query = () => (kind.value ? `?kind=${encodeURIComponent(kind.value)}` : "");

  const ask = async (path, value, signal) => {
    const body = new Blob([value]);
    const size = body.size.toLocaleString("en-US");
    if (body.size > LARGEST) throw new Error(`the text has ${size} bytes, and at most ${LARGEST.toLocaleString("en-US")} are checked`);
    const request = { method: "POST", body, signal, headers: { "content-type": "text/plain; charset=utf-8" } };
    const answer = await fetch(path + query(), request).catch((error) => {
      throw error.name === "AbortError" ? error : new Error("the process that serves this page does not answer");
    });
    if (!answer.ok) throw new Error((await answer.text()).trim() || `the answer has status ${answer.status}`);
    return answer.json();
  };

  /* Converts indices: the server counts characters, a script counts UTF-16 units. */
  const units = (value) => {
    if (!/[\ud800-\udfff]/.test(value)) return (index) => index;
    const places = [];
    let at = 0;
    for (const character of value) { places.push(at); at += character.length; }
    places.push(at);
    return (index) => places[Math.min(index, places.length - 1)];
  };

  const counted = (number, noun) => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;

  /* Returns the nodes of a message, with what is between backticks as code. */
  const spoken = (words) => words.split("`").map((part, at, parts) => {
    if (at % 2 === 0 || at === parts.length - 1) return at % 2 ? `\`${part}` : part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });

  /* Returns the start and end of the mark of a finding. At the end of a line or of the input, the character before is marked. */
  const seen = (value, finding, at) => {
    const end = Math.min(Math.max(finding.end, finding.start), value.length);
    let start = Math.max(Math.min(finding.start, value.length - 1), at);
    while (start > at && /^[\r\n]*$/.test(value.slice(start, end))) start -= 1;
    if (start > at && /^[\udc00-\udfff]/.test(value.slice(start))) start -= 1;
    return [start, end];
  };

  const paint = () => {
    const value = text.value;
    const parts = [];
    let at = 0;
    findings.forEach((finding, index) => {
      const [start, end] = seen(value, finding, at);
      if (end <= start) return;
      const mark = document.createElement("mark");
      mark.className = `${finding.severity}${index === current ? " current" : ""}`;
      mark.textContent = value.slice(start, end);
      parts.push(value.slice(at, start), mark);
      at = end;
    });
    marks.replaceChildren(...parts, `${value.slice(at)}\n`);
    follow();
  };

  const follow = () => {
    marks.style.width = `${text.clientWidth}px`;
    marks.style.height = `${text.clientHeight}px`;
    marks.scrollTop = text.scrollTop;
    marks.scrollLeft = text.scrollLeft;
  };

  /* Moves the findings that an edit did not touch with their characters, until the server has answered. */
  const shift = () => {
    const [before, after] = [checked, text.value];
    const least = Math.min(before.length, after.length);
    let head = 0;
    while (head < least && before[head] === after[head]) head += 1;
    let tail = 0;
    while (tail < least - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
    const move = after.length - before.length;
    findings = findings.filter((finding) => finding.end <= head || finding.start >= before.length - tail)
      .map((finding) => (finding.end <= head ? finding : { ...finding, start: finding.start + move, end: finding.end + move, fix: null }));
    checked = after;
    current = -1;
  };

  const item = (finding, index) => {
    const row = document.createElement("li");
    row.className = finding.severity;
    const first = document.createElement("p");
    const place = document.createElement("button");
    place.type = "button";
    place.className = "place";
    place.textContent = finding.line ? `${finding.line}:${finding.column}` : "whole input";
    place.setAttribute("aria-label", `Go to ${place.textContent}`);
    place.addEventListener("click", () => go(index));
    const severity = document.createElement("strong");
    severity.textContent = ` ${finding.severity} `;
    const message = document.createElement("span");
    message.className = "says";
    message.append(...spoken(finding.message));
    first.append(place, severity, message);
    row.append(first);
    if (finding.help || finding.fix) {
      const help = document.createElement("p");
      help.className = "help";
      help.append(...spoken(finding.help ?? ""));
      if (finding.fix) {
        const fix = document.createElement("button");
        fix.type = "button";
        fix.className = "fix";
        fix.textContent = "Fix";
        fix.setAttribute("aria-label", `Fix: ${finding.help ?? finding.message}`);
        fix.addEventListener("click", () => { repair(index); });
        help.append(fix);
      }
      row.append(help);
    }
    const last = document.createElement("p");
    last.className = "dim";
    if (finding.rule) {
      const rule = document.createElement("a");
      rule.href = finding.link;
      rule.textContent = finding.rule;
      const stated = document.createElement(finding.url ? "a" : "span");
      if (finding.url) stated.href = finding.url;
      stated.textContent = finding.source;
      last.append(rule, " · stated: ", stated);
    } else last.textContent = finding.about;
    row.append(last);
    return row;
  };

  const show = (answer, value) => {
    const unit = units(value);
    checked = value;
    current = -1;
    findings = answer.findings.map((finding) => ({
      ...finding, start: unit(finding.start), end: unit(finding.end),
      fix: finding.fix && { ...finding.fix, start: unit(finding.fix.start), end: unit(finding.fix.end) },
    }));
    list.replaceChildren(...findings.map(item));
    fixAll.disabled = !findings.some((finding) => finding.fix);
    const errors = findings.filter((finding) => finding.severity === "error").length;
    const warnings = findings.length - errors;
    if (!value.trim()) state.textContent = "Nothing to validate yet.";
    else if (!answer.recognised) state.textContent = "The input is not recognised. Select its kind above.";
    else if (!findings.length) state.textContent = "No findings.";
    else state.textContent = `${counted(errors, "error")}, ${counted(warnings, "warning")}.`;
    paint();
  };

  /* Removes the findings of the previous input. */
  const fail = (error) => {
    findings = [];
    current = -1;
    list.replaceChildren();
    fixAll.disabled = true;
    state.textContent = `It could not be checked: ${error.message.replace(/\.$/, "")}.`;
    paint();
  };

  const check = async () => {
    clearTimeout(timer);
    asking?.abort();
    const mine = asking = new AbortController();
    const value = text.value;
    try {
      const answer = await ask("check", value, mine.signal);
      if (mine === asking && value === text.value) show(answer, value);
    } catch (error) {
      if (mine === asking && error.name !== "AbortError") fail(error);
    }
  };

  const soon = () => { clearTimeout(timer); timer = setTimeout(check, WAIT); };

  const reveal = (start) => {
    const line = text.value.slice(0, start).split("\n").length - 1;
    const height = parseFloat(getComputedStyle(text).lineHeight);
    const top = line * height;
    if (top < text.scrollTop || top > text.scrollTop + text.clientHeight - 3 * height) text.scrollTop = Math.max(0, top - text.clientHeight / 2);
  };

  const aside = () => {
    const mark = marks.querySelector(".current");
    if (!mark) return;
    const [box, place] = [text.getBoundingClientRect(), mark.getBoundingClientRect()];
    if (place.left < box.left || place.right > box.right) text.scrollLeft += place.left - box.left - box.width / 4;
    follow();
  };

  const go = (index) => {
    if (!findings.length) return;
    current = (index + findings.length) % findings.length;
    const finding = findings[current];
    text.focus();
    text.setSelectionRange(finding.start, Math.min(finding.end, text.value.length));
    reveal(finding.start);
    state.replaceChildren(...spoken(`${current + 1} of ${findings.length}, line ${finding.line ?? 1}: ${finding.message}`));
    [...list.children].forEach((row, at) => row.classList.toggle("current", at === current));
    paint();
    aside();
  };

  /* Uses the editing commands of the browser, so that the fix can be undone. */
  const write = (start, end, words) => {
    text.focus();
    text.setSelectionRange(start, end);
    const done = document.execCommand(words ? "insertText" : "delete", false, words);
    if (!done) { text.setRangeText(words, start, end, "end"); text.dispatchEvent(new Event("input")); }
  };

  const repair = (index) => {
    const fix = findings[index]?.fix;
    if (fix) write(fix.start, fix.end, fix.text);
    else state.textContent = "There is no safe fix for this one.";
  };

  const here = () => {
    if (current >= 0) return current;
    const at = text.selectionStart;
    return findings.findIndex((finding) => finding.start <= at && at <= finding.end);
  };

  text.addEventListener("input", () => { shift(); paint(); soon(); });
  text.addEventListener("scroll", follow);
  new ResizeObserver(follow).observe(text);
  kind.addEventListener("change", check);
  fixAll.addEventListener("click", async () => {
    const value = text.value;
    try {
      const answer = await ask("fix", value);
      if (value === text.value && answer.edits) write(0, value.length, answer.text);
      if (!answer.edits) state.textContent = "There is no safe fix here.";
    } catch (error) {
      fail(error);
    }
  });
  const fragment = () => `#${kind.value || "text"}:${encodeURIComponent(text.value)}`;

  document.getElementById("sample").addEventListener("change", ({ target }) => {
    const { value, dataset } = target.selectedOptions[0];
    if (!value) return;
    kind.value = dataset.kind;
    write(0, text.value.length, value);
    target.selectedIndex = 0;
  });

  document.getElementById("share").addEventListener("click", () => {
    const link = document.getElementById("link");
    link.value = `${location.origin}${location.pathname}${fragment()}`;
    document.getElementById("link-box").hidden = false;
    link.focus();
    link.select();
  });

  for (const link of document.querySelectorAll("a.edition")) {
    link.addEventListener("click", () => { link.hash = text.value ? fragment() : ""; });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "F8") { event.preventDefault(); go(current < 0 && event.shiftKey ? -1 : current + (event.shiftKey ? -1 : 1)); }
    if (event.key === "Enter" && event.altKey && document.activeElement === text) { event.preventDefault(); repair(here()); }
  });

  /* Shows a link as it is if it is damaged or was written by hand. */
  const decoded = (words) => { try { return decodeURIComponent(words); } catch { return words; } };

  const given = location.hash.match(/^#(?:((?:request|response):\w+)|text)(?::(.*))?$/s);
  if (given) {
    kind.value = given[1] ?? "";
    if (kind.selectedIndex < 0) kind.value = ""; // an operation that this edition lacks
    if (given[2]) text.value = decoded(given[2]);
    history.replaceState(null, "", location.pathname);
  }
  checked = text.value;
  paint();
  if (text.value) check();
})();
