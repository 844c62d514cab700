// Makes figures interactive: each keeps its static picture until the interactive one is drawn at the available width.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const NARROW = 560; // px; below it panels are stacked
  const PANEL = 230; // px; minimum width of a panel next to others

  // Sets the width of the plots; `plot` is the width of one, measured by drawing once to see the space for labels and gaps.
  function fit(spec, room, plot) {
    if (room < NARROW) ((spec.config ??= {}).legend ??= {}).columns = 1;
    if (spec.facet) {
      spec.columns = Math.max(1, Math.min(spec.columns ?? 1, Math.floor(room / PANEL)));
      spec.spec.width = plot ?? Math.floor(room / spec.columns) - 70;
    } else {
      spec.width = plot ?? room - 70;
    }
    return spec;
  }

  async function draw(figure, text) {
    const room = figure.clientWidth;
    if (!room || figure.dataset.room === String(room)) return;
    figure.dataset.room = String(room);
    let stage, plot;
    for (let pass = 0; pass < 6; pass += 1) {
      stage = document.createElement("div");
      const spec = fit(JSON.parse(text), room, plot);
      await vegaEmbed(stage, spec, { actions: false, renderer: "svg" });
      const spare = room - Number(stage.querySelector("svg").getAttribute("width"));
      if (spare >= 0 && spare < 8) break;
      const step = Math.floor(spare / (spec.facet ? spec.columns : 1));
      plot = (spec.facet ? spec.spec : spec).width + (step < 0 ? step - 2 : step);
    }
    figure.replaceChildren(stage);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const figures = [...document.querySelectorAll(".reo-figure")];
    if (!figures.length) return;
    const vega = document.createElement("script");
    vega.src = new URL("vega.js", here).href;
    vega.onload = () => {
      for (const box of figures) {
        const figure = box.querySelector("figure");
        const text = box.querySelector("script")?.textContent;
        if (!text) continue; // a picture without its data
        new ResizeObserver(() => draw(figure, text)).observe(figure);
      }
    };
    document.head.append(vega);
  });
})();
