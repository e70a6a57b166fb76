namespace FlexTls;

/// <summary>The style of the pages: light or dark as the reader's system, and one column on a phone.</summary>
internal static class PageCss
{
    public const string Text = """
        :root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1b1f24; --muted: #59636e;
          --line: #dde1e6; --link: #0a58ca; --good: #17742f; --good-back: #e3f5e8; --warn: #8a5a00;
          --warn-back: #fdf0cf; --bad: #b3261e; --bad-back: #fde7e5; --info: #0a58ca; --info-back: #e3eefc; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #101317; --card: #181c22; --text: #e4e8ed; --muted: #9aa5b1; --line: #2c333c;
            --link: #7ab0ff; --good: #6fd08c; --good-back: #14301d; --warn: #e8bd5a; --warn-back: #372a0c;
            --bad: #ff9a92; --bad-back: #401916; --info: #8fbcff; --info-back: #162a47; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 110rem; padding: 1.5rem; background: var(--back); color: var(--text);
          font: 0.875rem/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        h1 { margin: 0; font-size: 1.5rem; line-height: 1.2; }
        h2 { margin: 1.75rem 0 0.5rem; font-size: 1.125rem; }
        h3 { margin: 1.25rem 0 0.4rem; font-size: 0.875rem; }
        p { margin: 0.35rem 0; }
        small { display: block; margin-top: 0.15rem; font-size: 0.8125rem; color: var(--muted); }
        a { color: var(--link); }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        .muted { color: var(--muted); }
        .lead { margin-top: 1.25rem; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .name { font-weight: 600; }
        .kind { display: inline; }

        .counts { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0 0; padding: 0; list-style: none; }
        .count { display: block; padding: 0.35rem 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem;
          background: var(--card); color: var(--text); text-decoration: none; }
        .count b { font-size: 1rem; }
        .count:hover { border-color: currentColor; }
        .count[aria-current] { border-color: currentColor; box-shadow: inset 0 0 0 1px currentColor; }
        .count.good b, .left.good { color: var(--good); }
        .count.warn b, .left.warn { color: var(--warn); }
        .count.bad b, .left.bad { color: var(--bad); }
        .count.info b { color: var(--info); }
        .badge { display: inline-block; padding: 0.05rem 0.5rem; border-radius: 1rem; font-size: 0.8125rem;
          font-weight: 600; overflow-wrap: normal; }
        .badge.good { color: var(--good); background: var(--good-back); }
        .badge.warn { color: var(--warn); background: var(--warn-back); }
        .badge.bad { color: var(--bad); background: var(--bad-back); }
        .badge.info { color: var(--info); background: var(--info-back); }

        .findings { margin: 0; padding: 0; list-style: none; }
        .findings li { margin: 0.35rem 0; padding: 0.6rem 0.8rem; border: 1px solid var(--line);
          border-radius: 0.5rem; background: var(--card); }
        .place, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.8125rem; }
        .place { color: var(--muted); }

        [role=table], [role=table] > * { display: block; }
        [role=table] > caption { margin-bottom: 0.5rem; text-align: left; color: var(--muted); }
        [role=table] > tbody { margin-bottom: 0.5rem; border: 1px solid var(--line); border-radius: 0.5rem;
          overflow: clip; background: var(--card); content-visibility: auto; contain-intrinsic-size: auto 8rem; }
        [role=table] > .bad { box-shadow: inset 3px 0 0 var(--bad); }
        [role=table] > .warn { box-shadow: inset 3px 0 0 var(--warn); }
        [role=table] > .info { box-shadow: inset 3px 0 0 var(--info); }
        [role=row] { display: grid; gap: 0.75rem 1.25rem; padding: 0.75rem 1rem; align-items: start;
          grid-template-columns:
            minmax(0, 1.5fr) minmax(0, 1.4fr) minmax(0, 1.6fr) minmax(0, 1.4fr) minmax(0, 1.7fr) 5.25rem 7.5rem; }
        [role=row].more { display: block; margin-top: -0.25rem; padding: 0 1rem 0.6rem; }
        [role=row] > * { display: block; padding: 0; text-align: left; font-weight: normal; }
        [role=table] > thead { position: sticky; z-index: 1; top: 0; background: var(--back); }
        thead [role=row] { padding: 0.5rem 1rem; border: 1px solid transparent; }
        thead [role=row] > * { font-size: 0.8125rem; color: var(--muted); }

        svg { display: block; }
        .bar { width: 100%; max-width: 9rem; height: 0.3rem; margin: 0.3rem 0; border-radius: 0.15rem; }
        .bar .all { fill: var(--line); }
        .bar.good { fill: var(--good); }
        .bar.warn { fill: var(--warn); }
        .bar.bad { fill: var(--bad); }
        .hour { width: 7.5rem; height: 1.5rem; }
        .hour path { fill: none; stroke-width: 1.5; }
        .hour .axis { stroke: var(--line); stroke-width: 1; }
        .hour .made { stroke: var(--good); }
        .hour .failed { stroke: var(--bad); }

        summary { display: inline-block; cursor: pointer; font-size: 0.8125rem; color: var(--link); }
        summary::before { content: "\25B8\00A0"; }
        [open] > summary::before { content: "\25BE\00A0"; }
        dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0; }
        dt { color: var(--muted); }
        dt::first-letter { text-transform: uppercase; }
        dd { grid-column: 2; margin: 0; }
        pre { margin: 0.35rem 0; padding: 0.6rem 0.8rem; border-radius: 0.5rem; background: var(--back);
          white-space: pre-wrap; }
        .failures { margin-top: 1.25rem; border-collapse: collapse; width: 100%; }
        .failures caption { margin-bottom: 0.4rem; text-align: left; font-weight: 600; }
        .failures th, .failures td { padding: 0.25rem 1rem 0.25rem 0; border-top: 1px solid var(--line);
          text-align: left; vertical-align: top; font-weight: normal; }
        .failures tr > :not(:last-child) { white-space: nowrap; }
        .failures thead th { color: var(--muted); }

        @media (max-width: 64rem) {
          [role=table] > thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          [role=table] > tbody { contain-intrinsic-size: auto 20rem; }
          [role=row] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          [role=rowheader] { grid-column: 1 / -1; }
          [role=cell][data-column]::before { content: attr(data-column); display: block; font-size: 0.75rem;
            color: var(--muted); }
        }
        @media (max-width: 40rem) {
          body { padding: 1rem; }
          [role=row], dl { grid-template-columns: minmax(0, 1fr); }
          dd { grid-column: 1; margin-bottom: 0.3rem; }
          .failures thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .failures, .failures caption, .failures tbody, .failures tr, .failures tr > * { display: block; }
          .failures td::before { content: attr(data-column) ": "; color: var(--muted); }
          .failures th { font-weight: 600; }
          .failures td { border-top: 0; }
        }

        """;
}
