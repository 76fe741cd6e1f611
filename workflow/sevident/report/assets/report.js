/* The page's own script: figures, sorting, filtering, and tables of one sample where there are many. No library but plotly. */
(function () {
  "use strict";
  var collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  function data(id) {
    var element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  }
  var words = data("strings");

  function make(tag, attributes, text) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* In print a figure is scaled to the sheet, A4 less its margins, and the sheet turned so that it is larger. CSS pixels. */
  var SHEET = { wide: [1020, 520], tall: [690, 800] };
  function fit(box) {
    var width = box.offsetWidth, height = box.offsetHeight;
    function scale(sheet) { return Math.min(1, sheet[0] / width, sheet[1] / height); }
    var tall = scale(SHEET.tall) > scale(SHEET.wide);
    /* its heading and caption go onto the same sheet */
    (box.closest(".part") || box.parentNode).classList.toggle("tall", tall);
    box.style.setProperty("--width", width + "px");
    box.style.setProperty("--scale", scale(tall ? SHEET.tall : SHEET.wide));
  }

  /* The plotting library, which takes long to start, is in the page as text until the first figure needs it */
  function library() {
    var source = document.getElementById("plotly");
    if (!window.Plotly && source) document.head.appendChild(make("script", {}, source.textContent));
    return window.Plotly;
  }

  /* On narrow screens the names of a figure's rows are text beside it: they wrap, and stay when the figure is scrolled */
  var narrow = window.matchMedia("(max-width: 640px)").matches;
  var NAMES = 120, ROW = 28;
  function narrowed(figure) {
    var layout = Object.assign(figure.layout, figure.narrow), rows = layout.yaxis && layout.yaxis.ticktext;
    if (layout.legend) {
      /* an entry a line, at the foot */
      var entries = figure.data.filter(function (trace) { return trace.name && trace.showlegend !== false; }).length;
      var foot = layout.legend.y > 1 ? layout.margin.b + 22 * entries : Math.max(layout.margin.b, 60 + 22 * entries);
      layout.height += foot - layout.margin.b;
      layout.margin.b = foot;
      Object.assign(layout.legend, { orientation: "h", xref: "container", x: 0, yref: "container", y: 0, yanchor: "bottom" });
    }
    figure.data.forEach(function (trace) { if (trace.colorbar) trace.colorbar.len = 180; });
    if (!rows) return null;
    var count = Math.abs(layout.yaxis.range[1] - layout.yaxis.range[0]), edges = layout.margin.t + layout.margin.b;
    layout.height = Math.max(layout.height, edges + ROW * Math.min(count, rows.length));
    layout.margin.l = NAMES;
    Object.assign(layout.yaxis, { showticklabels: false, automargin: false });
    return rows.map(function (text, i) {
      /* written for plotly, which reads a little HTML: here its characters alone */
      return [layout.yaxis.tickvals[i], new DOMParser().parseFromString(text, "text/html").body.textContent];
    });
  }
  function beside(box, names) {
    var axis = box._fullLayout.yaxis, top = axis._offset, column = make("div");
    box.querySelectorAll(".rownames").forEach(function (old) { old.remove(); });
    column.style.cssText = "top:" + top + "px;width:" + NAMES + "px;height:" + axis._length + "px";
    names.forEach(function (name) {
      var row = make("span", {}, name[1].replace(/_/g, "_\u200b"));
      row.style.top = axis.d2p(name[0]) + "px";
      column.appendChild(row);
    });
    var frame = make("div", { "class": "rownames" });
    frame.appendChild(column);
    box.insertBefore(frame, box.firstChild);
  }

  /* Figures: each is drawn when it comes near the window, all of them before print */
  function draw(box) {
    var figure = box.dataset.begun ? null : data("json-" + box.dataset.figure);
    if (!figure || !library()) return;
    box.dataset.begun = "yes";
    box.textContent = "";
    var names = narrow ? narrowed(figure) : null;
    Plotly.newPlot(box, figure.data, figure.layout, {
      responsive: true,
      displayModeBar: false
    }).then(function () {
      var save = make("button", { type: "button", "class": "save" }, words.save);
      save.addEventListener("click", function () {
        Plotly.downloadImage(box, { format: "svg", filename: "sevident_" + box.dataset.figure });
      });
      box.parentNode.insertAdjacentElement("afterend", save);
      box.dataset.drawn = "yes";
      function place() {
        if (names) beside(box, names);
        fit(box);
      }
      place();
      box.on("plotly_relayout", place);
    });
  }
  function drawing() {
    var boxes = document.querySelectorAll(".plot");
    if (!window.IntersectionObserver) return boxes.forEach(draw);
    var near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        near.unobserve(entry.target);
        draw(entry.target);
      });
    }, { rootMargin: "600px" });
    boxes.forEach(function (box) { near.observe(box); });
  }

  /* The list of contents marks the section that stands at the top of the window */
  function contents() {
    var links = {}, sections = document.querySelectorAll("main > section[id]"), seen = new Set();
    document.querySelectorAll(".toc a").forEach(function (link) { links[link.hash.slice(1)] = link; });
    if (!window.IntersectionObserver) return;
    var watch = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { seen[entry.isIntersecting ? "add" : "delete"](entry.target); });
      var here = Array.prototype.find.call(sections, function (section) { return seen.has(section); });
      Object.keys(links).forEach(function (name) {
        if (here && here.id === name) links[name].setAttribute("aria-current", "true");
        else links[name].removeAttribute("aria-current");
      });
    }, { rootMargin: "0px 0px -75% 0px" });
    sections.forEach(function (section) { if (links[section.id]) watch.observe(section); });
  }

  /* Sorting: by the exact number where there is one, what is missing always last, ties as in the sheet */
  function sortBy(table, head) {
    var column = Number(head.dataset.col), numeric = head.dataset.sort === "num";
    var way = head.getAttribute("aria-sort") === (numeric ? "descending" : "ascending") ? (numeric ? 1 : -1) : (numeric ? -1 : 1);
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      var cell = row.cells[column], key;
      if (numeric) {
        key = cell.dataset.v === undefined || cell.dataset.v === "" ? null : Number(cell.dataset.v);
      } else {
        key = cell.dataset.s || cell.textContent.trim();
      }
      if (row.dataset.place === undefined) row.dataset.place = place;
      return { row: row, key: key, place: Number(row.dataset.place) };
    });
    rows.sort(function (a, b) {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      var order = numeric ? a.key - b.key : collator.compare(a.key, b.key);
      return order * way || a.place - b.place;
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
    table.dispatchEvent(new Event("rows"));
    table.querySelectorAll("th[data-sort]").forEach(function (other) { other.setAttribute("aria-sort", "none"); });
    head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
  }

  function sortable(table) {
    table.querySelectorAll("th[data-sort]").forEach(function (head) {
      var button = make("button", { type: "button", title: words.sort.replace("{column}", head.textContent.trim()) });
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () { sortBy(table, head); });
    });
  }

  /* On narrow screens rows are cards (see the style); browsers that take them for no table any more are told */
  function cards(table) {
    if (!narrow) return;  // where nobody sees it, a property of a table costs the look at each of its cells
    table.style.setProperty("--sort", cssString(words.sortBy));
    var roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell", TH: "columnheader" };
    [table].concat(Array.from(table.querySelectorAll("thead, tbody, tr, th, td"))).forEach(function (part) {
      part.setAttribute("role", part.scope === "row" ? "rowheader" : roles[part.tagName]);
    });
  }
  function cssString(text) {
    return '"' + text.replace(/[^\p{L}\p{N} ]/gu, function (sign) { return "\\" + sign.codePointAt(0).toString(16) + " "; }) + '"';
  }

  /* Paging: a table of many rows shows some at a time on the screen; all of them are in the page, and in print. Those
     after the first page are marked in the page already, so that they are never laid out. */
  function paged(table) {
    var body = table.tBodies[0], first = 0;
    var PAGE = narrow && table.classList.contains("cards") ? words.pageCards : words.pageRows;
    if (!body || body.rows.length <= PAGE) return;
    var bar = make("div", { "class": "paging", role: "group", "aria-label": words.rows });
    var back = make("button", { type: "button" }, words.previous), on = make("button", { type: "button" }, words.next);
    var shown = make("output", { "aria-live": "polite" });
    function apply() {
      var fitting = Array.prototype.filter.call(body.rows, function (row) { return !row.hidden; });
      if (first >= fitting.length) first = 0;
      fitting.forEach(function (row, i) { row.classList.toggle("off", i < first || i >= first + PAGE); });
      shown.textContent = words.rowsShown.replace("{first}", Math.min(first + 1, fitting.length))
        .replace("{last}", Math.min(first + PAGE, fitting.length)).replace("{total}", fitting.length);
      back.disabled = first === 0;
      on.disabled = first + PAGE >= fitting.length;
      bar.hidden = fitting.length <= PAGE;
    }
    back.addEventListener("click", function () { first = Math.max(0, first - PAGE); apply(); });
    on.addEventListener("click", function () { first += PAGE; apply(); });
    table.addEventListener("rows", function () { first = 0; apply(); });
    [back, shown, on].forEach(function (part) { bar.appendChild(part); });
    table.parentNode.insertAdjacentElement("afterend", bar);
    apply();
  }

  function choice(label, options) {
    var frame = make("label", {}, label), select = make("select", {});
    options.forEach(function (pair) { select.appendChild(make("option", { value: pair[0] }, pair[1])); });
    frame.appendChild(select);
    return { frame: frame, select: select };
  }

  /* Filtering of the verdict table */
  function filtering() {
    var table = document.getElementById("verdict-table"), bar = document.getElementById("verdict-controls");
    if (!table || !bar) return;
    var search = make("input", { type: "search", autocomplete: "off" }), frame = make("label", {}, words.search);
    frame.appendChild(search);
    var verdict = choice(words.verdict, [["", words.all]].concat(words.verdicts));
    var role = choice(words.role, [["", words.all]].concat(words.roles));
    var reset = make("button", { type: "button" }, words.reset), shown = make("output", { "aria-live": "polite" });
    function apply() {
      var text = search.value.trim().toLowerCase(), count = 0, rows = table.tBodies[0].rows;
      Array.prototype.forEach.call(rows, function (row) {
        var fits = (!verdict.select.value || row.dataset.verdict === verdict.select.value) &&
          (!role.select.value || row.dataset.role === role.select.value) &&
          (!text || row.textContent.toLowerCase().indexOf(text) !== -1);
        row.hidden = !fits;
        if (fits) count += 1;
      });
      shown.textContent = words.shown.replace("{shown}", count).replace("{total}", rows.length);
      table.dispatchEvent(new Event("rows"));
    }
    [search, verdict.select, role.select].forEach(function (control) { control.addEventListener("input", apply); });
    reset.addEventListener("click", function () {
      search.value = ""; verdict.select.value = ""; role.select.value = "";
      apply();
    });
    [frame, verdict.frame, role.frame, reset, shown].forEach(function (part) { bar.appendChild(part); });
    bar.hidden = false;
    apply();
  }

  /* One sample at a time, where there are many */
  function table(caption, heads, rows) {
    var box = make("div", { "class": "scroll", role: "region", tabindex: "0", "aria-label": caption });
    var element = make("table", { "class": "grid sortable" });
    element.appendChild(make("caption", {}, caption));
    var line = element.createTHead().insertRow();
    heads.forEach(function (head, column) {
      line.appendChild(make("th", { scope: "col", "class": head[1] ? "num" : "", "data-sort": head[1] ? "num" : "text", "data-col": column }, head[0]));
    });
    var body = element.createTBody();
    rows.forEach(function (cells) {
      var row = body.insertRow();
      cells.forEach(function (value, column) {
        var cell = make(column ? "td" : "th", column ? {} : { scope: "row" }), written = Array.isArray(value);
        cell.textContent = written ? value[0] : value === null ? words.missing : String(value);
        if (written && value[2]) {
          cell.textContent = "";
          cell.appendChild(make("span", { lang: value[2] }, words.asInTable + " " + value[0]));
        }
        if (heads[column][1]) {
          cell.className = "num";
          if (!written) cell.textContent = cell.textContent.replace("-", "\u2212");
          var exact = written ? value[1] : value;
          if (typeof exact === "number" || (written && exact !== "")) cell.dataset.v = exact;
        }
        row.appendChild(cell);
      });
    });
    box.appendChild(element);
    element.dataset.ready = "yes";
    sortable(element);
    if (heads.length > 3) {
      element.classList.add("cards");
      heads.forEach(function (head, column) {
        if (column) element.style.setProperty("--h" + (column + 1), cssString(head[0]));
      });
      cards(element);
    }
    return box;
  }

  /* A packed table: a cell is the place of its text, or [place, exact value], or [place, "", language of the text] */
  function unpacked(packed, texts, i) {
    return packed.rows[i].map(function (row) {
      return row.map(function (cell) { return Array.isArray(cell) ? [texts[cell[0]], cell[1], cell[2]] : [texts[cell], ""]; });
    });
  }

  function oneSample() {
    var content = data("compact"), bar = document.getElementById("one-sample");
    if (!content || !bar) return;
    var place = document.getElementById("one-sample-tables");
    var meaning = { "++": "detected", "--": "not_detected", "//": "not_searched", "??": "not_assessable" };
    var picker = choice(words.sample, content.samples.map(function (name, i) {
      return [i, (i + 1) + ". " + name + " (" + content.verdicts[i] + ")"];
    }));
    function show() {
      var i = Number(picker.select.value);
      place.textContent = "";
      var list = content.contributions[i].map(function (entry) {
        var term = content.terms[entry[0]];
        return [term[0], term[1], entry[1], entry[2], term[2]];
      });
      if (list.length) {
        place.appendChild(table(words.account.replace("{sample}", content.samples[i]),
          [[words.quantity], [words.term], [words.value, true], [words.contribution, true], [words.text]], list));
      } else {
        place.appendChild(make("p", { "class": "empty" }, words.noAccount));
      }
      content.tables.forEach(function (packed) {
        var rows = unpacked(packed, content.texts, i), caption = packed.caption.replace("{sample}", content.samples[i]);
        place.appendChild(rows.length ? table(caption, packed.heads, rows)
          : make("p", { "class": "empty" }, caption + ": " + packed.empty));
      });
      content.panels.forEach(function (panel) {
        var rows = [];
        panel.genes.forEach(function (gene, k) {
          var code = panel.cells[k].substr(2 * i, 2);
          if (code === "  ") return;
          var status = words.statuses[meaning[code] || "detected"];
          rows.push([gene, panel.accessions[k], status[0] + " " + status[1], meaning[code] ? null : code === "**" ? 100 : Number(code)]);
        });
        var fold = make("details", { "class": "category" });
        fold.appendChild(make("summary", {}, panel.title));
        fold.appendChild(table(words.markers.replace("{title}", panel.title),
          [[words.gene], [words.accession], [words.status], [words.percentile, true]], rows));
        place.appendChild(fold);
      });
    }
    picker.select.addEventListener("input", show);
    bar.appendChild(picker.frame);
    bar.hidden = false;
    document.querySelectorAll("#accounts .needs-script").forEach(function (note) { note.remove(); });
    show();
  }

  /* A link into something folded opens it */
  function unfold() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  }

  /* Print: everything folded is opened, tables with a column per sample are divided to fit the sheet */
  var ACROSS = 14, opened = [], divided = [], patterned = [];
  function divide(table) {
    var heads = table.tHead.rows[0].cells, named = table.tHead.querySelector("th.name");
    var lead = table.classList.contains("markers") ? 2 : named ? named.cellIndex : 0;
    if (!lead || heads.length - lead <= ACROSS) return;
    var box = make("div", { "class": "divided" });
    for (var start = lead; start < heads.length; start += ACROSS) {
      var copy = table.cloneNode(true);
      copy.removeAttribute("id");
      Array.prototype.forEach.call(copy.rows, function (row) {
        for (var c = row.cells.length - 1; c >= lead; c -= 1) if (c < start || c >= start + ACROSS) row.deleteCell(c);
      });
      box.appendChild(copy);
    }
    table.parentNode.appendChild(box);
    table.classList.add("replaced");
    divided.push([table, box]);
  }
  /* a printer's file holds every patterned surface as a picture of its own, megabytes of them: tints take their place */
  function tinted() {
    document.querySelectorAll(".plot path").forEach(function (path) {
      var pattern = path.style.fill;
      if (pattern.indexOf("url(") !== 0) return;
      var group = path.closest("g.trace, g.traces"), of = group && group.__data__ && group.__data__[0];
      if (!of || !of.trace || !of.trace.meta) return;
      path.style.fill = of.trace.meta;
      patterned.push([path, pattern]);
    });
  }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".plot").forEach(draw);
    tinted();
    if (document.body.dataset.print !== "as-opened") {
      document.querySelectorAll("details:not([open])").forEach(function (fold) { fold.open = true; opened.push(fold); });
    }
    document.querySelectorAll("table.markers, table.grid").forEach(divide);
  });
  window.addEventListener("afterprint", function () {
    patterned.splice(0).forEach(function (pair) { pair[0].style.fill = pair[1]; });
    opened.splice(0).forEach(function (fold) { fold.open = false; });
    divided.splice(0).forEach(function (pair) { pair[1].remove(); pair[0].classList.remove("replaced"); });
  });

  /* Tables are made sortable when they can be seen: those that are folded, when they are opened */
  function ready(table) {
    if (table.dataset.ready) return;
    table.dataset.ready = "yes";
    if (table.classList.contains("sortable")) {
      sortable(table);
      paged(table);
    }
    if (table.classList.contains("cards")) cards(table);
  }
  var TABLES = "table.sortable, table.cards";
  document.querySelectorAll(TABLES).forEach(function (table) {
    if (!table.closest("details:not([open])")) ready(table);
  });
  document.addEventListener("toggle", function (event) {
    if (event.target.open) event.target.querySelectorAll(TABLES).forEach(ready);
  }, true);
  filtering();
  oneSample();
  drawing();
  contents();
  window.addEventListener("hashchange", unfold);
  unfold();
})();
