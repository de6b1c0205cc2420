import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createInternalToken, mountService, type Actor } from '@stratalab/kernel';
import { createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { control } from '../index.ts';

const admin = testActor({ subject: '<b>root</b>', isAdministrator: true });
const editor = testActor({ subject: 'ed', tenants: { demo: 'editor' } });

describe('the administration page of the Hub', () => {
  let host: TestHost;
  /** Codes the Hub would accept, with whose they are and the verifier they were asked with. */
  const codes = new Map<string, Actor>();
  const seen: { state: string; verifier: string }[] = [];
  const get = (path: string, headers: Record<string, string> = {}) => host.request(undefined, 'GET', path, undefined, headers);
  const cookieOf = (answer: { readonly headers: Readonly<Record<string, unknown>> }, name: string): string => {
    const lines = [answer.headers['set-cookie']].flat().map(String);
    return lines.find(line => line.startsWith(`${name}=`) && !line.includes('Max-Age=0')) ?? '';
  };
  const bare = (cookie: string): string => cookie.split(';')[0] ?? '';
  /** Signs in as a browser does, and answers the session cookie. */
  const signIn = async (actor: Actor, query = '') => {
    codes.set('code', actor);
    const sent = await get(`/admin/${query}`);
    const back = await get(`/oauth_callback?code=code&state=${seen.at(-1)?.state ?? ''}`, { cookie: bare(cookieOf(sent, 'stratalab-admin-sign-in')) });
    return { back, cookie: bare(cookieOf(back, 'stratalab-admin')) };
  };
  beforeAll(async () => {
    host = await createTestHost({
      services: [
        mountService(control, {
          ...fakeControlPorts(),
          administrationPage: {
            publicPath: '/services/stratalab/',
            isSecure: true,
            files: { read: async name => (name.startsWith('administration.') ? Buffer.from(`/* ${name} */`) : undefined) },
            signIn: {
              authorizeUrl: request => {
                seen.push(request);
                return `/hub/api/oauth2/authorize?state=${request.state}`;
              },
              redeem: async ({ code, verifier }) => {
                const actor = verifier === seen.at(-1)?.verifier ? codes.get(code) : undefined;
                codes.delete(code);
                return actor === undefined ? undefined : createInternalToken(actor, host.internalKey, new Date());
              }
            }
          }
        })
      ]
    });
  });
  afterAll(() => host.close());

  test('who has no session is sent to the Hub and comes back to the place that was asked for', async () => {
    const sent = await get('/admin/?tab=quotas');
    expect(sent.status).toBe(302);
    expect(cookieOf(sent, 'stratalab-admin-sign-in')).toMatch(/HttpOnly; SameSite=Lax; Secure; Max-Age=600$/);
    const { back, cookie } = await signIn(admin, '?tenant=lab&tab=quotas');
    expect(back.headers['location']).toBe('/services/stratalab/admin/?tenant=lab&tab=quotas');
    expect(cookieOf(back, 'stratalab-admin')).toMatch(/Path=\/services\/stratalab\/admin\/; HttpOnly; SameSite=Lax; Secure$/);
    const page = await get('/admin/', { cookie });
    expect(page.status).toBe(200);
    expect(page.text).toContain('&lt;b&gt;root&lt;/b&gt;');
    expect(page.text).not.toContain('<b>root</b>');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['cache-control']).toBe('no-store');
  });

  test('T67 the cookie is no credential: the API answers 401 to it', async () => {
    const { cookie } = await signIn(admin);
    expect((await get('/api/control/v1/tenants', { cookie })).status).toBe(401);
  });

  test('T66 neither a script nor a frame of this origin gets the page with its token', async () => {
    const { cookie } = await signIn(admin);
    for (const destination of ['empty', 'iframe', 'embed']) {
      const answer = await get('/admin/', { cookie, 'sec-fetch-dest': destination });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('jupyter-config-data');
    }
  });

  test('an answer of the Hub counts only in the browser that asked, and only once', async () => {
    codes.set('code', admin);
    const sent = await get('/admin/');
    const state = seen.at(-1)?.state ?? '';
    expect((await get(`/oauth_callback?code=code&state=${state}`)).status).toBe(400);
    const cookie = bare(cookieOf(sent, 'stratalab-admin-sign-in'));
    expect((await get('/oauth_callback?code=code&state=other', { cookie })).status).toBe(400);
    expect((await get(`/oauth_callback?code=code&state=${state}`, { cookie })).status).toBe(302);
    const again = await get(`/oauth_callback?code=code&state=${state}`, { cookie });
    expect(again.status).toBe(403);
    expect(cookieOf(again, 'stratalab-admin')).toBe('');
  });

  test('a member who decides nothing is told whom to ask; a changed cookie is no session', async () => {
    const { cookie } = await signIn(editor);
    const refused = await get('/admin/', { cookie });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Ask an administrator');
    const changed = cookie.replace(/.{8}$/, 'AAAAAAAA');
    expect((await get('/admin/', { cookie: changed })).status).toBe(302);
  });

  test('files of the page are served with their type, other names and paths are not', async () => {
    expect((await get('/admin/administration.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await get('/admin/..%2f..%2fpackage.json')).status).toBe(404);
    expect((await get('/admin/other.js')).status).toBe(404);
    expect((await get('/admin')).headers['location']).toBe('/services/stratalab/admin/');
  });
});
