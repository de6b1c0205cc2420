/** Scripts and requests of this origin only; never inside another page. Styles may be inline because Lab's style library writes them so. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => escapes[character] ?? '');
}

/** JSON that cannot end the script element it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

export interface PageFacts {
  /** Path of the service as browsers see it, with slashes around it. */
  readonly publicPath: string;
  readonly user: string;
  readonly token: string;
}

/** The administration page; its script finds the token where Lab's own page has it. */
export function administrationHtml({ publicPath, user, token }: PageFacts): string {
  const hub = `${publicPath.replace(/services\/[^/]+\/$/, '')}hub/`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Administration · Stratalab</title>
<link rel="stylesheet" href="administration.css">
<script id="jupyter-config-data" type="application/json">${scriptJson({ stratalabUrl: publicPath, token, hubPrefix: hub })}</script>
<script defer src="administration.js"></script>
</head>
<body data-jp-theme-name="system">
<nav class="jp-Strata-hubBar"><a href="${hub}home">Stratalab</a><span>${escapeHtml(user)}</span><a href="${hub}logout">Sign out</a></nav>
<main id="stratalab-administration" class="jp-Strata"></main>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}

/** A page with one sentence and, where there is one, a way on. */
export function noticeHtml(title: string, sentence: string, link?: { readonly href: string; readonly label: string }): string {
  const way = link === undefined ? '' : `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)} · Stratalab</title></head>
<body style="font-family: system-ui, sans-serif; max-width: 36rem; margin: 10vh auto; padding: 0 16px"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p>${way}</body></html>
`;
}
