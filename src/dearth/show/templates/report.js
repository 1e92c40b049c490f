// Downloads, and live charts where they come into view. Without script every chart stays a picture.
(async () => {
  // figures, specifications and Vega are deflated; every browser since 2023 unpacks them itself
  const unpacked = (id) => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };
  const payload = JSON.parse(await unpacked("payload"));
  const place = document.body.dataset.case;

  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const savePng = (name, svg) => {
    const image = new Image();
    const url = URL.createObjectURL(new Blob([svg.outerHTML], { type: "image/svg+xml" }));
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * svg.width.baseVal.value;
      canvas.height = 2 * svg.height.baseVal.value;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob((blob) => save(name, "image/png", blob), "image/png");
    };
    image.src = url;
  };

  // a long table has its first rows in the page; the rest are added when it is first opened
  document.querySelectorAll("figure details.table").forEach((details) => details.addEventListener("toggle", () => {
    const rest = payload[details.closest("figure").dataset.key].rest;
    if (!details.open || !rest.rows.length || details.dataset.whole) return;
    details.dataset.whole = "yes";
    const body = details.querySelector("tbody");
    for (const cells of rest.rows) {
      const row = body.insertRow();
      cells.forEach((text, i) => {
        const cell = row.insertCell();
        cell.textContent = text;
        if (rest.numeric.includes(i)) cell.className = "n";
      });
    }
    details.querySelector(".rest")?.remove();
  }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-save]");
    if (!button) return;
    const figure = button.closest("figure");
    const key = figure.dataset.key;
    const name = `${place}-${key}.${button.dataset.save}`;
    if (button.dataset.save === "csv") save(name, "text/csv;charset=utf-8", "\ufeff" + payload[key].csv);
    else if (button.dataset.save === "png") savePng(name, figure.querySelector(".static svg"));
    else save(name, "image/svg+xml", figure.querySelector(".static svg").outerHTML);
  });

  if (!document.getElementById("vega")) return;
  const vega = document.createElement("script");
  vega.textContent = await unpacked("vega");
  document.head.append(vega);
  if (!window.vegaEmbed) return;
  const noNetwork = { load: () => Promise.reject(new Error("no network")), sanitize: (uri) => Promise.resolve({ href: uri }) };
  // on a narrow screen panels stand below each other and are as wide as the screen allows
  const NARROW = 640, WIDEST = 250, LEAST = 90;
  const narrowed = (part, width) => {
    if (typeof part.width === "number") part.width = Math.min(part.width, width);
    if (part.hconcat) {
      part.vconcat = part.hconcat;
      delete part.hconcat;
    }
    if (part.facet && !part.facet.row && !part.facet.column) part.columns = 1;
    for (const inner of [...(part.vconcat || []), ...(part.concat || []), ...(part.layer || []), ...(part.spec ? [part.spec] : [])]) narrowed(inner, width);
    return part;
  };
  const drawNarrow = async (live, spec, options, box) => {
    const copy = (width) => {
      const part = narrowed(structuredClone(spec), width);
      delete part.title; // the caption below the chart says the same
      part.config.axis = { ...part.config.axis, labelLimit: 110 };
      part.config.legend = { ...part.config.legend, columns: 1, labelLimit: 200 };
      return part;
    };
    await window.vegaEmbed(live, copy(WIDEST), options);
    live.hidden = false;
    const over = live.querySelector("svg").getBoundingClientRect().width - (box.clientWidth - 24);
    if (over > 0) await window.vegaEmbed(live, copy(Math.max(LEAST, WIDEST - over)), options);
    const svg = live.querySelector("svg"); // what is still too wide is drawn smaller
    svg.style.maxWidth = "100%";
    svg.style.height = "auto";
  };
  const draw = async (figure) => {
    const live = figure.querySelector(".live");
    const still = figure.querySelector(".static");
    // the place of the picture stays as high as it was, so that what is below does not move
    figure.querySelector(".drawing").style.minHeight = `${still.offsetHeight}px`;
    const options = { actions: false, renderer: "svg", loader: noNetwork };
    const spec = payload[figure.dataset.key].spec;
    if (innerWidth >= NARROW) await window.vegaEmbed(live, spec, options);
    else await drawNarrow(live, spec, options, figure.querySelector(".drawing"));
    live.hidden = false;
    still.style.display = "none";
    figure.dataset.live = "yes";
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target).catch((error) => console.warn(`the chart stays a picture: ${error.message}`));
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll("figure[data-key]").forEach((figure) => seen.observe(figure));
})();
