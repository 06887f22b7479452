"use strict";
// Long tables: sort, filter, page, save. Without this script they are whole and in the order of their captions.
document.querySelectorAll("table[data-name]").forEach(function (table) {
  var holder = document.getElementById("table-words"), box = table.closest(".scroll");
  var body = table.tBodies[0], rows = Array.from(body.rows), shown = rows, page = 0, size = 100, printed = 25;
  if (!holder) return;
  var say = holder.dataset, name = table.dataset.name, title = table.dataset.title || name;

  // The head stays in sight where the whole table fits into its box, which then need not scroll.
  new ResizeObserver(function () { box.classList.toggle("fits", table.offsetWidth <= box.clientWidth); }).observe(box);
  if (rows.length < 8) return;
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var heads = Array.from(table.tHead.rows[0].cells);

  // A cell's text, its parts parted by blanks.
  function text(cell) {
    var walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), parts = [];
    while (walker.nextNode()) parts.push(walker.currentNode.data);
    return parts.join(" ").replace(/\s+/g, " ").trim();
  }
  function isNumeric(column) { return heads[column].classList.contains("n"); }
  function number(count) { return count.toLocaleString(document.documentElement.lang || "en"); }
  function make(kind, words) {
    var element = document.createElement(kind);
    if (words) element.textContent = words;
    return element;
  }
  function button(words, act) {
    var element = make("button", words);
    element.type = "button";
    element.setAttribute("aria-label", words + ": " + title);
    element.addEventListener("click", act);
    return element;
  }

  var tools = make("div"), label = make("label", say.filter), input = make("input"), state = make("output");
  tools.className = "tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", title);
  input.type = "search";
  input.setAttribute("aria-label", say.filter + ": " + title);
  label.append(input);
  var back = button(say.back, function () { turn(-1); });
  var next = button(say.next, function () { turn(1); });
  tools.append(label, state, back, next, button(say.save, saveRows));
  box.parentNode.insertBefore(tools, box);
  table.classList.add("paged");

  function turn(by) {
    page += by;
    show();
    if (tools.getBoundingClientRect().top < 0) tools.scrollIntoView();
  }
  function show() {
    var pages = Math.max(1, Math.ceil(shown.length / size));
    page = Math.min(Math.max(0, page), pages - 1);
    rows.forEach(function (row) { row.hidden = true; row.classList.remove("on-paper"); });
    shown.slice(page * size, (page + 1) * size).forEach(function (row, place) {
      row.hidden = false;
      if (place < printed) row.classList.add("on-paper");
    });
    back.disabled = page === 0;
    next.disabled = page === pages - 1;
    back.hidden = next.hidden = pages === 1;
    state.textContent = (shown.length < rows.length ? number(shown.length) + " " + say.of + " " : "") + number(rows.length) +
      " " + say.rows + (pages > 1 ? ", " + say.page + " " + number(page + 1) + " " + say.of + " " + number(pages) : "");
  }
  function filter() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows.filter(function (row) {
      var text = texts[row.dataset.place];
      return words.every(function (word) { return text.includes(word); });
    });
    page = 0;
    show();
  }
  rows.forEach(function (row, place) { row.dataset.place = place; });
  input.addEventListener("input", filter);

  heads.forEach(function (head, column) {
    var words = head.textContent, plain = make("span", words);
    // Chromium does not repeat buttons in the header of a table's next printed page.
    plain.className = "plain";
    plain.setAttribute("aria-hidden", "true");
    var press = button(words, function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var keys = new Map(rows.map(function (row) {
        var value = text(row.cells[column]);
        // Whole numbers, their thousands parted in the way of the language; "< 1 %" is less than "1 %".
        return [row, isNumeric(column) ? (+value.replace(/\D/g, "") || 0) - (value[0] === "<" ? 0.5 : 0) : value.toLowerCase()];
      }));
      rows.sort(function (left, right) {
        var a = keys.get(left), b = keys.get(right);
        var order = a < b ? -1 : a > b ? 1 : left.dataset.place - right.dataset.place;
        return down ? -order : order;
      });
      body.append.apply(body, rows);
      filter();
    });
    press.removeAttribute("aria-label");
    head.replaceChildren(press, plain);
    head.dataset.words = words;
  });

  // RFC 4180, numbers plain, formulas neutralised as in the bundle's tables (docs/report-format.md).
  function field(value) {
    if (/^'*[ \u00A0]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value)) value = "'" + value;
    return /[",\r\n]/.test(value) ? "\"" + value.replace(/"/g, "\"\"") + "\"" : value;
  }
  function value(cell, column) {
    var words = text(cell);
    return isNumeric(column) && /^\d[\d.,\s]*$/.test(words) ? words.replace(/\D/g, "") : words;
  }
  function saveRows() {
    var lines = shown.map(function (row) { return Array.from(row.cells, value).map(field); });
    lines.unshift(heads.map(function (head) { return field(head.dataset.words); }));
    var csv = lines.map(function (line) { return line.join(",") + "\r\n"; }).join(""), link = make("a");
    link.href = URL.createObjectURL(new Blob(["\uFEFF" + csv], { type: "text/csv" }));
    // The bundle has whole tables under the plain names; these are the rows that the page shows.
    link.download = "shown-" + name + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  // A link to a row on another page, or that the filter hides, brings it up.
  function reveal() {
    var row = rows.find(function (row) { return row.id && "#" + row.id === location.hash; });
    if (!row) return;
    if (shown.indexOf(row) < 0) { input.value = ""; filter(); }
    page = Math.floor(shown.indexOf(row) / size);
    show();
    row.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  show();
  reveal();
});
