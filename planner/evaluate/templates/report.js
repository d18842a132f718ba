"use strict";
// The list of episodes: unpacks its data on demand, filters, and tells each episode's story in text nodes only.
(() => {
  const PAGE = 40;
  const byId = (id) => document.getElementById(id);
  const section = byId("episodes");
  const form = byId("filters");
  const list = byId("list");
  const cache = new Map();

  function make(tag, cls, ...children) {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    for (const child of children) if (child !== null && child !== undefined && child !== "") node.append(child);
    return node;
  }

  function unpack(id) {
    if (!cache.has(id)) {
      const text = atob(byId(id).textContent);
      const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      cache.set(id, new Response(stream).json());
    }
    return cache.get(id);
  }

  // Wilson score interval at 95 %, as in the tables above
  function wilson(k, n) {
    const z = 1.959963984540054, p = k / n, d = 1 + z * z / n;
    const middle = (p + z * z / (2 * n)) / d;
    const half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d;
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  }

  const number = (x, digits = 2) => (x === null || x === undefined ? "–" : x.toFixed(digits).replace("-", "−"));
  const plural = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

  function start(index) {
    const names = ["planner", "suite", "family", "outcome", "blame", "status"];
    const rows = index.rows.map((r, i) => ({
      i, line: r[0], planner: r[1], suite: r[2], family: r[3], outcome: r[4], blame: r[5], status: r[6],
      task: r[7], seed: r[8], said: r[9], cause: r[10], media: r[11],
      find: `${r[9]} ${r[7]} ${r[10]}`.toLowerCase(),
    }));
    for (const name of names) {
      const select = form.elements[name];
      select.append(new Option("all", ""));
      index[name].forEach((label, i) => {
        const count = rows.filter((r) => r[name] === i).length;
        if (count) select.append(new Option(`${label} (${count.toLocaleString("en")})`, String(i)));
      });
    }
    rows.sort((a, b) => a.outcome - b.outcome || b.media - a.media || a.i - b.i);
    const good = index.outcome.indexOf("success"), unjudged = index.outcome.indexOf("not judged");
    let shown = [], until = 0;

    function filter() {
      const wanted = names.map((n) => [n, form.elements[n].value]).filter(([, v]) => v !== "");
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const media = form.elements.media.value;
      shown = rows.filter((r) => wanted.every(([n, v]) => r[n] === Number(v)) && (!media || r.media)
        && words.every((w) => r.find.includes(w)));
      const judged = shown.filter((r) => r.outcome !== unjudged), k = judged.filter((r) => r.outcome === good).length;
      let text = `${plural(shown.length, "episode")} of ${rows.length.toLocaleString("en")}`;
      if (judged.length) {
        const [low, high] = wilson(k, judged.length).map((x) => Math.round(100 * x));
        text += `; success ${Math.round(100 * k / judged.length)} % (${low}–${high} %, ${k} of ${judged.length})`;
      }
      byId("count").textContent = text + (shown.length ? "" : ". Nothing fits; loosen a filter.");
      list.replaceChildren();
      until = 0;
      more();
    }

    function more() {
      for (const row of shown.slice(until, until + PAGE)) list.append(entry(index, row));
      until += PAGE;
      byId("more").hidden = until >= shown.length;
    }

    byId("more").addEventListener("click", more);
    form.addEventListener("input", filter);
    form.addEventListener("reset", () => setTimeout(filter, 0));
    form.addEventListener("submit", (e) => e.preventDefault());
    filter();
    const wanted = /^#line-(\d+)$/.exec(location.hash);
    const row = wanted && rows.find((r) => r.line === Number(wanted[1]));
    if (row) {
      const node = entry(index, row);
      list.prepend(node);
      node.firstChild.click();
      node.scrollIntoView();
    }
  }

  function entry(index, row) {
    const outcome = index.outcome[row.outcome];
    const meta = [index.planner[row.planner], `${index.suite[row.suite]} / ${row.task}`, `seed ${row.seed}`,
      index.family[row.family]];
    if (row.media) meta.push("pictures");
    const blame = row.blame < 0 ? "" : `${index.blame[row.blame]}, ${row.cause}`;
    const button = make("button", "", make("span", "mark", outcome),
      make("span", "", make("span", "said", row.said), make("span", "meta", meta.join(" · ")),
        blame ? make("span", "meta", blame) : null));
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    const node = make("article", `episode o-${outcome.replace(/ /g, "-")}`, button);
    button.addEventListener("click", async () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
      if (open) {
        node.lastChild.remove();
        return;
      }
      const story = make("div", "story");
      node.append(story);
      const pack = await unpack(`stories-${Math.floor(row.i / index.together)}`);
      tell(story, pack[row.i % index.together], row, index);
      if (row.media) pictures(story, await unpack(`media-${row.i}`));
    });
    return node;
  }

  function pairs(parent, rows) {
    const node = make("dl", "pairs");
    for (const [label, value] of rows) {
      if (value === undefined || value === null || value === "" || value.length === 0) continue;
      node.append(make("dt", "", label), make("dd", "", value instanceof Node ? value : String(value)));
    }
    parent.append(node);
  }

  const code = (text) => (text ? make("code", "", text) : null);
  const failed = (f) => make("p", "failline", `${f.kind || "Replanned"}${f.blame ? ` (${f.blame})` : ""}: ${f.detail}`
    + (f.unmet ? `; unmet: ${f.unmet.join(", ")}` : ""));

  function tell(story, e, row, index) {
    const judge = e.judge === undefined ? "did not judge" : e.judge ? "the goal is reached"
      : `the goal is not reached${e.untrue ? `; untrue: ${e.untrue.join(", ")}` : ""}`;
    pairs(story, [
      ["Ended", `${index.status[row.status]}${e.reason ? `: ${e.reason}` : ""}`],
      ["Ground truth", judge + (e.broken ? `; forbidden but so: ${e.broken.join(", ")}` : "")],
      ["Wanted", e.expect && e.expect !== "success" ? `to be ${e.expect === "ask" ? "asked about" : "refused"}` : ""],
      ["True goal", code(e.true_goal)],
      ["Planner's goal", code(e.goal)],
      ["Forbidden", code((e.forbidden || []).join(", "))],
      ["The person means", e.intent],
      ["Collateral", (e.collateral || []).join(", ")],
      ["Misperceived", (e.misperceived || []).join("; ")],
      ["Program error at", e.error],
      ["Symbolic walk", e.plan ? walk(e.plan) : ""],
    ]);
    (e.attempts || []).forEach((a, i) => attempt(story, a, i, e.attempts.length));
    if (e.dialogue) {
      story.append(make("h4", "", "Questions"));
      pairs(story, e.dialogue.map((d) => [d.question, d.answer === null ? "(no answer)" : d.answer]));
    }
    if (e.notes) story.append(make("p", "small", e.notes.join(" · ")));
    const c = e.cost;
    story.append(make("p", "small", `Thinking ${number(c.thinking_s)} s, acting ${number(c.acting_s)} s; `
      + `${plural(c.lm_calls, "LM call")}, ${plural(c.tokens, "token")}, ${plural(c.replans, "replan")}, `
      + `${plural(c.questions, "question")}, ${plural(c.ticks, "control tick")}. Digest ${e.digest}.`));
    const line = section.dataset.line === "1" ? ` --line ${row.line}` : "";
    story.append(make("p", "small", "Again: ", make("code", "", `groundplan replay ${section.dataset.file}${line}`)));
  }

  function walk(plan) {
    if (plan.reached) return "the first plan reaches the true goal";
    if (plan.broken !== null) return `step ${plan.broken + 1}, ${plan.steps[plan.broken]}, could not start: ${plan.unmet.join(", ")}`;
    return `the first plan would leave unmet: ${[...plan.unmet, ...(plan.forbidden || [])].join(", ") || "the goal"}`;
  }

  function attempt(story, a, i, count) {
    const d = a.decision;
    const did = d.act ? `acts${d.repaired ? ", on a repaired plan" : ""}` : d.ask ? "asks" : "refuses";
    story.append(make("h4", "", count > 1 ? `Attempt ${i + 1}: it ${did}` : `It ${did}`));
    if (d.ask) story.append(make("p", "", d.ask, d.options && d.options.length ? ` (${d.options.join(" / ")})` : ""));
    if (d.refuse) story.append(failed(d.refuse));
    if (a.notes) story.append(make("p", "small", a.notes.join(" · ")));
    if (a.proposals) {
      story.append(plot("Proposals", a.proposals.map((p, n) => ({
        label: (p.steps || []).join(", ") || "(no step)", under: [p.goal ? `goal ${p.goal}` : "", p.verdict].filter(Boolean).join(" · "),
        lm: p.lm, affordance: p.affordance, combined: p.combined, chosen: d.proposal === n,
      }))));
    }
    if (a.steps) {
      const steps = make("ol", "steps");
      for (const s of a.steps) steps.append(step(s, a));
      story.append(steps);
    }
    if (a.skipped) story.append(make("p", "small", `Not needed any more: ${a.skipped.join(", ")}`));
    if (a.failure && !(a.steps || []).some((s) => s.failure)) story.append(failed(a.failure));
  }

  function step(s, a) {
    const item = make("li", "");
    item.value = s.index + 1;
    item.append(make("span", "stepname", s.step), " ");
    const factors = Object.entries(s.affordance.factors || {}).map(([k, v]) => `${k} ${typeof v === "number" ? number(v) : v}`);
    const ticks = s.ticks === undefined ? "the record ends here" : plural(s.ticks, "tick");
    item.append(make("span", "small", `affordance ${number(s.affordance.value)}${factors.length ? ` (${factors.join(", ")})` : ""}; ${ticks}`));
    const evidence = make("div", "");
    for (const [literal, measured] of s.evidence || []) {
      evidence.append(make("span", `literal ${measured === null ? "unknown" : measured ? "yes" : "no"}`, literal));
    }
    item.append(evidence);
    if (s.failure) item.append(failed(s.failure));
    const rows = rivals(s, a);
    if (rows.length) {
      const more = make("details", "", make("summary", "small", "scores at this step"), plot("Candidates here", rows));
      item.append(more);
    }
    return item;
  }

  // what else the model would have done at this point: the proposals that agree on everything before it
  function rivals(s, a) {
    const planned = (a.decision.act || [])[s.index];
    if (!planned) return [];
    const before = a.decision.act.slice(0, s.index).map((p) => p.step).join(";");
    const found = new Map();
    found.set(s.step, { label: s.step, under: planned.source === "lm" ? "" : `added by ${planned.source}`, lm: planned.lm,
      affordance: s.affordance.value, combined: planned.lm === null ? null : planned.lm + Math.log(Math.max(s.affordance.value, 1e-6)), chosen: true });
    for (const p of a.proposals || []) {
      const steps = p.steps || [], other = steps[s.index];
      if (!other || found.has(other) || steps.slice(0, s.index).join(";") !== before) continue;
      found.set(other, { label: other, under: p.verdict, lm: (p.step_lm || [])[s.index], affordance: null, combined: null });
    }
    return [...found.values()];
  }

  function plot(title, rows) {
    const node = make("div", "plot");
    const best = (key) => Math.max(...rows.map((r) => r[key]).filter((x) => typeof x === "number"));
    const tops = { lm: best("lm"), combined: best("combined") };
    const heads = [["lm", "LM"], ["affordance", "Affordance"], ["combined", "Combined"]];
    node.append(make("span", "head wide", title));
    for (const [, label] of heads) node.append(make("span", "head", label));
    node.title = "LM and combined scores are log-probabilities; their bars show exp(score − best). Affordance runs from 0 to 1.";
    for (const r of rows) {
      const chosen = r.chosen ? " chosen" : "";
      node.append(make("span", `label${chosen}`, r.label, r.under ? make("span", "verdict", r.under) : null));
      for (const [key] of heads) {
        const value = r[key];
        const known = typeof value === "number";
        const share = !known ? 0 : key === "affordance" ? value : Math.exp(value - tops[key]);
        node.append(make("span", `cell${chosen}`, bar(share), make("span", known ? "" : "soft", number(value))));
      }
    }
    return node;
  }

  function bar(share) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("viewBox", "0 0 100 10");
    svg.setAttribute("preserveAspectRatio", "none");
    for (const [cls, width] of [["track", 100], ["fill", 100 * share]]) {
      const rect = document.createElementNS(ns, "rect");
      rect.setAttribute("class", cls);
      rect.setAttribute("width", String(width));
      rect.setAttribute("height", "10");
      svg.append(rect);
    }
    return svg;
  }

  function pictures(story, media) {
    const strip = make("div", "strip");
    for (const [caption, data] of media.strip) {
      const image = make("img", "");
      image.src = `data:image/jpeg;base64,${data}`;
      image.alt = caption;
      strip.append(make("figure", "", image, make("figcaption", "", caption)));
    }
    const video = make("video", "");
    if (media.video) {
      video.controls = video.muted = video.loop = video.playsInline = true;
      video.preload = "metadata";
      if (media.strip.length) video.poster = `data:image/jpeg;base64,${media.strip[media.strip.length - 1][1]}`;
      video.src = `data:video/mp4;base64,${media.video}`;
    }
    const place = story.querySelector("h4");
    const nodes = [strip, media.video ? video : null, media.note ? make("p", "warning", media.note) : null].filter(Boolean);
    if (place) place.before(...nodes);
    else story.append(...nodes);
  }

  if (typeof DecompressionStream === "undefined") {
    byId("count").textContent = "This browser is too old to unpack the episodes (it lacks DecompressionStream).";
    return;
  }
  unpack("index").then(start).catch((error) => {
    byId("count").textContent = `The episodes cannot be shown: ${error}`;
  });
})();
