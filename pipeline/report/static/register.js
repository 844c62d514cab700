// The register's filters, its status as of two days, its order and its CSV. Without this script the page is a plain table.
"use strict";

// The status of an act on the day `on`, by documents dated by `asOf`: null where the act was not known then. The same rules
// as register_as_of in pipeline/measures/helpers; `first` is the day on which the register was first recorded.
function statusOn(act, asOf, on, first) {
  if (act.a > asOf) return null;
  const NEVER = "2100-01-01", DAY = 864e5;
  let governing = null;
  if (act.l) {
    const held = act.l.filter(line => asOf < first || line[5] <= asOf).map(line => line.slice());
    held.forEach((line, i) => {
      const next = held[i + 1];
      if (!next || next[4] <= asOf) return;
      // An end that only repeats the start of a line not documented yet is not known yet.
      const days = (Date.parse(next[2]) - Date.parse(line[3])) / DAY;
      if (days === -1 || days === 0) line[3] = NEVER;
    });
    const last = new Map();
    held.filter(line => line[4] <= asOf).forEach(line => { last.delete(line[0]); last.set(line[0], line); });
    const lines = [...last.values()];
    lines.forEach((line, i) => {
      const later = lines.slice(i + 1).reduce((least, other) => (other[2] < least ? other[2] : least), NEVER);
      const stop = line[3] < later ? line[3] : later;
      if (line[2] < stop && line[2] <= on && on < stop) governing = line[6];
    });
  }
  if (act.a > on && governing === null) return null;
  if (act.l) return governing || "unknown";
  return act.c.filter(piece => piece[0] <= on).pop()[1];
}

(() => {
  const source = document.getElementById("register-data");
  if (!source) return;
  const known = JSON.parse(source.textContent);
  const byId = id => document.getElementById(id);
  const form = byId("register-form"), body = byId("acts").tBodies[0], count = byId("count");
  const rows = [...body.rows], on = byId("on"), asOf = byId("as-of"), bars = [...document.querySelectorAll("rect[data-year]")];
  const filters = [...form.querySelectorAll("select[data-filter]")], newest = asOf.value;

  function shown() {
    const day = on.value && on.value < asOf.value ? on.value : asOf.value || newest;
    const wanted = byId("by-words").value.trim().toLowerCase();
    return rows.filter(row => {
      const status = statusOn(known.acts[row.id], asOf.value || newest, day, known.first);
      row.cells[6].textContent = status === null ? "not known" : known.words[status] || status;
      const fits = filters.every(filter => !filter.value || (filter.dataset.filter === "status"
        ? status === filter.value
        : row.dataset[filter.dataset.filter].split(";").map(code => code.trim()).includes(filter.value)));
      const visible = status !== null && fits && (!wanted || row.cells[1].textContent.toLowerCase().includes(wanted));
      row.hidden = !visible;
      return visible;
    });
  }

  function update() {
    const visible = shown(), years = new Map();
    visible.forEach(row => { const year = row.cells[0].textContent.slice(0, 4); years.set(year, (years.get(year) || 0) + 1); });
    const most = Math.max(1, ...years.values());
    bars.forEach(bar => {
      const acts = years.get(bar.dataset.year) || 0, height = 60 * acts / most;
      bar.setAttribute("height", height);
      bar.setAttribute("y", 64 - height);
      bar.firstElementChild.textContent = `${bar.dataset.year}: ${acts}`;
    });
    const day = on.value && on.value < asOf.value ? on.value : asOf.value || newest;
    count.textContent = `${visible.length} of ${rows.length} acts, with their status on ${day} by documents dated by ${asOf.value || newest}.`;
    const chosen = filters.filter(filter => filter.value).map(filter => `${filter.dataset.filter}=${encodeURIComponent(filter.value)}`);
    history.replaceState(null, "", location.pathname + (chosen.length ? `?${chosen.join("&")}` : "") + location.hash);
  }

  function sortable(head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      [...head.parentNode.cells].forEach(cell => cell.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const text = row => row.cells[column].textContent;
      rows.sort((a, b) => (up ? 1 : -1) * text(a).localeCompare(text(b), "en"));
      body.append(...rows);
    });
  }

  function csv() {
    // Text that a spreadsheet would run as a formula begins with an apostrophe.
    const cell = text => `"${text.replace(/^([=+@-])/, "'$1").replaceAll('"', '""')}"`;
    const heads = ["event_id", ...[...byId("acts").tHead.rows[0].cells].map(head => head.textContent.trim())];
    const lines = [heads, ...rows.filter(row => !row.hidden).map(row => [row.id, ...[...row.cells].map(item => item.textContent)])];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.map(line => line.map(cell).join(",")).join("\n") + "\n"], { type: "text/csv" }));
    link.download = "policy-acts.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  form.hidden = false;
  [...byId("acts").tHead.rows[0].cells].forEach(sortable);
  const asked = new URLSearchParams(location.search);
  filters.forEach(filter => { if (asked.has(filter.dataset.filter)) filter.value = asked.get(filter.dataset.filter); });
  form.addEventListener("input", update);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  byId("csv").addEventListener("click", csv);
  update();
})();
