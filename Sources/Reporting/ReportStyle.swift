/// How the page looks: on wide and narrow screens, light and dark, and on paper.
enum ReportStyle {
  static let css = """
    :root { color-scheme: light dark; --text: #1c1e21; --muted: #5c6470; --rule: #c9ced6; --back: #ffffff;
      --soft: #f3f5f8; --link: #0b5cad; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e6e8eb; --muted: #a2a9b4; --rule: #454b55; --back: #16181c; --soft: #21242a;
        --link: #7db7f0; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem clamp(0.9rem, 3vw, 2.5rem) 4rem; max-width: 1240px;
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
      color: var(--text); background: var(--back); }
    h1 { font-size: clamp(1.4rem, 4vw, 1.9rem); line-height: 1.2; margin: 0 0 0.6rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.3rem; margin: 2.6rem 0 0.8rem; padding-bottom: 0.25rem;
      border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; }
    header p, section > p, dd { max-width: 75ch; }
    a { color: var(--link); }
    nav { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 1rem 0; padding: 0.7rem 1rem;
      background: var(--soft); border-radius: 6px; font-size: 0.92rem; }
    .scroll { overflow-x: auto; margin: 0.8rem 0 0.4rem; }
    table { border-collapse: collapse; font-size: 0.86rem; line-height: 1.35;
      font-variant-numeric: tabular-nums; border-bottom: 2px solid var(--text); }
    h3 { font-size: 0.97rem; margin: 1.4rem 0 0.4rem; overflow-wrap: anywhere; }
    thead { border-top: 2px solid var(--text); border-bottom: 1px solid var(--text); }
    th, td { padding: 0.2rem 0.5rem; text-align: left; vertical-align: top; white-space: nowrap; }
    th { font-weight: 600; vertical-align: bottom; }
    th:first-child, td:first-child { padding-left: 0.15rem; }
    .number { text-align: right; }
    .long { white-space: normal; overflow-wrap: anywhere; min-width: 16rem; max-width: 46rem; }
    .first { padding-left: 1.1rem; }
    th.group { text-align: center; padding-left: 1.1rem; border-bottom: 1px solid var(--rule); }
    tbody tr.section:not(:first-child) { border-top: 1px solid var(--rule); }
    tbody tr:hover { background: var(--soft); }
    tr.quoted { color: var(--muted); font-style: italic; }
    .interval { color: var(--muted); font-size: 0.92em; }
    .note, figcaption { color: var(--muted); font-size: 0.88rem; max-width: 90ch; margin: 0.3rem 0; }
    figure { margin: 1.2rem 0 1.8rem; }
    figure .scroll { background: #ffffff; border-radius: 6px; }
    figure svg { display: block; width: 100%; min-width: 640px; max-width: 1000px; height: auto; color: #000000; }
    figure svg text, figure svg tspan { font-family: "Helvetica Neue", Helvetica, Arial, sans-serif; }
    details { margin: 0.5rem 0; border: 1px solid var(--rule); border-radius: 6px; padding: 0 0.9rem; }
    details > summary { cursor: pointer; padding: 0.45rem 0; font-weight: 600; font-size: 0.95rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.2rem; margin: 0.8rem 0; }
    dt { font-weight: 600; }
    dd { margin: 0; }
    @media (max-width: 600px) {
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 0.5rem; } }
    @page { size: A4 landscape; margin: 12mm; }
    @media print {
      :root { color-scheme: light; --text: #000000; --muted: #444444; --rule: #bbbbbb; --back: #ffffff;
        --soft: #ffffff; }
      body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.35; }
      h1 { font-size: 16pt; }
      h2 { font-size: 12pt; margin: 1.2rem 0 0.4rem; }
      h3 { font-size: 9pt; }
      nav { display: none; }
      .scroll { overflow: visible; }
      table { font-size: 7.6pt; max-width: 100%; }
      th, td { padding: 0.08rem 0.28rem; }
      .first, th.group { padding-left: 0.5rem; }
      h2, h3, summary { break-after: avoid; }
      figure, tr { break-inside: avoid; }
      figure { margin: 0.5rem 0; }
      figure svg { min-width: 0; width: auto; max-width: 100%; max-height: 150mm; }
      .note, figcaption { font-size: 8pt; max-width: none; }
      details { border: 0; padding: 0; }
      details::details-content { content-visibility: visible; display: block; height: auto; }
      details > summary { list-style: none; font-size: 9pt; padding: 0.4rem 0 0; } }

    """
}
