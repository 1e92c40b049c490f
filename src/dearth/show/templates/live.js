// The rate method and the identification table, computed in the page; the state of the controls is in the address.
(() => {
  const live = JSON.parse(document.getElementById("live").textContent);
  const texts = live.texts;
  const say = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // numbers of persons as the page writes them; the same rounding as in Python
  const persons = (value) => {
    const size = Math.abs(value);
    const step = texts.numbers === "ten thousands"
      ? (size >= 1e6 ? 1e5 : size >= 1e5 ? 1e3 : size >= 1e4 ? 1e2 : 1)
      : (size >= 1e5 ? 1e3 : size >= 1e4 ? 1e2 : 1);
    const rounded = Math.round(value / step) * step + 0;
    const large = Math.abs(rounded);
    if (texts.numbers === "ten thousands") {
      if (large >= 1e8) return `${Number((rounded / 1e8).toPrecision(3))}亿`;
      if (large >= 1e4) return `${Number((rounded / 1e4).toPrecision(10)).toLocaleString("en")}万`;
    } else if (large >= 1e6) return `${(rounded / 1e6).toFixed(1)} million`;
    return rounded.toLocaleString("en", { maximumFractionDigits: 0 });
  };
  const percent = (share) => `${Number((100 * share).toFixed(1))} %`;

  // ---- the rate method ----
  const fitted = (years, values, targets) => {
    const mean = (of) => of.reduce((a, b) => a + b, 0) / of.length;
    const middle = mean(years), level = mean(values);
    const spread = years.reduce((sum, t) => sum + (t - middle) ** 2, 0);
    const slope = years.reduce((sum, t, i) => sum + (t - middle) * values[i], 0) / spread;
    return targets.map((t) => level + slope * (t - middle));
  };
  const normalRates = (baseline, years, rates) => {
    if (baseline.kind === "constant") return years.map(() => baseline.rate);
    const known = baseline.years.map((year) => rates[years.indexOf(year)]);
    if (["level", "mean", "mean2"].includes(baseline.kind)) {
      const mean = known.reduce((a, b) => a + b, 0) / known.length;
      return years.map(() => mean);
    }
    if (baseline.kind === "loglinear") return fitted(baseline.years, known.map(Math.log), years).map(Math.exp);
    return fitted(baseline.years, known, years);
  };
  const yearsOf = (text) => text.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const assumed = (data, set) => {
    const share = data.years.map((year) => (data.crisis.includes(year) ? set.famine : set.before));
    const rates = data.death_rate.map((rate, i) => (rate === null ? null : rate / share[i]));
    const preset = data.presets.find((one) => one.name === set.normal);
    const normal = normalRates(preset || { kind: "constant", rate: Number(set.normal) }, data.years, rates);
    const window = yearsOf(set.window);
    const rows = data.years.map((year, i) => ({
      year, registered: data.deaths[i], deaths: data.deaths[i] === null ? null : data.deaths[i] / share[i],
      normal: data.people[i] === null ? null : normal[i] * data.people[i] / 1000, inside: window.includes(year),
    }));
    const inside = rows.filter((row) => row.inside);
    const excess = inside.reduce((sum, row) => sum + row.deaths - row.normal, 0);
    const people = data.years.reduce((sum, year, i) => sum + (window.includes(year) ? data.people[i] : 0), 0);
    const rate = 1000 * inside.reduce((sum, row) => sum + row.normal, 0) / people;
    let births = null;
    if (data.deficit) {
      const born = data.birth_rate.map((one) => (one === null ? null : one / set.births));
      const usual = normalRates({ ...data.deficit, years: data.deficit.normal }, data.years, born);
      births = data.deficit.years.reduce((sum, year) => {
        const i = data.years.indexOf(year);
        return sum + usual[i] * data.people[i] / 1000 - data.births[i] / set.births;
      }, 0);
    }
    return { rows, excess, rate, births };
  };

  // ---- drawings: plain marks, text of 12 px ----
  const svg = (width, height, parts) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">${parts.join("")}</svg>`;
  const line = (points, look) => `<polyline fill="none" ${look} points="${points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ")}"/>`;
  const text = (x, y, words, look = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${look}></text>`.replace("></text>", `>${words.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`);
  const drawYears = (box, result) => {
    const width = Math.max(260, box.clientWidth), height = 240, left = 62, bottom = 24, top = 10;
    const rows = result.rows.filter((row) => row.deaths !== null && row.normal !== null);
    const first = rows[0].year, last = rows[rows.length - 1].year;
    const most = Math.max(...rows.map((row) => Math.max(row.deaths, row.normal)));
    const x = (year) => left + (width - left - 12) * (year - first) / Math.max(1, last - first);
    const y = (value) => height - bottom - (height - bottom - top) * value / most;
    const inside = rows.filter((row) => row.inside);
    const area = [...inside.map((row) => [x(row.year), y(row.deaths)]), ...inside.slice().reverse().map((row) => [x(row.year), y(row.normal)])];
    const step = Math.max(1, Math.ceil((last - first) / Math.max(1, Math.floor((width - left) / 55))));
    const parts = [0, 0.5, 1].map((part) => `<line x1="${left}" x2="${width - 12}" y1="${y(most * part)}" y2="${y(most * part)}" stroke="#e4e4e4"/>` + text(left - 6, y(most * part) + 4, persons(most * part).replace(" million", " m"), 'text-anchor="end" fill="#444"'));
    parts.push(`<polygon fill="#D55E00" opacity="0.25" points="${area.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ")}"/>`);
    parts.push(line(rows.map((row) => [x(row.year), y(row.normal)]), 'stroke="#0072B2" stroke-width="2" stroke-dasharray="5 3"'));
    parts.push(line(rows.map((row) => [x(row.year), y(row.deaths)]), 'stroke="#D55E00" stroke-width="2.5"'));
    rows.forEach((row) => parts.push(`<circle cx="${x(row.year).toFixed(1)}" cy="${y(row.registered).toFixed(1)}" r="3" fill="#1c1c1c"/>`));
    for (let year = first; year <= last; year += step) parts.push(text(x(year), height - 6, String(year), 'text-anchor="middle" fill="#444"'));
    box.innerHTML = svg(width, height, parts);
  };
  const drawStrip = (box, marks, value) => {
    const width = Math.max(260, box.clientWidth), height = 64, left = 8;
    const all = [...marks.map((mark) => mark.value), value, 0];
    const low = Math.min(...all), high = Math.max(...all);
    const x = (one) => left + (width - 2 * left) * (one - low) / Math.max(1, high - low);
    const colours = { published: "#777777", scenario: "#0072B2", register: "#009E73" };
    const parts = [`<line x1="${left}" x2="${width - left}" y1="34" y2="34" stroke="#bbb"/>`];
    marks.forEach((mark) => parts.push(`<line x1="${x(mark.value).toFixed(1)}" x2="${x(mark.value).toFixed(1)}" y1="26" y2="42" stroke="${colours[mark.kind]}" stroke-width="2"><title>${mark.label.replace(/&/g, "&amp;").replace(/</g, "&lt;")}: ${persons(mark.value)}</title></line>`));
    parts.push(`<path d="M${x(value).toFixed(1)},36l-6,-12h12Z" fill="#D55E00"/>`);
    const end = x(value) > width / 2 ? "end" : "start";
    parts.push(text(x(value), 16, `${texts["assume.you"]}: ${persons(value)}`, `text-anchor="${end}" fill="#8f3d00" font-weight="bold"`));
    parts.push(text(left, 58, persons(low), 'fill="#444"'), text(width - left, 58, persons(high), 'text-anchor="end" fill="#444"'));
    box.innerHTML = svg(width, height, parts);
  };

  // ---- the address ----
  const address = (section, set) => `#${section}&${Object.entries(set).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&")}`;
  const fromAddress = (section) => {
    const [name, ...parts] = location.hash.slice(1).split("&");
    if (name !== section || !parts.length) return null;
    return Object.fromEntries(parts.map((part) => part.split("=").map(decodeURIComponent)));
  };
  const shares = {};
  document.querySelectorAll("button[data-share]").forEach((button) => button.addEventListener("click", async () => {
    const link = location.href.split("#")[0] + shares[button.dataset.share]();
    history.replaceState(null, "", link);
    try { await navigator.clipboard.writeText(link); } catch { /* the link stands in the page for copying by hand */ }
    button.parentElement.querySelector(".link").textContent = say("assume.copied", { link });
  }));
  const wire = (box, read) => {
    const fields = Object.fromEntries([...box.querySelectorAll("[data-set]")].map((one) => [one.dataset.set, one]));
    const shown = Object.fromEntries([...box.querySelectorAll("[data-show]")].map((one) => [one.dataset.show, one]));
    Object.values(fields).forEach((one) => one.addEventListener("input", () => read(one.dataset.set)));
    return { fields, shown };
  };
  const option = (select, value, label) => select.add(new Option(label, value));

  const startAssume = (data) => {
    const box = document.getElementById("assume-controls");
    box.hidden = false;
    const set = { ...data.start, before: data.start.before ?? 1, famine: data.start.famine ?? 1 };
    const { fields, shown } = wire(box, (key) => { read(key); update(true); });
    data.presets.forEach((one) => option(fields.preset, one.name, one.label));
    option(fields.preset, "", texts["assume.hand"]);
    data.windows.forEach((one) => option(fields.window, one, one));
    const registered = assumed(data, { ...set, before: 1, famine: 1 });
    fields.rate.min = 0;
    fields.rate.max = Math.ceil(Math.max(2.5 * registered.rate, ...data.death_rate.filter((one) => one !== null)));
    const read = (key) => {
      for (const one of ["before", "famine", "births"]) set[one] = Number(fields[one].value);
      set.window = fields.window.value;
      if (key === "rate") fields.preset.value = "";
      set.normal = fields.preset.value || fields.rate.value;
    };
    const write = () => {
      for (const one of ["before", "famine", "births"]) fields[one].value = set[one];
      fields.window.value = set.window;
      fields.preset.value = data.presets.some((one) => one.name === set.normal) ? set.normal : "";
    };
    const update = (said) => {
      const result = assumed(data, set);
      fields.rate.value = result.rate;
      for (const one of ["before", "famine", "births"]) shown[one].textContent = percent(set[one]);
      shown.rate.textContent = result.rate.toFixed(1);
      const lines = [
        say("assume.said", { before: percent(set.before), famine: percent(set.famine), normal: result.rate.toFixed(1) }),
        say("assume.result", { window: set.window, excess: persons(result.excess) }),
        ...(result.births === null ? [] : [say("assume.births_result", { births: persons(result.births) })]),
      ];
      document.getElementById("assume-result").textContent = lines.join(" ");
      const nearest = data.marks.slice().sort((a, b) => Math.abs(a.value - result.excess) - Math.abs(b.value - result.excess)).slice(0, 3);
      document.getElementById("assume-nearest").textContent = nearest.length ? say("assume.nearest", { names: nearest.map((one) => `${one.label} (${persons(one.value)})`).join("; ") }) : "";
      drawYears(document.getElementById("assume-years"), result);
      drawStrip(document.getElementById("assume-strip"), data.marks, result.excess);
      box.dataset.excess = result.excess;
      if (said) history.replaceState(null, "", address("assume", set));
    };
    const follow = () => {
      const found = fromAddress("assume");
      if (!found) return;
      for (const one of ["before", "famine", "births"]) {
        const value = Number(found[one]);
        if (value > 0 && value <= 1) set[one] = value;
      }
      if (data.windows.includes(found.window)) set.window = found.window;
      if (data.presets.some((one) => one.name === found.normal) || Number(found.normal) > 0) set.normal = found.normal;
      write();
      update(false);
      document.getElementById("assume").scrollIntoView();
    };
    box.querySelector("[data-reset]").addEventListener("click", () => {
      Object.assign(set, data.start, { before: data.start.before ?? 1, famine: data.start.famine ?? 1 });
      write();
      update(true);
    });
    shares.assume = () => address("assume", set);
    write();
    update(false);
    follow();
    addEventListener("hashchange", follow);
    addEventListener("resize", () => update(false));
  };

  // ---- what a number requires ----
  const required = (data, set) => {
    const one = data.combinations.find((c) => c.births === set.births && c.path === set.path);
    const at = ([height, slope]) => height + slope * set.toll;
    return { births: one.birth_completeness, rate: at(one.normal_rate), outside: 1 / at(one.outside), inside: 1 / at(one.inside) };
  };
  const startRequired = (data) => {
    const box = document.getElementById("required-controls");
    box.hidden = false;
    const first = data.combinations[0];
    const set = { toll: data.start, births: first.births, path: first.path };
    const { fields, shown } = wire(box, () => { read(); update(true); });
    for (const key of ["births", "path"]) [...new Set(data.combinations.map((c) => c[key]))].forEach((one) => option(fields[key], one, one));
    fields.toll.min = data.low;
    fields.toll.max = data.high;
    const read = () => {
      set.toll = Number(fields.toll.value);
      set.births = fields.births.value;
      set.path = fields.path.value;
    };
    const write = () => { for (const key of ["toll", "births", "path"]) fields[key].value = set[key]; };
    const update = (said) => {
      const result = required(data, set);
      shown.toll.textContent = persons(set.toll);
      const possible = [result.births, result.outside, result.inside].every((one) => one <= 1);
      const lines = [
        say("required.said", { excess: persons(set.toll), births: percent(result.births), rate: result.rate.toFixed(1), outside: percent(result.outside), inside: percent(result.inside) }),
        say("required.rose", { ratio: (result.inside / result.outside).toFixed(2) }),
        ...(possible ? [] : [say("required.impossible")]),
      ];
      const place = document.getElementById("required-result");
      place.textContent = lines.join(" ");
      place.classList.toggle("odd", !possible);
      if (said) history.replaceState(null, "", address("required", set));
    };
    const follow = () => {
      const found = fromAddress("required");
      if (!found) return;
      if (Number.isFinite(Number(found.toll))) set.toll = Number(found.toll);
      if (data.combinations.some((c) => c.births === found.births && c.path === found.path)) Object.assign(set, { births: found.births, path: found.path });
      write();
      update(false);
      document.getElementById("required").scrollIntoView();
    };
    shares.required = () => address("required", set);
    write();
    update(false);
    follow();
    addEventListener("hashchange", follow);
  };

  if (live.rates && document.getElementById("assume-controls")) startAssume(live.rates);
  if (live.requirements && document.getElementById("required-controls")) startRequired(live.requirements);
  window.dearth = { live, assumed, required, persons };
})();
