"use strict";
// Long tables: sort, filter, page, save. Without this script they are whole and in the order of their captions.
document.querySelectorAll("table[data-name]").forEach(function (table) {
  var body = table.tBodies[0], rows = Array.from(body.rows), shown = rows, page = 0, size = 100;
  if (rows.length < 8) return;
  var name = table.dataset.name, title = name.replace(/-/g, " ");
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var heads = Array.from(table.tHead.rows[0].cells);

  // A cell's text, its parts parted by blanks.
  function text(cell) {
    var walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), parts = [];
    while (walker.nextNode()) parts.push(walker.currentNode.data);
    return parts.join(" ").replace(/\s+/g, " ").trim();
  }
  function make(kind, words) {
    var element = document.createElement(kind);
    if (words) element.textContent = words;
    return element;
  }
  function button(words, act) {
    var element = make("button", words);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  var tools = make("div"), label = make("label", "Filter"), input = make("input"), state = make("output");
  tools.className = "tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Filter and pages: " + title);
  input.type = "search";
  input.setAttribute("aria-label", "Filter " + title);
  label.append(input);
  var back = button("Previous", function () { page -= 1; show(); });
  var next = button("Next", function () { page += 1; show(); });
  back.setAttribute("aria-label", "Previous: " + title);
  next.setAttribute("aria-label", "Next: " + title);
  var save = button("Save as CSV", saveRows);
  save.setAttribute("aria-label", "Save as CSV: " + title);
  tools.append(label, state, back, next, save);
  var box = table.closest(".scroll");
  box.parentNode.insertBefore(tools, box);

  function show() {
    var pages = Math.max(1, Math.ceil(shown.length / size));
    page = Math.min(Math.max(0, page), pages - 1);
    rows.forEach(function (row) { row.hidden = true; });
    shown.slice(page * size, (page + 1) * size).forEach(function (row) { row.hidden = false; });
    back.disabled = page === 0;
    next.disabled = page === pages - 1;
    back.hidden = next.hidden = pages === 1;
    state.textContent = (shown.length === rows.length ? rows.length : shown.length + " of " + rows.length) + " rows" +
      (pages > 1 ? ", page " + (page + 1) + " of " + pages : "");
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
      var numeric = head.classList.contains("n") || /^(Events|Actors|Resources)$/.test(words);
      var keys = new Map(rows.map(function (row) {
        var value = text(row.cells[column]);
        return [row, numeric ? parseFloat(value.replace(/[^0-9.]/g, "")) || 0 : value.toLowerCase()];
      }));
      rows.sort(function (left, right) {
        var a = keys.get(left), b = keys.get(right);
        var order = a < b ? -1 : a > b ? 1 : left.dataset.place - right.dataset.place;
        return down ? -order : order;
      });
      body.append.apply(body, rows);
      filter();
    });
    head.replaceChildren(press, plain);
    head.dataset.words = words;
  });

  // RFC 4180, formulas neutralised as in the bundle's tables (docs/report-format.md).
  function field(value) {
    if (/^'*[ \u00A0]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value)) value = "'" + value;
    return /[",\r\n]/.test(value) ? "\"" + value.replace(/"/g, "\"\"") + "\"" : value;
  }
  function saveRows() {
    var lines = [heads].concat(shown.map(function (row) { return Array.from(row.cells); }));
    var csv = lines.map(function (cells) {
      return cells.map(function (cell) { return field(cell.dataset.words || text(cell)); }).join(",") + "\r\n";
    }).join("");
    var link = make("a");
    link.href = URL.createObjectURL(new Blob(["\uFEFF" + csv], { type: "text/csv" }));
    link.download = name + ".csv";
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
