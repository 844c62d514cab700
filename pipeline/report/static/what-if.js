// The scenario picker: rows computed beforehand, each choice offers only what was computed with the choices before it.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("what-if-data").textContent);
  const form = document.getElementById("what-if");
  const words = document.getElementById("what-if-words");
  const result = document.getElementById("what-if-result");
  const rows = data.choices.flatMap((choice) =>
    Object.entries(data.goods)
      .filter(([goods]) => data.losses[`${choice.scenario} ${goods}`])
      .map(([goods, name]) => ({ ...choice, goods: name, key: `${choice.scenario} ${goods}` })));
  const fields = ["who", "from", "cut", "goods", "added"];
  const percent = (tenths) => `${(tenths / 10).toFixed(tenths < 100 ? 1 : 0)}\u00a0%`;
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  // Fills the selects in turn and returns the one row left.
  function narrow() {
    let left = rows;
    for (const field of fields) {
      const select = form.elements[field];
      const values = [...new Set(left.map((row) => row[field]))];
      const kept = values.includes(select.value) ? select.value : values[0];
      select.replaceChildren(...values.map((value) => element("option", value)));
      select.value = kept;
      left = left.filter((row) => row[field] === kept);
    }
    return left[0];
  }

  function show() {
    const row = narrow();
    const losses = data.losses[row.key];
    const [country, , lost, after] = losses[0];
    words.textContent = `If ${row.who} withheld ${row.cut} of its ${row.goods} from ${row.from} and others added ${row.added}: `
      + `of the largest users ${country} would lose most, ${percent(lost)} of its use, ${percent(after)} after others add.`;
    const table = document.createElement("table");
    table.append(element("caption", `Part of its use that each of the ${losses.length} largest users would lose`));
    const head = table.createTHead().insertRow();
    for (const name of ["Country", "Directly", "In all", "After others add", ""]) {
      head.append(Object.assign(element(name ? "th" : "td", name), name ? { scope: "col" } : {}));
    }
    const body = table.createTBody();
    for (const [name, direct, all, left] of losses) {
      const line = body.insertRow();
      line.append(Object.assign(element("th", name), { scope: "row" }));
      for (const value of [direct, all, left]) line.append(Object.assign(element("td", percent(value)), { className: "n" }));
      const bar = Object.assign(element("span", ""), { className: "bar" });
      bar.style.width = `${all / 10}%`;
      const cell = Object.assign(element("td", ""), { className: "bars" });
      cell.append(bar);
      line.append(cell);
    }
    const region = Object.assign(document.createElement("div"), { className: "scroll", tabIndex: 0 });
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", "Losses by country (scrolls sideways on small screens)");
    region.append(table);
    result.replaceChildren(region);
  }

  if (!rows.length) return;
  const first = rows.find((row) => row.key === `${data.chosen.scenario} ${data.chosen.goods}`) ?? rows[0];
  for (const field of fields) {
    form.elements[field].append(element("option", first[field]));
    form.elements[field].value = first[field];
  }
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
