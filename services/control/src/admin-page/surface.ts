import { randomBytes } from 'node:crypto';
import type { Actor, HttpParts } from '@stratalab/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AdministrationPage } from '../ports.ts';
import { administrationHtml, contentSecurityPolicy, noticeHtml } from './html.ts';
import { createCookieSeal, readCookie, writeCookie, type CookieSeal } from './sealed-cookie.ts';

const sessionCookie = 'stratalab-admin';
const stateCookie = 'stratalab-admin-sign-in';
const signInSeconds = 600;
const config = { protocolSurface: 'administration-page' };

/** A sign-in on its way, sealed into the browser's cookie. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  /** Query string of the page that was asked for. */
  readonly query: string;
}

/**
 * Serves the administration page of the Hub under `admin/`. Cookies only carry a page load: they hold the person's sealed token, which the page
 * then sends as a bearer credential like every client. No route of the API looks at a cookie, so no other site can act through one.
 */
export function serveAdministrationPage(app: FastifyInstance, parts: HttpParts, page: AdministrationPage): void {
  const seal = createCookieSeal();
  const served = { parts, page, seal };
  app.route({ method: 'GET', url: '/admin', config, handler: async (_request, reply) => reply.redirect(`${page.publicPath}admin/`) });
  app.route({ method: 'GET', url: '/admin/', config, handler: async (request, reply) => openPage(request, reply, served) });
  app.route({ method: 'GET', url: '/oauth_callback', config, handler: async (request, reply) => finishSignIn(request, reply, served) });
  app.route<{ Params: { name: string } }>({
    method: 'GET',
    url: '/admin/:name',
    config,
    handler: async (request, reply) => sendFile(request.params.name, reply, page)
  });
}

interface Served {
  readonly parts: HttpParts;
  readonly page: AdministrationPage;
  readonly seal: CookieSeal;
}

async function openPage(request: FastifyRequest, reply: FastifyReply, served: Served): Promise<FastifyReply> {
  const { page, seal } = served;
  const destination = request.headers['sec-fetch-dest'];
  // The page carries a token: a script of another page of this origin must not fetch it, nor frame it.
  if (destination !== undefined && destination !== 'document') return notice(reply, 403, ['This page cannot be loaded from inside another', 'Open it in a tab of its own.']);
  const token = seal.open(readCookie(request.headers.cookie, sessionCookie));
  const actor = token === undefined ? undefined : await served.parts.identity.identify(token, AbortSignal.timeout(10_000));
  if (token === undefined || actor === undefined) return beginSignIn(request, reply, served);
  if (!isAdministrating(actor)) {
    const home = { href: `${page.publicPath.replace(/services\/[^/]+\/$/, '')}hub/home`, label: 'Back to the Hub' };
    return notice(reply, 403, ['You do not look after any tenant', 'Ask an administrator for the role admin in a tenant.'], home);
  }
  if ((await page.files.read('administration.js')) === undefined) return notice(reply, 503, ['The page is not built yet', 'Start Stratalab with npm start, which builds it.']);
  return html(reply, 200, administrationHtml({ publicPath: page.publicPath, user: actor.subject, token }));
}

function beginSignIn(request: FastifyRequest, reply: FastifyReply, { page, seal }: Served): FastifyReply {
  const pending: Pending = { state: randomBytes(32).toString('base64url'), verifier: randomBytes(32).toString('base64url'), query: request.url.split('?')[1] ?? '' };
  const cookie = writeCookie({ name: stateCookie, value: seal.seal(JSON.stringify(pending)), path: page.publicPath, isSecure: page.isSecure, maxAgeSeconds: signInSeconds });
  return reply.header('set-cookie', cookie).redirect(page.signIn.authorizeUrl(pending));
}

/** The browser comes back from the Hub: only with the state that this browser was sent away with, only once. */
async function finishSignIn(request: FastifyRequest, reply: FastifyReply, { parts, page, seal }: Served): Promise<FastifyReply> {
  const again = { href: `${page.publicPath}admin/`, label: 'Try again' };
  const pending = readPending(seal.open(readCookie(request.headers.cookie, stateCookie)));
  const { state, code } = readAnswer(request.query);
  const forget = writeCookie({ name: stateCookie, value: '', path: page.publicPath, isSecure: page.isSecure, maxAgeSeconds: 0 });
  void reply.header('set-cookie', forget);
  if (pending === undefined || code === undefined || state !== pending.state) {
    return notice(reply, 400, ['This sign-in is not valid any more', 'It was started in another browser, or too long ago.'], again);
  }
  const token = await page.signIn.redeem({ code, verifier: pending.verifier });
  // A token that the platform itself would not accept must not start the round again: it would never end.
  const actor = token === undefined ? undefined : await parts.identity.identify(token, AbortSignal.timeout(10_000));
  if (token === undefined || actor === undefined) return notice(reply, 403, ['The Hub did not sign you in', 'Sign in at the Hub, then open this page again.'], again);
  const session = writeCookie({ name: sessionCookie, value: seal.seal(token), path: `${page.publicPath}admin/`, isSecure: page.isSecure });
  return reply.header('set-cookie', [forget, session]).redirect(`${page.publicPath}admin/${pending.query === '' ? '' : `?${pending.query}`}`);
}

function isAdministrating(actor: Actor): boolean {
  return actor.isAdministrator || Object.values(actor.tenants).includes('admin');
}

function readAnswer(query: unknown): { readonly state: string | undefined; readonly code: string | undefined } {
  if (typeof query !== 'object' || query === null) return { state: undefined, code: undefined };
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return { state: 'state' in query ? text(query.state) : undefined, code: 'code' in query ? text(query.code) : undefined };
}

function readPending(text: string | undefined): Pending | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('state' in value) || !('verifier' in value) || !('query' in value)) return undefined;
  const { state, verifier, query } = value;
  return typeof state === 'string' && typeof verifier === 'string' && typeof query === 'string' ? { state, verifier, query } : undefined;
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

async function sendFile(name: string, reply: FastifyReply, page: AdministrationPage): Promise<FastifyReply> {
  const type = types[name.split('.').at(-1) ?? ''];
  const content = type === undefined ? undefined : await page.files.read(name);
  if (type === undefined || content === undefined) return notice(reply, 404, ['There is no such page', 'Look at the address again.']);
  // A name with a hash never changes its content.
  const isHashed = /\.[0-9a-f]{8,}\.\w+$/.test(name);
  return reply
    .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    .type(type)
    .send(content);
}

function notice(reply: FastifyReply, status: number, [title, sentence]: readonly [string, string], link?: { readonly href: string; readonly label: string }): FastifyReply {
  return html(reply, status, noticeHtml(title, sentence, link));
}

function html(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', contentSecurityPolicy)
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('cross-origin-resource-policy', 'same-origin')
    .type('text/html; charset=utf-8')
    .send(text);
}
