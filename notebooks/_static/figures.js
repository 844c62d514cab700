// Makes the figures live: each keeps its static picture until its live one is drawn to the width there is.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const NARROW = 560; // px; below it panels stand one under the other
  const PANEL = 250; // px; the least a panel needs beside others

  function fit(spec, room) {
    const narrow = room < NARROW;
    if (narrow) {
      const legend = (spec.config ??= {}).legend ??= {};
      legend.columns = 1;
    }
    if (spec.facet) {
      const columns = Math.max(1, Math.min(spec.columns ?? 1, Math.floor(room / PANEL)));
      spec.columns = columns;
      spec.spec.width = Math.floor(room / columns) - (narrow ? 62 : 72);
    } else if (spec.vconcat) {
      for (const part of spec.vconcat) part.width = room - 90;
    } else {
      spec.width = room;
      spec.autosize = { type: "fit", contains: "padding" };
      if (typeof spec.height === "object") spec.autosize.type = "fit-x";
    }
    return spec;
  }

  async function draw(figure, text) {
    const room = figure.clientWidth;
    if (!room || figure.dataset.room === String(room)) return;
    figure.dataset.room = String(room);
    const stage = document.createElement("div");
    await vegaEmbed(stage, fit(JSON.parse(text), room), { actions: false, renderer: "svg" });
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
        const text = box.querySelector("script").textContent;
        new ResizeObserver(() => draw(figure, text)).observe(figure);
      }
    };
    document.head.append(vega);
  });
})();
