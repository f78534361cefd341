import { createHash } from 'node:crypto';

/** How a report looks on a screen and on A4 paper: the colours of the pages, but always dark on light. */
export const REPORT_STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#f5f6f8;color:#1a1d21;overflow-wrap:anywhere;font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
header,section{background:#fff;border:1px solid #d5dae0;border-radius:.6rem;padding:1.1rem 1.25rem;margin-bottom:1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.1rem 0 .5rem}
h2{font-size:1.2rem;margin:0 0 .6rem}
p{margin:0 0 .6rem}
section>:last-child,header>:last-child{margin-bottom:0}
.kicker,.quiet,figcaption,dt{color:#59616b}
.kicker{margin:0;font-size:.9em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.8rem 0 0}
dd{margin:0}
p.reading{margin-top:.9rem;border-left:.3rem solid #7a4b00;padding-left:.75rem}
main:has(#end) .reading{display:none}
.big{font-size:1.15rem;font-weight:600}
figure{margin:0 0 1rem;overflow-x:auto}
figcaption{font-size:.9em;margin-bottom:.4rem}
svg{display:block;width:100%;min-width:34rem;max-width:48rem;height:auto;font-family:inherit}
.scroll{overflow-x:auto;margin-bottom:.6rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4}
caption{text-align:left;color:#59616b;padding-bottom:.3rem}
th,td{overflow-wrap:break-word;text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0}
th:last-child,td:last-child{padding-right:0}
thead th{border-bottom:2px solid #868f99;vertical-align:bottom}
tbody th{font-weight:400}
tbody tr{border-bottom:1px solid #d5dae0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
thead .number{white-space:normal}
.amounts{width:auto;min-width:min(100%,32rem)}
.findings tbody{border-bottom:1px solid #868f99}
.findings tbody tr{border-bottom:0}
.findings .because td{padding-top:0}
.nowrap{white-space:nowrap}
.long,.because td{overflow-wrap:anywhere}
.evidence{display:block;color:#59616b;font-size:.94em}
code{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.92em}
summary{cursor:pointer;color:#1f4e79}
@page{size:A4;margin:15mm 14mm 17mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#59616b}}
@media print{
body{background:#fff;font-size:9.5pt}
main{max-width:none;padding:0}
header,section{border:0;border-radius:0;padding:0;margin:0 0 7mm}
h1{font-size:16pt}
h2{font-size:12.5pt}
h1,h2,figcaption,caption{break-after:avoid}
table{font-size:8.5pt}
thead{display:table-header-group}
tr,figure,.findings tbody,#end{break-inside:avoid}
.scroll{overflow:visible}
details{display:none}
figure{overflow:visible}
svg{min-width:0;max-width:none}
table{line-height:1.3}
.evidence{display:inline}
}
`;

/** Names the style in a content security policy, so that this style alone applies. */
export const REPORT_STYLE_SOURCE = `'sha256-${createHash('sha256').update(REPORT_STYLE).digest('base64')}'`;
